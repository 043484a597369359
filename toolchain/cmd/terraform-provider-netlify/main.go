// Command terraform-provider-netlify is the *compatible* Netlify provider: the schema and the weaknesses of Netlify's own
// provider 0.4.4, for machines where that one cannot be downloaded. It talks to loopback only.
package main

import (
	"context"
	"flag"
	"log"

	"github.com/hashicorp/terraform-plugin-framework/providerserver"

	"github.com/allincompassing/staging-infrastructure/toolchain/netlify"
)

func main() {
	debug := flag.Bool("debug", false, "run with support for debuggers")
	flag.Parse()
	if err := providerserver.Serve(context.Background(), netlify.New, providerserver.ServeOpts{
		Address: "registry.opentofu.org/netlify/netlify",
		Debug:   *debug,
	}); err != nil {
		log.Fatal(err)
	}
}

// Command terraform-provider-supabase is the *compatible* Supabase provider: the schema and the weaknesses of Supabase's own
// provider 1.9.1, for machines where that one cannot be downloaded. It talks to loopback only.
package main

import (
	"context"
	"flag"
	"log"

	"github.com/hashicorp/terraform-plugin-framework/providerserver"

	"github.com/allincompassing/staging-infrastructure/toolchain/supabase"
)

func main() {
	debug := flag.Bool("debug", false, "run with support for debuggers")
	flag.Parse()
	if err := providerserver.Serve(context.Background(), supabase.New, providerserver.ServeOpts{
		Address: "registry.opentofu.org/supabase/supabase",
		Debug:   *debug,
	}); err != nil {
		log.Fatal(err)
	}
}

// Command terraform-provider-github is GitHub's Terraform provider, unmodified. The benchmark gives it to Terraform, so
// that Pulumi and Terraform are measured with the same provider.
package main

import (
	"github.com/hashicorp/terraform-plugin-sdk/v2/plugin"
	"github.com/integrations/terraform-provider-github/v6/github"
)

func main() {
	plugin.Serve(&plugin.ServeOpts{
		ProviderFunc: github.NewProvider("6.13.0", ""),
		ProviderAddr: "registry.terraform.io/integrations/github",
	})
}

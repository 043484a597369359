//go:build tools

package toolchain

import (
	_ "github.com/hashicorp/terraform-plugin-framework/provider"
	_ "github.com/hashicorp/terraform-plugin-framework/providerserver"
	_ "github.com/integrations/terraform-provider-github/v6/github"
	_ "github.com/netlify/open-api/v2/go/porcelain"
	_ "github.com/pulumi/pulumi-terraform-bridge/v3/dynamic"
	_ "github.com/pulumi/pulumi-terraform-bridge/v3/pkg/tfbridge"
	_ "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi"
)

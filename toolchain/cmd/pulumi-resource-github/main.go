// Command pulumi-resource-github is the provider behind the npm package @pulumi/github, built from the same upstream
// Terraform provider with the same settings. It stands in where the official plugin cannot be downloaded.
package main

import (
	"github.com/integrations/terraform-provider-github/v6/github"
	"github.com/pulumi/pulumi-terraform-bridge/v3/pkg/tfbridge"
	"github.com/pulumi/pulumi-terraform-bridge/v3/pkg/tfbridge/tokens"
	shimv2 "github.com/pulumi/pulumi-terraform-bridge/v3/pkg/tfshim/sdk-v2"
)

// version is that of @pulumi/github: the engine asks for the plugin by it.
const version = "6.15.0"

func main() {
	// The schema is only asked for when an SDK is generated, and that of @pulumi/github comes from npm.
	tfbridge.Main("github", version, provider(), []byte("{}"))
}

func provider() tfbridge.ProviderInfo {
	info := tfbridge.ProviderInfo{
		P:                       shimv2.NewProvider(github.NewProvider(version, "")()),
		Name:                    "github",
		Version:                 version,
		GitHubOrg:               "integrations",
		TFProviderModuleVersion: "v6",
		Config: map[string]*tfbridge.SchemaInfo{
			"base_url": {Default: &tfbridge.DefaultInfo{
				EnvVars: []string{"GITHUB_BASE_URL"}, Value: "https://api.github.com/",
			}},
			"token": {Default: &tfbridge.DefaultInfo{EnvVars: []string{"GITHUB_TOKEN"}}, Secret: tfbridge.True()},
		},
		Resources:                      resources(),
		DataSources:                    dataSources(),
		EnableZeroDefaultSchemaVersion: true,
		EnableAccurateBridgePreview:    true,
		EnableRawStateDelta:            true,
	}
	info.MustComputeTokens(tokens.SingleModule("github_", "index", tokens.MakeStandard("github")))
	info.SetAutonaming(255, "-")
	return info
}

// resources holds what the official plugin settles apart from the names: which resources GitHub cannot hold twice, and
// which fields replace one.
func resources() map[string]*tfbridge.ResourceInfo {
	replacedBySelection := func() *tfbridge.ResourceInfo {
		return &tfbridge.ResourceInfo{Fields: map[string]*tfbridge.SchemaInfo{
			"selected_repository_ids": {ForceNew: tfbridge.True()},
		}}
	}
	return map[string]*tfbridge.ResourceInfo{
		"github_actions_environment_secret":     {DeleteBeforeReplace: true},
		"github_actions_organization_secret":    replacedBySelection(),
		"github_codespaces_organization_secret": replacedBySelection(),
		"github_dependabot_organization_secret": replacedBySelection(),
		"github_repository_collaborator":        {DeleteBeforeReplace: true},
		"github_repository_deploy_key":          {DeleteBeforeReplace: true},
		"github_repository_autolink_reference":  {DeleteBeforeReplace: true},
	}
}

// dataSources holds the one name that does not follow from the Terraform name.
func dataSources() map[string]*tfbridge.DataSourceInfo {
	return map[string]*tfbridge.DataSourceInfo{
		"github_app": {Tok: "github:index/getGithubApp:getGithubApp"},
	}
}

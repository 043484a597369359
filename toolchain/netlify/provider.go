// Package netlify is a stand-in for Netlify's own Terraform provider, version 0.4.4, where that one cannot be downloaded.
//
// It has the same schema, with calls for what this project uses, and on purpose the same weaknesses: a variable that is gone makes
// reading fail, secret values are never read back, creating fails on an existing key, updating replaces every value of a
// key and deleting removes the key everywhere, and nothing is ever tried twice. Each has a test. What works with this
// provider must work with Netlify's; so do not make this one kinder.
package netlify

import (
	"context"
	"fmt"
	"os"

	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-framework/provider/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-log/tflog"
)

// Version is that of the provider whose behaviour this one reproduces.
const Version = "0.4.4"

const vendor = "Netlify"

const (
	tokenVariable    = "NETLIFY_API_TOKEN"
	endpointVariable = "NETLIFY_API_ENDPOINT"
	realEndpoint     = "https://api.netlify.com"
)

// New returns the provider.
func New() provider.Provider { return netlifyProvider{} }

type netlifyProvider struct{}

// providerModel is the provider's configuration.
type providerModel struct {
	Endpoint        types.String `tfsdk:"endpoint"`
	Token           types.String `tfsdk:"token"`
	DefaultTeamID   types.String `tfsdk:"default_team_id"`
	DefaultTeamSlug types.String `tfsdk:"default_team_slug"`
}

// access is what resources and data sources get from the configured provider.
type access struct {
	client client
	// teamID and teamSlug are null when no default team is configured.
	teamID, teamSlug types.String
}

func (netlifyProvider) Metadata(_ context.Context, _ provider.MetadataRequest, response *provider.MetadataResponse) {
	response.TypeName, response.Version = "netlify", Version
}

func (netlifyProvider) Schema(_ context.Context, _ provider.SchemaRequest, response *provider.SchemaResponse) {
	defaultTeam := func(what, other string) schema.StringAttribute {
		return schema.StringAttribute{
			Optional: true,
			MarkdownDescription: "The default team " + what + " to use for resources that require a team ID or a team slug. " +
				"Warning: Changing this value may not trigger recreation of resources.",
			Validators: []validator.String{stringvalidator.ConflictsWith(path.MatchRoot(other))},
		}
	}
	response.Schema = schema.Schema{Attributes: map[string]schema.Attribute{
		"endpoint": schema.StringAttribute{
			Optional:            true,
			MarkdownDescription: "Defaults to: " + realEndpoint,
		},
		"token": schema.StringAttribute{
			Optional: true, Sensitive: true,
			MarkdownDescription: "Read: https://docs.netlify.com/api/get-started/#authentication , " +
				"will use the `" + tokenVariable + "` environment variable if not set.",
		},
		"default_team_id":   defaultTeam("ID", "default_team_slug"),
		"default_team_slug": defaultTeam("slug", "default_team_id"),
	}}
}

func (netlifyProvider) Configure(
	ctx context.Context, request provider.ConfigureRequest, response *provider.ConfigureResponse,
) {
	var config providerModel
	response.Diagnostics.Append(request.Config.Get(ctx, &config)...)
	refuseUnknown(config.Endpoint, "endpoint", endpointVariable, &response.Diagnostics)
	refuseUnknown(config.Token, "token", tokenVariable, &response.Diagnostics)
	if response.Diagnostics.HasError() {
		return
	}
	endpoint := realEndpoint
	if fromEnvironment, set := os.LookupEnv(endpointVariable); set {
		endpoint = fromEnvironment
	}
	if !config.Endpoint.IsNull() {
		endpoint = config.Endpoint.ValueString()
	}
	token := os.Getenv(tokenVariable)
	if !config.Token.IsNull() {
		token = config.Token.ValueString()
	}
	if token == "" {
		response.Diagnostics.AddError("Missing Netlify API Authentication Token",
			"Set "+tokenVariable+", or the provider's `token`.")
		return
	}
	connection, err := newClient(endpoint, token)
	if err != nil {
		response.Diagnostics.AddAttributeError(path.Root("endpoint"), "Netlify API Endpoint Refused", err.Error())
		return
	}
	tflog.Info(ctx, "This is the compatible Netlify provider, not Netlify's own: it stands in for "+Version+" on loopback",
		map[string]any{"endpoint": endpoint})

	team, err := defaultTeam(ctx, connection, config)
	if err != nil {
		response.Diagnostics.AddError("Error reading Netlify team", err.Error())
		return
	}
	granted := access{client: connection}
	if team != nil {
		granted.teamID, granted.teamSlug = types.StringValue(team.ID), types.StringValue(team.Slug)
	}
	response.DataSourceData, response.ResourceData = granted, granted
}

// defaultTeam looks up the configured team, as both its ID and its slug are needed later. Nil when none is configured.
func defaultTeam(ctx context.Context, connection client, config providerModel) (*team, error) {
	if !config.DefaultTeamID.IsNull() {
		return connection.teamByID(ctx, config.DefaultTeamID.ValueString())
	}
	if !config.DefaultTeamSlug.IsNull() {
		return connection.teamBySlug(ctx, config.DefaultTeamSlug.ValueString())
	}
	return nil, nil
}

func refuseUnknown(value types.String, name, variable string, diagnostics *diag.Diagnostics) {
	if value.IsUnknown() {
		diagnostics.AddAttributeError(path.Root(name), "Unknown Netlify API "+name,
			fmt.Sprintf("The provider's `%s` must be known before the plan: set it as a plain value or by %s.", name, variable))
	}
}

func (netlifyProvider) Resources(context.Context) []func() resource.Resource {
	all := []func() resource.Resource{
		func() resource.Resource { return &environmentVariable{} },
		func() resource.Resource { return &siteBuildSettings{} },
	}
	for _, declared := range declaredResources() {
		all = append(all, func() resource.Resource { return declared })
	}
	return all
}

func (netlifyProvider) DataSources(context.Context) []func() datasource.DataSource {
	all := []func() datasource.DataSource{
		func() datasource.DataSource { return &siteSource{} },
		func() datasource.DataSource { return &sitesSource{} },
		func() datasource.DataSource { return &teamSource{} },
	}
	for _, declared := range declaredSources() {
		all = append(all, func() datasource.DataSource { return declared })
	}
	return all
}

// receive takes over what Configure granted. It is nil while Terraform validates, before the provider is configured.
func (granted *access) receive(data any, diagnostics *diag.Diagnostics) {
	if data == nil {
		return
	}
	typed, ok := data.(access)
	if !ok {
		diagnostics.AddError("Unexpected provider data", fmt.Sprintf("got %T", data))
		return
	}
	*granted = typed
}

// orDefault is the value that the user gave, else the configured default; null when there is neither.
func orDefault(given, fallback types.String) types.String {
	if given.IsNull() || given.IsUnknown() {
		return fallback
	}
	return given
}

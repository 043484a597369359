// Package supabase is a stand-in for Supabase's own Terraform provider, version 1.9.1, where that one cannot be downloaded.
//
// It has the same schema, with calls for what this project uses, and on purpose the same weaknesses: every update writes all
// declared secrets again and then deletes those that left the set; an import takes every secret of the project, without its
// value; digests are not marked secret; a new API key gets no description, and one that is gone makes reading fail. Each has
// a test. What works with this provider must work with Supabase's; so do not make this one kinder.
package supabase

import (
	"context"
	"fmt"
	"os"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-framework/provider/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-log/tflog"
)

// Version is that of the provider whose behaviour this one reproduces.
const Version = "1.9.1"

const vendor = "Supabase"

const (
	tokenVariable    = "SUPABASE_ACCESS_TOKEN"
	endpointVariable = "SUPABASE_API_ENDPOINT"
	realEndpoint     = "https://api.supabase.com"
)

// New returns the provider.
func New() provider.Provider { return supabaseProvider{} }

type supabaseProvider struct{}

// providerModel is the provider's configuration.
type providerModel struct {
	Endpoint    types.String `tfsdk:"endpoint"`
	AccessToken types.String `tfsdk:"access_token"`
}

func (supabaseProvider) Metadata(_ context.Context, _ provider.MetadataRequest, response *provider.MetadataResponse) {
	response.TypeName, response.Version = "supabase", Version
}

func (supabaseProvider) Schema(_ context.Context, _ provider.SchemaRequest, response *provider.SchemaResponse) {
	const precedence = "the provider configuration takes precedence over the environment variable."
	response.Schema = schema.Schema{Attributes: map[string]schema.Attribute{
		"endpoint": schema.StringAttribute{
			Optional: true,
			MarkdownDescription: "Supabase API endpoint. Can also be set via the `" + endpointVariable + "` environment variable. " +
				"If neither is set, defaults to `" + realEndpoint + "`. When both are specified, " + precedence,
		},
		"access_token": schema.StringAttribute{
			Optional: true, Sensitive: true,
			MarkdownDescription: "Supabase access token. Can also be set via the `" + tokenVariable + "` environment variable. " +
				"When both are specified, " + precedence + " Generate a token from the " +
				"[Supabase Dashboard](https://supabase.com/dashboard/account/tokens).",
		},
	}}
}

func (supabaseProvider) Configure(
	ctx context.Context, request provider.ConfigureRequest, response *provider.ConfigureResponse,
) {
	var config providerModel
	response.Diagnostics.Append(request.Config.Get(ctx, &config)...)
	endpoint := setting(config.Endpoint, "endpoint", endpointVariable, &response.Diagnostics)
	token := strings.TrimSpace(setting(config.AccessToken, "access_token", tokenVariable, &response.Diagnostics))
	if token == "" {
		response.Diagnostics.AddAttributeError(path.Root("access_token"), "Missing Supabase API Access Token",
			"Set "+tokenVariable+", or the provider's `access_token`.")
	}
	if response.Diagnostics.HasError() {
		return
	}
	if endpoint == "" {
		endpoint = realEndpoint
	}
	connection, err := newClient(endpoint, token)
	if err != nil {
		response.Diagnostics.AddAttributeError(path.Root("endpoint"), "Supabase API Endpoint Refused", err.Error())
		return
	}
	tflog.Info(ctx, "This is the compatible Supabase provider, not Supabase's own: it stands in for "+Version+" on loopback",
		map[string]any{"endpoint": endpoint})
	response.DataSourceData, response.ResourceData = connection, connection
}

// setting is what the configuration says, else the environment.
func setting(given types.String, name, variable string, diagnostics *diag.Diagnostics) string {
	if given.IsUnknown() {
		diagnostics.AddAttributeError(path.Root(name), "Unknown Supabase API "+name,
			fmt.Sprintf("The provider's `%s` must be known before the plan: set it as a plain value or by %s.", name, variable))
	}
	if given.IsNull() {
		return os.Getenv(variable)
	}
	return given.ValueString()
}

func (supabaseProvider) Resources(context.Context) []func() resource.Resource {
	all := []func() resource.Resource{
		func() resource.Resource { return &edgeFunctionSecrets{} },
		func() resource.Resource { return &apiKey{} },
	}
	for _, declared := range declaredResources() {
		all = append(all, func() resource.Resource { return declared })
	}
	return all
}

func (supabaseProvider) DataSources(context.Context) []func() datasource.DataSource {
	all := []func() datasource.DataSource{}
	for _, declared := range declaredSources() {
		all = append(all, func() datasource.DataSource { return declared })
	}
	return all
}

// access is what a resource gets from the configured provider.
type access struct{ client *client }

// Configure takes over the client. There is none while Terraform validates, before the provider is configured.
func (granted *access) Configure(
	_ context.Context, request resource.ConfigureRequest, response *resource.ConfigureResponse,
) {
	if request.ProviderData == nil {
		return
	}
	connection, ok := request.ProviderData.(*client)
	if !ok {
		response.Diagnostics.AddError("Unexpected provider data", fmt.Sprintf("got %T", request.ProviderData))
		return
	}
	granted.client = connection
}

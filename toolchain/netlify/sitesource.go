package netlify

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/netlify/open-api/v2/go/models"
	"github.com/netlify/open-api/v2/go/plumbing/operations"
)

// siteSource finds one site by ID, or by name within a team.
type siteSource struct{ access }

type siteModel struct {
	ID            types.String   `tfsdk:"id"`
	TeamSlug      types.String   `tfsdk:"team_slug"`
	Name          types.String   `tfsdk:"name"`
	CustomDomain  types.String   `tfsdk:"custom_domain"`
	DomainAliases []types.String `tfsdk:"domain_aliases"`
	GitDeployKey  types.String   `tfsdk:"git_deploy_key"`
}

func (*siteSource) Metadata(
	_ context.Context, request datasource.MetadataRequest, response *datasource.MetadataResponse,
) {
	response.TypeName = request.ProviderTypeName + "_site"
}

func (source *siteSource) Configure(
	_ context.Context, request datasource.ConfigureRequest, response *datasource.ConfigureResponse,
) {
	source.receive(request.ProviderData, &response.Diagnostics)
}

func (*siteSource) Schema(_ context.Context, _ datasource.SchemaRequest, response *datasource.SchemaResponse) {
	response.Schema = schema.Schema{Attributes: map[string]schema.Attribute{
		"id": schema.StringAttribute{
			Optional: true, Computed: true,
			Validators: []validator.String{stringvalidator.AtLeastOneOf(path.MatchRoot("name"))},
		},
		"name": schema.StringAttribute{Optional: true, Computed: true},
		"team_slug": schema.StringAttribute{
			Optional: true, Computed: true,
			Description: "Required if name is specified and a default team was not configured in the provider configuration.",
		},
		"custom_domain":  schema.StringAttribute{Computed: true},
		"domain_aliases": schema.ListAttribute{Computed: true, ElementType: types.StringType},
		"git_deploy_key": schema.StringAttribute{Computed: true},
	}}
}

func (source *siteSource) Read(
	ctx context.Context, request datasource.ReadRequest, response *datasource.ReadResponse,
) {
	var config siteModel
	response.Diagnostics.Append(request.Config.Get(ctx, &config)...)
	if response.Diagnostics.HasError() {
		return
	}
	found, err := source.find(ctx, config)
	if err != nil {
		response.Diagnostics.AddError("Error reading Netlify site", err.Error())
		return
	}
	key, err := source.deployKey(ctx, found)
	if err != nil {
		response.Diagnostics.AddError("Error reading site deploy key",
			fmt.Sprintf("Could not read site deploy key for site %q: %q", found.ID, reason(err)))
		return
	}
	response.Diagnostics.Append(response.State.Set(ctx, siteModel{
		ID:            types.StringValue(found.ID),
		TeamSlug:      types.StringValue(found.AccountSlug),
		Name:          types.StringValue(found.Name),
		CustomDomain:  types.StringValue(found.CustomDomain),
		DomainAliases: stringsOf(found.DomainAliases),
		GitDeployKey:  key,
	})...)
}

func (source *siteSource) find(ctx context.Context, config siteModel) (*models.Site, error) {
	if !config.ID.IsNull() && !config.ID.IsUnknown() {
		found, err := source.client.site(ctx, config.ID.ValueString())
		if err != nil {
			return nil, fmt.Errorf("Could not read Netlify site ID %q: %q", config.ID.ValueString(), reason(err))
		}
		return found, nil
	}
	slug := orDefault(config.TeamSlug, source.teamSlug)
	if slug.IsNull() {
		return nil, fmt.Errorf("a site is found by name within a team: give a team slug, or the provider a default team")
	}
	answer, err := source.client.api.Operations.ListSitesForAccount(operations.NewListSitesForAccountParamsWithContext(ctx).
		WithAccountSlug(slug.ValueString()).WithName(config.Name.ValueStringPointer()), source.client.token)
	if err != nil {
		return nil, fmt.Errorf("Could not list Netlify sites in team %q: %q", slug.ValueString(), reason(err))
	}
	for _, each := range answer.Payload {
		if each.Name == config.Name.ValueString() {
			return each, nil
		}
	}
	return nil, fmt.Errorf("Could not find Netlify site with name %q in team %q",
		config.Name.ValueString(), slug.ValueString())
}

// deployKey is the public key by which Netlify reads the site's repository; null for a site without one.
func (source *siteSource) deployKey(ctx context.Context, site *models.Site) (types.String, error) {
	if site.BuildSettings == nil || site.BuildSettings.DeployKeyID == "" {
		return types.StringNull(), nil
	}
	answer, err := source.client.api.Operations.GetDeployKey(operations.NewGetDeployKeyParamsWithContext(ctx).
		WithKeyID(site.BuildSettings.DeployKeyID), source.client.token)
	if err != nil {
		return types.StringNull(), err
	}
	return types.StringValue(answer.Payload.PublicKey), nil
}

func stringsOf(values []string) []types.String {
	result := make([]types.String, len(values))
	for i, value := range values {
		result[i] = types.StringValue(value)
	}
	return result
}

package netlify

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/netlify/open-api/v2/go/models"
	"github.com/netlify/open-api/v2/go/plumbing/operations"
)

// sitesPerPage is the most that Netlify's API returns at once.
const sitesPerPage = 100

// sitesSource lists the sites of a team.
type sitesSource struct{ access }

type sitesModel struct {
	TeamSlug types.String      `tfsdk:"team_slug"`
	Sites    []listedSiteModel `tfsdk:"sites"`
}

type listedSiteModel struct {
	ID            types.String   `tfsdk:"id"`
	TeamSlug      types.String   `tfsdk:"team_slug"`
	Name          types.String   `tfsdk:"name"`
	CustomDomain  types.String   `tfsdk:"custom_domain"`
	DomainAliases []types.String `tfsdk:"domain_aliases"`
}

func (*sitesSource) Metadata(
	_ context.Context, request datasource.MetadataRequest, response *datasource.MetadataResponse,
) {
	response.TypeName = request.ProviderTypeName + "_sites"
}

func (source *sitesSource) Configure(
	_ context.Context, request datasource.ConfigureRequest, response *datasource.ConfigureResponse,
) {
	source.receive(request.ProviderData, &response.Diagnostics)
}

func (*sitesSource) Schema(_ context.Context, _ datasource.SchemaRequest, response *datasource.SchemaResponse) {
	response.Schema = schema.Schema{Attributes: map[string]schema.Attribute{
		"team_slug": schema.StringAttribute{
			Optional: true, Computed: true, Description: needsTeam,
		},
		"sites": schema.ListNestedAttribute{
			Computed: true,
			NestedObject: schema.NestedAttributeObject{Attributes: map[string]schema.Attribute{
				"id":             schema.StringAttribute{Computed: true},
				"team_slug":      schema.StringAttribute{Computed: true},
				"name":           schema.StringAttribute{Computed: true},
				"custom_domain":  schema.StringAttribute{Computed: true},
				"domain_aliases": schema.ListAttribute{Computed: true, ElementType: types.StringType},
			}},
		},
	}}
}

func (source *sitesSource) Read(
	ctx context.Context, request datasource.ReadRequest, response *datasource.ReadResponse,
) {
	var config sitesModel
	response.Diagnostics.Append(request.Config.Get(ctx, &config)...)
	slug := orDefault(config.TeamSlug, source.teamSlug)
	if slug.IsNull() {
		response.Diagnostics.AddError("Missing team slug", "Give a team slug, or the provider a default team.")
	}
	if response.Diagnostics.HasError() {
		return
	}
	sites, err := source.list(ctx, slug.ValueString())
	if err != nil {
		response.Diagnostics.AddError("Error reading Netlify team",
			fmt.Sprintf("Could not list Netlify sites in team %q: %q", slug.ValueString(), reason(err)))
		return
	}
	config.Sites = make([]listedSiteModel, len(sites))
	for i, site := range sites {
		config.Sites[i] = listedSiteModel{
			ID:            types.StringValue(site.ID),
			TeamSlug:      types.StringValue(site.AccountSlug),
			Name:          types.StringValue(site.Name),
			CustomDomain:  types.StringValue(site.CustomDomain),
			DomainAliases: stringsOf(site.DomainAliases),
		}
	}
	response.Diagnostics.Append(response.State.Set(ctx, &config)...)
}

// list reads page after page until one is empty.
func (source *sitesSource) list(ctx context.Context, slug string) ([]*models.Site, error) {
	var all []*models.Site
	perPage := int32(sitesPerPage)
	for page := int32(1); ; page++ {
		answer, err := source.client.api.Operations.ListSitesForAccount(operations.NewListSitesForAccountParamsWithContext(ctx).
			WithAccountSlug(slug).WithPage(&page).WithPerPage(&perPage), source.client.token)
		if err != nil {
			return nil, err
		}
		if len(answer.Payload) == 0 {
			return all, nil
		}
		all = append(all, answer.Payload...)
	}
}

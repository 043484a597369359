package netlify

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

// teamSource finds one team by slug, by ID, or the provider's default one.
type teamSource struct{ access }

type teamModel struct {
	ID   types.String `tfsdk:"id"`
	Slug types.String `tfsdk:"slug"`
	Name types.String `tfsdk:"name"`
}

func (*teamSource) Metadata(
	_ context.Context, request datasource.MetadataRequest, response *datasource.MetadataResponse,
) {
	response.TypeName = request.ProviderTypeName + "_team"
}

func (source *teamSource) Configure(
	_ context.Context, request datasource.ConfigureRequest, response *datasource.ConfigureResponse,
) {
	source.receive(request.ProviderData, &response.Diagnostics)
}

func (*teamSource) Schema(_ context.Context, _ datasource.SchemaRequest, response *datasource.SchemaResponse) {
	const either = "ID or slug are required if a default team was not configured in the provider configuration."
	response.Schema = schema.Schema{Attributes: map[string]schema.Attribute{
		"id":   schema.StringAttribute{Optional: true, Computed: true, Description: either},
		"slug": schema.StringAttribute{Optional: true, Computed: true, Description: either},
		"name": schema.StringAttribute{Computed: true},
	}}
}

func (source *teamSource) Read(
	ctx context.Context, request datasource.ReadRequest, response *datasource.ReadResponse,
) {
	var config teamModel
	response.Diagnostics.Append(request.Config.Get(ctx, &config)...)
	if response.Diagnostics.HasError() {
		return
	}
	found, err := source.find(ctx, config)
	if err != nil {
		response.Diagnostics.AddError("Error reading Netlify team", err.Error())
		return
	}
	if found == nil {
		response.Diagnostics.AddError("Missing team information",
			"Give a team ID or slug, or the provider a default team.")
		return
	}
	response.Diagnostics.Append(response.State.Set(ctx, teamModel{
		ID: types.StringValue(found.ID), Slug: types.StringValue(found.Slug), Name: types.StringValue(found.Name),
	})...)
}

func (source *teamSource) find(ctx context.Context, config teamModel) (*team, error) {
	if !config.Slug.IsNull() && !config.Slug.IsUnknown() {
		return source.client.teamBySlug(ctx, config.Slug.ValueString())
	}
	id := orDefault(config.ID, source.teamID)
	if id.IsNull() {
		return nil, nil
	}
	return source.client.teamByID(ctx, id.ValueString())
}

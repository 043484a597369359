package netlify

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/booldefault"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/listdefault"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringdefault"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

// siteBuildSettings is how a site is built. The site itself is neither made nor removed by it.
type siteBuildSettings struct{ access }

var _ resource.ResourceWithConfigure = &siteBuildSettings{}
var _ resource.ResourceWithImportState = &siteBuildSettings{}

type buildSettingsModel struct {
	SiteID                   types.String   `tfsdk:"site_id"`
	LastUpdated              types.String   `tfsdk:"last_updated"`
	BaseDirectory            types.String   `tfsdk:"base_directory"`
	PackageDirectory         types.String   `tfsdk:"package_directory"`
	BuildCommand             types.String   `tfsdk:"build_command"`
	PublishDirectory         types.String   `tfsdk:"publish_directory"`
	FunctionsDirectory       types.String   `tfsdk:"functions_directory"`
	StopBuilds               types.Bool     `tfsdk:"stop_builds"`
	ProductionBranch         types.String   `tfsdk:"production_branch"`
	BranchDeployAllBranches  types.Bool     `tfsdk:"branch_deploy_all_branches"`
	BranchDeployBranches     []types.String `tfsdk:"branch_deploy_branches"`
	DeployPreviews           types.Bool     `tfsdk:"deploy_previews"`
	PreventNonGitProdDeploys types.Bool     `tfsdk:"prevent_non_git_prod_deploys"`
	BuildImage               types.String   `tfsdk:"build_image"`
	FunctionsRegion          types.String   `tfsdk:"functions_region"`
	PrettyURLs               types.Bool     `tfsdk:"pretty_urls"`
	WafPolicyID              types.String   `tfsdk:"waf_policy_id"`
}

func (*siteBuildSettings) Metadata(
	_ context.Context, request resource.MetadataRequest, response *resource.MetadataResponse,
) {
	response.TypeName = request.ProviderTypeName + "_site_build_settings"
}

func (settings *siteBuildSettings) Configure(
	_ context.Context, request resource.ConfigureRequest, response *resource.ConfigureResponse,
) {
	settings.receive(request.ProviderData, &response.Diagnostics)
}

func (*siteBuildSettings) Schema(_ context.Context, _ resource.SchemaRequest, response *resource.SchemaResponse) {
	text := func() schema.StringAttribute {
		return schema.StringAttribute{Optional: true, Computed: true, Default: stringdefault.StaticString("")}
	}
	flag := func(value bool) schema.BoolAttribute {
		return schema.BoolAttribute{Optional: true, Computed: true, Default: booldefault.StaticBool(value)}
	}
	kept := func() schema.StringAttribute {
		return schema.StringAttribute{
			Optional: true, Computed: true, PlanModifiers: []planmodifier.String{stringplanmodifier.UseStateForUnknown()},
		}
	}
	response.Schema = schema.Schema{Attributes: map[string]schema.Attribute{
		"site_id": schema.StringAttribute{
			Required: true, PlanModifiers: []planmodifier.String{stringplanmodifier.RequiresReplace()},
		},
		"last_updated":               schema.StringAttribute{Computed: true},
		"base_directory":             text(),
		"package_directory":          text(),
		"build_command":              schema.StringAttribute{Required: true},
		"publish_directory":          schema.StringAttribute{Required: true},
		"functions_directory":        text(),
		"stop_builds":                flag(false),
		"production_branch":          schema.StringAttribute{Required: true},
		"branch_deploy_all_branches": flag(false),
		"branch_deploy_branches": schema.ListAttribute{
			Optional: true, Computed: true, ElementType: types.StringType,
			Default:    listdefault.StaticValue(types.ListValueMust(types.StringType, []attr.Value{})),
			Validators: []validator.List{noBranchesWithAll{}},
		},
		"deploy_previews": flag(true),
		"prevent_non_git_prod_deploys": schema.BoolAttribute{
			Optional: true, Computed: true, Default: booldefault.StaticBool(false),
			Description: "When enabled, prevents production deploys from sources other than the linked git repository.",
		},
		"build_image":      kept(),
		"functions_region": kept(),
		"pretty_urls":      flag(true),
		"waf_policy_id": schema.StringAttribute{
			Optional: true, Description: "See more details in the netlify_waf_policy resource.",
		},
	}}
}

// ImportState takes the site's ID.
func (*siteBuildSettings) ImportState(
	ctx context.Context, request resource.ImportStateRequest, response *resource.ImportStateResponse,
) {
	resource.ImportStatePassthroughID(ctx, path.Root("site_id"), request, response)
}

// noBranchesWithAll refuses a list of branches beside "all branches".
type noBranchesWithAll struct{}

func (noBranchesWithAll) Description(context.Context) string {
	return "branches are not listed when all branches are deployed"
}

func (rule noBranchesWithAll) MarkdownDescription(ctx context.Context) string {
	return rule.Description(ctx)
}

func (rule noBranchesWithAll) ValidateList(
	ctx context.Context, request validator.ListRequest, response *validator.ListResponse,
) {
	var all types.Bool
	response.Diagnostics.Append(request.Config.GetAttribute(ctx, path.Root("branch_deploy_all_branches"), &all)...)
	if !request.ConfigValue.IsUnknown() && len(request.ConfigValue.Elements()) > 0 && all.ValueBool() {
		response.Diagnostics.AddAttributeError(request.Path, "Invalid Attribute Combination", rule.Description(ctx))
	}
}

package netlify

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework-validators/setvalidator"
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/setdefault"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringdefault"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

var (
	scopes   = []string{"builds", "functions", "runtime", "post-processing"}
	contexts = []string{"all", "dev", "dev-server", "branch-deploy", "deploy-preview", "production", "branch"}
)

// environmentVariable is one whole key of a team or a site, with its values for all contexts. It has no `id`.
type environmentVariable struct{ access }

var _ resource.ResourceWithConfigure = &environmentVariable{}
var _ resource.ResourceWithImportState = &environmentVariable{}

type variableModel struct {
	TeamID       types.String   `tfsdk:"team_id"`
	SiteID       types.String   `tfsdk:"site_id"`
	LastUpdated  types.String   `tfsdk:"last_updated"`
	Key          types.String   `tfsdk:"key"`
	Scopes       []types.String `tfsdk:"scopes"`
	Values       []valueModel   `tfsdk:"values"`
	SecretValues []valueModel   `tfsdk:"secret_values"`
}

type valueModel struct {
	Value            types.String `tfsdk:"value"`
	Context          types.String `tfsdk:"context"`
	ContextParameter types.String `tfsdk:"context_parameter"`
}

func (*environmentVariable) Metadata(
	_ context.Context, request resource.MetadataRequest, response *resource.MetadataResponse,
) {
	response.TypeName = request.ProviderTypeName + "_environment_variable"
}

func (variable *environmentVariable) Configure(
	_ context.Context, request resource.ConfigureRequest, response *resource.ConfigureResponse,
) {
	variable.receive(request.ProviderData, &response.Diagnostics)
}

func (*environmentVariable) Schema(
	_ context.Context, _ resource.SchemaRequest, response *resource.SchemaResponse,
) {
	response.Schema = schema.Schema{
		MarkdownDescription: "Environment variables for Netlify sites. " +
			"[Read more](https://docs.netlify.com/environment-variables/overview/)",
		Attributes: map[string]schema.Attribute{
			"last_updated": schema.StringAttribute{Computed: true},
			"team_id": schema.StringAttribute{
				Optional: true, Computed: true,
				Description: needsTeam,
				PlanModifiers: []planmodifier.String{
					stringplanmodifier.RequiresReplaceIfConfigured(), stringplanmodifier.UseStateForUnknown(),
				},
			},
			"site_id": schema.StringAttribute{
				Optional: true, PlanModifiers: []planmodifier.String{stringplanmodifier.RequiresReplace()},
			},
			"key": schema.StringAttribute{
				Required: true, PlanModifiers: []planmodifier.String{stringplanmodifier.RequiresReplace()},
			},
			"scopes": schema.SetAttribute{
				Optional: true, Computed: true, ElementType: types.StringType,
				Description: "One or more of builds, functions, runtime, and post-processing.\n\n" +
					"Customizing scopes is not supported on free plans. However, free plan users managing a secret environment " +
					"variable can and must explicitly set this to `[\"builds\", \"functions\", \"runtime\"]`.",
				Validators: []validator.Set{setvalidator.ValueStringsAre(stringvalidator.OneOf(scopes...))},
				Default:    setdefault.StaticValue(allScopes()),
			},
			// Plain values are not marked sensitive: who wants them secret must say so to Pulumi.
			"values": schema.SetNestedAttribute{
				Optional:     true,
				NestedObject: schema.NestedAttributeObject{Attributes: valueAttributes(false)},
			},
			"secret_values": schema.SetNestedAttribute{
				Optional:     true,
				Validators:   []validator.Set{setvalidator.ExactlyOneOf(path.MatchRoot("values"))},
				NestedObject: schema.NestedAttributeObject{Attributes: valueAttributes(true)},
			},
		},
	}
}

// valueAttributes is the shape of one context's value. Only a secret one defaults its context parameter.
func valueAttributes(secret bool) map[string]schema.Attribute {
	parameter := schema.StringAttribute{
		Optional:   true,
		Validators: []validator.String{branchNameWithBranch{}},
	}
	if secret {
		parameter.Computed, parameter.Default = true, stringdefault.StaticString("")
	}
	return map[string]schema.Attribute{
		"value": schema.StringAttribute{Required: true, Sensitive: secret},
		"context": schema.StringAttribute{
			Required:    true,
			Description: "One of all, dev, dev-server, branch-deploy, deploy-preview, production, or branch",
			Validators:  []validator.String{stringvalidator.OneOf(contexts...)},
		},
		"context_parameter": parameter,
	}
}

func allScopes() types.Set {
	values := make([]attr.Value, len(scopes))
	for i, scope := range scopes {
		values[i] = types.StringValue(scope)
	}
	return types.SetValueMust(types.StringType, values)
}

// branchNameWithBranch refuses a context parameter without the context `branch`, and that context without one.
type branchNameWithBranch struct{}

func (branchNameWithBranch) Description(context.Context) string {
	return "a branch name goes with the context \"branch\", and with no other"
}

func (rule branchNameWithBranch) MarkdownDescription(ctx context.Context) string {
	return rule.Description(ctx)
}

func (rule branchNameWithBranch) ValidateString(
	ctx context.Context, request validator.StringRequest, response *validator.StringResponse,
) {
	var name types.String
	response.Diagnostics.Append(request.Config.GetAttribute(ctx, request.Path.ParentPath().AtName("context"), &name)...)
	if response.Diagnostics.HasError() || name.IsUnknown() || request.ConfigValue.IsUnknown() {
		return
	}
	if (request.ConfigValue.ValueString() != "") != (name.ValueString() == "branch") {
		response.Diagnostics.AddAttributeError(request.Path, "Invalid Attribute Combination",
			rule.Description(ctx)+"; the context is "+name.String())
	}
}

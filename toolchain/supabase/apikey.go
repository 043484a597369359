package supabase

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/objectplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

// apiKey is one secret API key of a project, beside the others that it has.
type apiKey struct{ access }

var _ resource.ResourceWithConfigure = &apiKey{}
var _ resource.ResourceWithImportState = &apiKey{}

type keyModel struct {
	ID          types.String `tfsdk:"id"`
	ProjectRef  types.String `tfsdk:"project_ref"`
	Name        types.String `tfsdk:"name"`
	Description types.String `tfsdk:"description"`
	Type        types.String `tfsdk:"type"`
	APIKey      types.String `tfsdk:"api_key"`
	JwtTemplate types.Object `tfsdk:"secret_jwt_template"`
}

var templateType = map[string]attr.Type{"role": types.StringType}

func (*apiKey) Metadata(_ context.Context, request resource.MetadataRequest, response *resource.MetadataResponse) {
	response.TypeName = request.ProviderTypeName + "_apikey"
}

// Schema has no attribute that replaces: another project's reference makes an update, by that project's address.
func (*apiKey) Schema(_ context.Context, _ resource.SchemaRequest, response *resource.SchemaResponse) {
	stays := []planmodifier.String{stringplanmodifier.UseStateForUnknown()}
	response.Schema = schema.Schema{
		MarkdownDescription: "API Key resource",
		Attributes: map[string]schema.Attribute{
			"id": schema.StringAttribute{
				Computed: true, MarkdownDescription: "API key identifier", PlanModifiers: stays,
			},
			"project_ref": schema.StringAttribute{Required: true, MarkdownDescription: "Project reference ID"},
			"name":        schema.StringAttribute{Required: true, MarkdownDescription: "Name of the API key"},
			"description": schema.StringAttribute{Optional: true, MarkdownDescription: "Description of the API key"},
			"type": schema.StringAttribute{
				Computed: true, MarkdownDescription: "Type of the API key", PlanModifiers: stays,
			},
			"api_key": schema.StringAttribute{Computed: true, Sensitive: true, MarkdownDescription: "API key"},
			"secret_jwt_template": schema.SingleNestedAttribute{
				Computed: true, MarkdownDescription: "Secret JWT template",
				PlanModifiers: []planmodifier.Object{objectplanmodifier.UseStateForUnknown()},
				Attributes: map[string]schema.Attribute{
					"role": schema.StringAttribute{Computed: true, MarkdownDescription: "Role of the secret JWT template"},
				},
			},
		},
	}
}

package supabase

import (
	"context"
	"crypto/sha256"
	"encoding/hex"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

// reserved begins the names that Supabase sets by itself.
const reserved = "SUPABASE_"

// edgeFunctionSecrets are some of a project's Edge Function secrets. Its ID is the project's reference.
type edgeFunctionSecrets struct{ access }

var _ resource.ResourceWithConfigure = &edgeFunctionSecrets{}
var _ resource.ResourceWithImportState = &edgeFunctionSecrets{}

type secretsModel struct {
	ID         types.String `tfsdk:"id"`
	ProjectRef types.String `tfsdk:"project_ref"`
	Secrets    types.Set    `tfsdk:"secrets"`
	Digests    types.Map    `tfsdk:"secret_digests"`
}

// secretModel is one secret. Its value is null where only the digest is known: after an import, and after a change by hand.
type secretModel struct {
	Name  types.String `tfsdk:"name"`
	Value types.String `tfsdk:"value"`
}

var secretType = types.ObjectType{AttrTypes: map[string]attr.Type{"name": types.StringType, "value": types.StringType}}

func (*edgeFunctionSecrets) Metadata(
	_ context.Context, request resource.MetadataRequest, response *resource.MetadataResponse,
) {
	response.TypeName = request.ProviderTypeName + "_edge_function_secrets"
}

func (*edgeFunctionSecrets) Schema(_ context.Context, _ resource.SchemaRequest, response *resource.SchemaResponse) {
	response.Schema = schema.Schema{
		MarkdownDescription: "Edge function secrets resource - manages multiple secrets for edge functions",
		Attributes: map[string]schema.Attribute{
			"id": schema.StringAttribute{
				Computed: true, MarkdownDescription: "Project identifier",
				PlanModifiers: []planmodifier.String{stringplanmodifier.UseStateForUnknown()},
			},
			"project_ref": schema.StringAttribute{
				Required: true, MarkdownDescription: "Project reference ID",
				PlanModifiers: []planmodifier.String{stringplanmodifier.RequiresReplace()},
			},
			"secrets": schema.SetNestedAttribute{
				Required: true, MarkdownDescription: "Set of secrets for edge functions",
				NestedObject: schema.NestedAttributeObject{Attributes: map[string]schema.Attribute{
					"name": schema.StringAttribute{Required: true, MarkdownDescription: aboutNames},
					"value": schema.StringAttribute{
						Required: true, Sensitive: true, MarkdownDescription: aboutValues,
					},
				}},
			},
			// Not marked sensitive: the digest of a short or a known value tells the value.
			"secret_digests": schema.MapAttribute{
				Computed: true, ElementType: types.StringType, MarkdownDescription: aboutDigests,
				PlanModifiers: []planmodifier.Map{digestsOfPlan{}},
			},
		},
	}
}

const (
	aboutNames = "Name of the secret. Must not start with the `SUPABASE_` prefix — such names are reserved internally by " +
		"Supabase, cannot be created, updated, or deleted via the API, and are automatically filtered out from reads and imports."
	aboutValues = "The plaintext secret value. Stored in Terraform state when managed by Terraform. After an import this " +
		"field will be `null` because the Supabase API only returns SHA-256 digests — see the Import section below."
	aboutDigests = "Map of secret name to the SHA-256 hex digest of the secret value. Computed by the provider at plan time " +
		"(when plaintext values are known) and updated after each apply. Used to detect drift when a secret has been changed " +
		"outside of Terraform: if the digest returned by the API no longer matches the locally computed digest, the provider " +
		"marks the affected secret value as null so Terraform will plan an update."
)

// digestsOfPlan makes the digests known before the apply, where every name and value is.
type digestsOfPlan struct{}

func (digestsOfPlan) Description(context.Context) string {
	return "the SHA-256 digests of the planned values"
}

func (modifier digestsOfPlan) MarkdownDescription(ctx context.Context) string {
	return modifier.Description(ctx)
}

func (digestsOfPlan) PlanModifyMap(
	ctx context.Context, request planmodifier.MapRequest, response *planmodifier.MapResponse,
) {
	var planned types.Set
	if request.Plan.Raw.IsNull() {
		return
	}
	response.Diagnostics.Append(request.Plan.GetAttribute(ctx, path.Root("secrets"), &planned)...)
	if response.Diagnostics.HasError() || planned.IsNull() || planned.IsUnknown() {
		return
	}
	digests := map[string]string{}
	for _, secret := range secretsOf(ctx, planned, &response.Diagnostics) {
		for _, text := range []types.String{secret.Name, secret.Value} {
			if text.IsNull() || text.IsUnknown() {
				return
			}
		}
		digests[secret.Name.ValueString()] = digestOf(secret.Value.ValueString())
	}
	response.PlanValue = digestMap(ctx, digests, &response.Diagnostics)
}

func secretsOf(ctx context.Context, set types.Set, diagnostics *diag.Diagnostics) []secretModel {
	var secrets []secretModel
	diagnostics.Append(set.ElementsAs(ctx, &secrets, false)...)
	return secrets
}

func digestOf(value string) string {
	sum := sha256.Sum256([]byte(value))
	return hex.EncodeToString(sum[:])
}

func digestMap(ctx context.Context, digests map[string]string, diagnostics *diag.Diagnostics) types.Map {
	made, problems := types.MapValueFrom(ctx, types.StringType, digests)
	diagnostics.Append(problems...)
	return made
}

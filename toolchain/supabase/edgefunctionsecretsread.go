package supabase

import (
	"context"
	"net/http"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

// listedSecret is a secret as the service lists it: `value` is the SHA-256 digest of its value.
type listedSecret struct {
	Name      string  `json:"name"`
	Value     string  `json:"value"`
	UpdatedAt *string `json:"updated_at"`
}

// Read compares digests. A secret that was changed by hand loses its value in the state, one that was deleted leaves it; one
// that was added by hand is not seen.
func (secrets *edgeFunctionSecrets) Read(
	ctx context.Context, request resource.ReadRequest, response *resource.ReadResponse,
) {
	var state secretsModel
	response.Diagnostics.Append(request.State.Get(ctx, &state)...)
	if response.Diagnostics.HasError() {
		return
	}
	listed, found := secrets.list(ctx, state.ProjectRef.ValueString(), &response.Diagnostics)
	if response.Diagnostics.HasError() {
		return
	}
	if !found {
		response.State.RemoveResource(ctx)
		return
	}
	state.compare(ctx, listed, &response.Diagnostics)
	state.ProjectRef = state.ID
	if !response.Diagnostics.HasError() {
		response.Diagnostics.Append(response.State.Set(ctx, &state)...)
	}
}

// compare takes over the digests of the service, and keeps the values that they confirm.
func (state *secretsModel) compare(ctx context.Context, listed []listedSecret, diagnostics *diag.Diagnostics) {
	actual := map[string]string{}
	for _, secret := range listed {
		actual[secret.Name] = secret.Value
	}
	known := map[string]string{}
	if !state.Digests.IsNull() && !state.Digests.IsUnknown() {
		diagnostics.Append(state.Digests.ElementsAs(ctx, &known, false)...)
	}
	var held []secretModel
	if !state.Secrets.IsNull() && !state.Secrets.IsUnknown() {
		held = secretsOf(ctx, state.Secrets, diagnostics)
	}
	kept, digests := []secretModel{}, map[string]string{}
	for _, secret := range held {
		name := secret.Name.ValueString()
		digest, exists := actual[name]
		if !exists {
			continue
		}
		expected, noted := known[name]
		if !noted {
			expected = digestOf(secret.Value.ValueString())
		}
		if expected != digest {
			secret.Value = types.StringNull()
		}
		kept, digests[name] = append(kept, secret), digest
	}
	state.hold(ctx, kept, digests, diagnostics)
}

func (state *secretsModel) hold(
	ctx context.Context, secrets []secretModel, digests map[string]string, diagnostics *diag.Diagnostics,
) {
	set, problems := types.SetValueFrom(ctx, secretType, secrets)
	diagnostics.Append(problems...)
	state.Secrets, state.Digests = set, digestMap(ctx, digests, diagnostics)
}

// ImportState takes the project's reference, and with it every secret of the project, without values.
func (secrets *edgeFunctionSecrets) ImportState(
	ctx context.Context, request resource.ImportStateRequest, response *resource.ImportStateResponse,
) {
	response.Diagnostics.AddWarning("Secret Values Not Returned",
		"The Supabase management API only returns SHA-256 hashes of secret values. After import, Terraform will show a plan "+
			"to update these secrets to match the values defined in your configuration.")
	listed, found := secrets.list(ctx, request.ID, &response.Diagnostics)
	if response.Diagnostics.HasError() {
		return
	}
	if !found {
		response.Diagnostics.AddError("Resource Not Found", "No secrets found for project "+request.ID)
		return
	}
	taken, digests := []secretModel{}, map[string]string{}
	for _, secret := range listed {
		if strings.HasPrefix(secret.Name, reserved) {
			continue
		}
		taken = append(taken, secretModel{Name: types.StringValue(secret.Name), Value: types.StringNull()})
		digests[secret.Name] = secret.Value
	}
	state := secretsModel{ID: types.StringValue(request.ID), ProjectRef: types.StringValue(request.ID)}
	state.hold(ctx, taken, digests, &response.Diagnostics)
	if !response.Diagnostics.HasError() {
		response.Diagnostics.Append(response.State.Set(ctx, &state)...)
	}
}

// list is what the service lists, the reserved names too. It is not found where there is no such project.
func (secrets *edgeFunctionSecrets) list(
	ctx context.Context, ref string, diagnostics *diag.Diagnostics,
) (listed []listedSecret, found bool) {
	got, err := secrets.client.send(ctx, http.MethodGet, ref, "secrets", nil)
	if err == nil && got.is(http.StatusNotFound) {
		return nil, false
	}
	if err == nil {
		found, err = got.decode(http.StatusOK, &listed)
	}
	if err != nil || !found {
		diagnostics.AddError(failure("read edge function secrets", got, err))
	}
	return listed, found
}

package supabase

import (
	"context"
	"net/http"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/resource"
)

// Create writes every declared secret, and replaces those of the same names without a question.
func (secrets *edgeFunctionSecrets) Create(
	ctx context.Context, request resource.CreateRequest, response *resource.CreateResponse,
) {
	var plan secretsModel
	response.Diagnostics.Append(request.Plan.Get(ctx, &plan)...)
	if !response.Diagnostics.HasError() {
		secrets.write(ctx, plan, &response.Diagnostics)
	}
	if response.Diagnostics.HasError() {
		return
	}
	plan.ID = plan.ProjectRef
	response.Diagnostics.Append(response.State.Set(ctx, &plan)...)
}

// Update writes every declared secret, the unchanged ones too, and then deletes those that are in the state only.
func (secrets *edgeFunctionSecrets) Update(
	ctx context.Context, request resource.UpdateRequest, response *resource.UpdateResponse,
) {
	var plan, state secretsModel
	response.Diagnostics.Append(request.Plan.Get(ctx, &plan)...)
	response.Diagnostics.Append(request.State.Get(ctx, &state)...)
	if response.Diagnostics.HasError() {
		return
	}
	declared := map[string]bool{}
	for _, secret := range secretsOf(ctx, plan.Secrets, &response.Diagnostics) {
		declared[secret.Name.ValueString()] = true
	}
	var gone []string
	for _, secret := range secretsOf(ctx, state.Secrets, &response.Diagnostics) {
		if name := secret.Name.ValueString(); !declared[name] {
			gone = append(gone, name)
		}
	}
	if response.Diagnostics.HasError() {
		return
	}
	if secrets.write(ctx, plan, &response.Diagnostics); response.Diagnostics.HasError() {
		return
	}
	if secrets.remove(ctx, state.ProjectRef.ValueString(), gone, &response.Diagnostics); response.Diagnostics.HasError() {
		return
	}
	response.Diagnostics.Append(response.State.Set(ctx, &plan)...)
}

// Delete removes the secrets that the state names.
func (secrets *edgeFunctionSecrets) Delete(
	ctx context.Context, request resource.DeleteRequest, response *resource.DeleteResponse,
) {
	var state secretsModel
	response.Diagnostics.Append(request.State.Get(ctx, &state)...)
	if response.Diagnostics.HasError() {
		return
	}
	var names []string
	for _, secret := range secretsOf(ctx, state.Secrets, &response.Diagnostics) {
		names = append(names, secret.Name.ValueString())
	}
	if !response.Diagnostics.HasError() {
		secrets.remove(ctx, state.ProjectRef.ValueString(), names, &response.Diagnostics)
	}
}

// secretToWrite is a secret in the body of a request.
type secretToWrite struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}

// write sends all secrets of which the value is known, in one request; none when there is none.
func (secrets *edgeFunctionSecrets) write(ctx context.Context, model secretsModel, diagnostics *diag.Diagnostics) {
	var known []secretToWrite
	for _, secret := range secretsOf(ctx, model.Secrets, diagnostics) {
		if !secret.Value.IsNull() && !secret.Value.IsUnknown() {
			known = append(known, secretToWrite{secret.Name.ValueString(), secret.Value.ValueString()})
		}
	}
	if diagnostics.HasError() || len(known) == 0 {
		return
	}
	got, err := secrets.client.send(ctx, http.MethodPost, model.ProjectRef.ValueString(), "secrets", known)
	if err != nil || !got.is(http.StatusOK, http.StatusCreated) {
		diagnostics.AddError(failure("create/update edge function secrets", got, err))
	}
}

// remove deletes secrets by name, in one request; none when there is none. A project that is gone has none either.
func (secrets *edgeFunctionSecrets) remove(
	ctx context.Context, ref string, names []string, diagnostics *diag.Diagnostics,
) {
	if len(names) == 0 {
		return
	}
	got, err := secrets.client.send(ctx, http.MethodDelete, ref, "secrets", names)
	if err != nil || !got.is(http.StatusOK, http.StatusNoContent, http.StatusNotFound) {
		diagnostics.AddError(failure("delete edge function secrets", got, err))
	}
}

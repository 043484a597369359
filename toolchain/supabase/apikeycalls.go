package supabase

import (
	"context"
	"net/http"
	"time"

	"github.com/google/uuid"
	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

const (
	secretKind      = "secret"
	publishableKind = "publishable"
	// Every request asks for the keys themselves.
	revealed = "?reveal=true"
)

// shownKey is a key as the service shows it.
type shownKey struct {
	ID          *string        `json:"id"`
	APIKey      *string        `json:"api_key"`
	Name        string         `json:"name"`
	Description *string        `json:"description"`
	Type        *string        `json:"type"`
	Template    map[string]any `json:"secret_jwt_template"`
	InsertedAt  *time.Time     `json:"inserted_at"`
	UpdatedAt   *time.Time     `json:"updated_at"`
}

func (key shownKey) isOf(kind string) bool { return key.Type != nil && *key.Type == kind }

// keyToWrite is a key in the body of a request.
type keyToWrite struct {
	Description *string           `json:"description,omitempty"`
	Name        *string           `json:"name,omitempty"`
	Template    map[string]string `json:"secret_jwt_template,omitempty"`
	Type        string            `json:"type,omitempty"`
}

var serviceRole = map[string]string{"role": "service_role"}

// Create makes a secret key, whatever is said of its kind, and before it the default publishable key where that is missing
// or the list cannot be read. The description is not sent.
func (keys *apiKey) Create(ctx context.Context, request resource.CreateRequest, response *resource.CreateResponse) {
	var plan keyModel
	response.Diagnostics.Append(request.Plan.Get(ctx, &plan)...)
	if response.Diagnostics.HasError() {
		return
	}
	ref := plan.ProjectRef.ValueString()
	listed, _, err := keys.list(ctx, ref, revealed)
	if err != nil {
		keyFailure(&response.Diagnostics, "read apiKeys", answer{}, err)
		return
	}
	wanted := []keyToWrite{{Name: plan.Name.ValueStringPointer(), Template: serviceRole, Type: secretKind}}
	if !hasDefaultPublishable(listed) {
		name := "default"
		wanted = append([]keyToWrite{{Name: &name, Type: publishableKind}}, wanted...)
	}
	for _, body := range wanted {
		var created shownKey
		doing := "create apiKey"
		if body.Type == publishableKind {
			doing = "create default publishable apiKey"
		}
		got, err := keys.client.send(ctx, http.MethodPost, ref, "api-keys"+revealed, body)
		made := false
		if err == nil {
			made, err = got.decode(http.StatusCreated, &created)
		}
		if err != nil || !made {
			keyFailure(&response.Diagnostics, doing, got, err)
			return
		}
		plan.ID = types.StringPointerValue(created.ID)
	}
	keys.readInto(ctx, &plan, &response.Diagnostics)
	if !response.Diagnostics.HasError() {
		response.Diagnostics.Append(response.State.Set(ctx, &plan)...)
	}
}

func hasDefaultPublishable(listed []shownKey) bool {
	for _, key := range listed {
		if key.Name == "default" && key.isOf(publishableKind) {
			return true
		}
	}
	return false
}

// Read fails on a key that is gone, instead of saying so.
func (keys *apiKey) Read(ctx context.Context, request resource.ReadRequest, response *resource.ReadResponse) {
	var state keyModel
	response.Diagnostics.Append(request.State.Get(ctx, &state)...)
	if response.Diagnostics.HasError() {
		return
	}
	if keys.readInto(ctx, &state, &response.Diagnostics); response.Diagnostics.HasError() {
		return
	}
	response.Diagnostics.Append(response.State.Set(ctx, &state)...)
}

// Update changes name and description in place. No key is made anew by it.
func (keys *apiKey) Update(ctx context.Context, request resource.UpdateRequest, response *resource.UpdateResponse) {
	var plan keyModel
	response.Diagnostics.Append(request.Plan.Get(ctx, &plan)...)
	if response.Diagnostics.HasError() {
		return
	}
	body := keyToWrite{Name: plan.Name.ValueStringPointer()}
	if !plan.Description.IsNull() && !plan.Description.IsUnknown() {
		body.Description = plan.Description.ValueStringPointer()
	}
	if plan.Type.ValueString() == secretKind {
		body.Template = serviceRole
	}
	got, err := keys.client.send(ctx, http.MethodPatch, plan.ProjectRef.ValueString(), plan.path(), body)
	changed := false
	if err == nil {
		changed, err = got.decode(http.StatusOK, &shownKey{})
	}
	if err != nil || !changed {
		keyFailure(&response.Diagnostics, "update apiKey", got, err)
		return
	}
	if keys.readInto(ctx, &plan, &response.Diagnostics); response.Diagnostics.HasError() {
		return
	}
	response.Diagnostics.Append(response.State.Set(ctx, &plan)...)
}

// Delete revokes the key at once; one that is gone already is an error.
func (keys *apiKey) Delete(ctx context.Context, request resource.DeleteRequest, response *resource.DeleteResponse) {
	var state keyModel
	response.Diagnostics.Append(request.State.Get(ctx, &state)...)
	if response.Diagnostics.HasError() {
		return
	}
	got, err := keys.client.send(ctx, http.MethodDelete, state.ProjectRef.ValueString(), state.path(), nil)
	if err == nil && got.is(http.StatusOK) {
		_, err = got.decode(http.StatusOK, &shownKey{})
	}
	if err != nil || !got.is(http.StatusOK) {
		keyFailure(&response.Diagnostics, "delete apiKey", got, err)
	}
}

// keyFailure has one title for what never arrived and what was refused.
func keyFailure(diagnostics *diag.Diagnostics, doing string, got answer, err error) {
	_, text := failure(doing, got, err)
	diagnostics.AddError("Client Error", text)
}

func (model keyModel) path() string {
	return "api-keys/" + uuid.MustParse(model.ID.ValueString()).String() + revealed
}

// readInto fills the model with the key as the service shows it, its value included.
func (keys *apiKey) readInto(ctx context.Context, model *keyModel, diagnostics *diag.Diagnostics) {
	var key shownKey
	got, err := keys.client.send(ctx, http.MethodGet, model.ProjectRef.ValueString(), model.path(), nil)
	found := false
	if err == nil {
		found, err = got.decode(http.StatusOK, &key)
	}
	if err != nil || !found {
		keyFailure(diagnostics, "read apiKey database", got, err)
		return
	}
	model.ID, model.APIKey = types.StringPointerValue(key.ID), types.StringPointerValue(key.APIKey)
	model.Name, model.Type = types.StringValue(key.Name), types.StringPointerValue(key.Type)
	model.Description = types.StringPointerValue(key.Description)
	role := types.StringNull()
	if key.Template != nil {
		text, _ := key.Template["role"].(string)
		role = types.StringValue(text)
	}
	template, problems := types.ObjectValue(templateType, map[string]attr.Value{"role": role})
	diagnostics.Append(problems...)
	model.JwtTemplate = template
}

// list is the project's keys; it is not read where the answer is no list.
func (keys *apiKey) list(ctx context.Context, ref, query string) (listed []shownKey, got answer, err error) {
	got, err = keys.client.send(ctx, http.MethodGet, ref, "api-keys"+query, nil)
	if err == nil {
		_, err = got.decode(http.StatusOK, &listed)
	}
	return listed, got, err
}

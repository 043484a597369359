// Package drive calls a provider's resources as Terraform does, one step at a time: for the tests of compatible providers.
package drive

import (
	"context"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// Importable is a resource that can be imported.
type Importable interface {
	resource.Resource
	resource.ResourceWithImportState
}

// Harness drives one resource.
type Harness struct {
	t        *testing.T
	resource Importable
	// Schema is the resource's.
	Schema schema.Schema
}

// New makes a harness of a configured resource.
func New(t *testing.T, under Importable) *Harness {
	t.Helper()
	var described resource.SchemaResponse
	under.Schema(context.Background(), resource.SchemaRequest{}, &described)
	return &Harness{t: t, resource: under, Schema: described.Schema}
}

// Null is a state or a plan in which the resource is not.
func (h *Harness) Null() tftypes.Value {
	return tftypes.NewValue(h.Schema.Type().TerraformType(context.Background()), nil)
}

// State is the state that holds a model.
func (h *Harness) State(model any) tfsdk.State {
	h.t.Helper()
	state := tfsdk.State{Schema: h.Schema, Raw: h.Null()}
	h.OK(state.Set(context.Background(), model))
	return state
}

// Plan is the plan for a model.
func (h *Harness) Plan(model any) tfsdk.Plan {
	h.t.Helper()
	state := h.State(model)
	return tfsdk.Plan{Schema: state.Schema, Raw: state.Raw}
}

// OK ends the test where there is an error.
func (h *Harness) OK(diagnostics diag.Diagnostics) {
	h.t.Helper()
	if diagnostics.HasError() {
		h.t.Fatalf("unexpected: %v", diagnostics)
	}
}

// Create creates what a model plans.
func (h *Harness) Create(model any) (tfsdk.State, diag.Diagnostics) {
	response := resource.CreateResponse{State: tfsdk.State{Schema: h.Schema, Raw: h.Null()}}
	h.resource.Create(context.Background(), resource.CreateRequest{Plan: h.Plan(model)}, &response)
	return response.State, response.Diagnostics
}

// Read refreshes a state.
func (h *Harness) Read(state tfsdk.State) (tfsdk.State, diag.Diagnostics) {
	response := resource.ReadResponse{State: state}
	h.resource.Read(context.Background(), resource.ReadRequest{State: state}, &response)
	return response.State, response.Diagnostics
}

// Update brings a state to what a model plans.
func (h *Harness) Update(state tfsdk.State, model any) (tfsdk.State, diag.Diagnostics) {
	response := resource.UpdateResponse{State: state}
	h.resource.Update(context.Background(), resource.UpdateRequest{State: state, Plan: h.Plan(model)}, &response)
	return response.State, response.Diagnostics
}

// Delete deletes what a state names.
func (h *Harness) Delete(state tfsdk.State) diag.Diagnostics {
	response := resource.DeleteResponse{State: state}
	h.resource.Delete(context.Background(), resource.DeleteRequest{State: state}, &response)
	return response.Diagnostics
}

// Import imports by an ID.
func (h *Harness) Import(id string) (tfsdk.State, diag.Diagnostics) {
	response := resource.ImportStateResponse{State: tfsdk.State{Schema: h.Schema, Raw: h.Null()}}
	h.resource.ImportState(context.Background(), resource.ImportStateRequest{ID: id}, &response)
	return response.State, response.Diagnostics
}

// Model reads a state into a model.
func Model[T any](t *testing.T, state tfsdk.State) T {
	t.Helper()
	var model T
	if diagnostics := state.Get(context.Background(), &model); diagnostics.HasError() {
		t.Fatalf("unexpected: %v", diagnostics)
	}
	return model
}

// MustFail checks that an error says all of these.
func MustFail(t *testing.T, diagnostics diag.Diagnostics, words ...string) {
	t.Helper()
	if !diagnostics.HasError() {
		t.Fatal("expected an error")
	}
	text := diagnostics.Errors()[0].Summary() + " " + diagnostics.Errors()[0].Detail()
	for _, word := range words {
		if !strings.Contains(text, word) {
			t.Errorf("%q is not in: %s", word, text)
		}
	}
}

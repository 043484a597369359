package netlify

import (
	"context"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// harness calls a resource as Terraform does, one step at a time.
type harness struct {
	t        *testing.T
	resource interface {
		resource.Resource
		resource.ResourceWithImportState
	}
	schema schema.Schema
}

func variableHarness(t *testing.T, mock *service) *harness {
	t.Helper()
	connection, err := newClient(mock.URL, testToken())
	if err != nil {
		t.Fatal(err)
	}
	return newHarness(t, &environmentVariable{access{client: connection}})
}

func newHarness(t *testing.T, under interface {
	resource.Resource
	resource.ResourceWithImportState
}) *harness {
	t.Helper()
	var described resource.SchemaResponse
	under.Schema(context.Background(), resource.SchemaRequest{}, &described)
	return &harness{t: t, resource: under, schema: described.Schema}
}

func (h *harness) null() tftypes.Value {
	return tftypes.NewValue(h.schema.Type().TerraformType(context.Background()), nil)
}

func (h *harness) state(model any) tfsdk.State {
	state := tfsdk.State{Schema: h.schema, Raw: h.null()}
	h.ok(state.Set(context.Background(), model))
	return state
}

func (h *harness) plan(model any) tfsdk.Plan {
	state := h.state(model)
	return tfsdk.Plan{Schema: state.Schema, Raw: state.Raw}
}

func (h *harness) ok(diagnostics diag.Diagnostics) {
	h.t.Helper()
	if diagnostics.HasError() {
		h.t.Fatalf("unexpected: %v", diagnostics)
	}
}

func (h *harness) create(model any) (tfsdk.State, diag.Diagnostics) {
	response := resource.CreateResponse{State: tfsdk.State{Schema: h.schema, Raw: h.null()}}
	h.resource.Create(context.Background(), resource.CreateRequest{Plan: h.plan(model)}, &response)
	return response.State, response.Diagnostics
}

func (h *harness) read(state tfsdk.State) (tfsdk.State, diag.Diagnostics) {
	response := resource.ReadResponse{State: state}
	h.resource.Read(context.Background(), resource.ReadRequest{State: state}, &response)
	return response.State, response.Diagnostics
}

func (h *harness) update(state tfsdk.State, model any) (tfsdk.State, diag.Diagnostics) {
	response := resource.UpdateResponse{State: state}
	h.resource.Update(context.Background(), resource.UpdateRequest{State: state, Plan: h.plan(model)}, &response)
	return response.State, response.Diagnostics
}

func (h *harness) delete(state tfsdk.State) diag.Diagnostics {
	response := resource.DeleteResponse{State: state}
	h.resource.Delete(context.Background(), resource.DeleteRequest{State: state}, &response)
	return response.Diagnostics
}

func (h *harness) importID(id string) (tfsdk.State, diag.Diagnostics) {
	response := resource.ImportStateResponse{State: tfsdk.State{Schema: h.schema, Raw: h.null()}}
	h.resource.ImportState(context.Background(), resource.ImportStateRequest{ID: id}, &response)
	return response.State, response.Diagnostics
}

func variableOf(t *testing.T, state tfsdk.State) variableModel {
	t.Helper()
	var model variableModel
	if diagnostics := state.Get(context.Background(), &model); diagnostics.HasError() {
		t.Fatalf("unexpected: %v", diagnostics)
	}
	return model
}

// plainVariable is one key with a value for the branch staging.
func plainVariable() variableModel {
	return variableModel{
		TeamID: types.StringValue("team-1"), SiteID: types.StringValue("site-1"), Key: types.StringValue("KEY"),
		Scopes: stringsOf(scopes), Values: []valueModel{branchValue("staging", "one")},
	}
}

func secretVariable() variableModel {
	model := plainVariable()
	model.Scopes = stringsOf([]string{"builds", "functions", "runtime"})
	model.SecretValues, model.Values = model.Values, nil
	return model
}

func branchValue(branch, value string) valueModel {
	return valueModel{
		Value: types.StringValue(value), Context: types.StringValue("branch"), ContextParameter: types.StringValue(branch),
	}
}

// mustFail checks that an error says all of these, and never a value.
func mustFail(t *testing.T, diagnostics diag.Diagnostics, words ...string) {
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

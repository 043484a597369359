package netlify

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/netlify/open-api/v2/go/models"
	"github.com/netlify/open-api/v2/go/plumbing/operations"
)

// Create makes the key, and fails when there is one of this name: it is not adopted.
func (variable *environmentVariable) Create(
	ctx context.Context, request resource.CreateRequest, response *resource.CreateResponse,
) {
	var plan variableModel
	response.Diagnostics.Append(request.Plan.Get(ctx, &plan)...)
	plan.TeamID = orDefault(plan.TeamID, variable.teamID)
	if plan.TeamID.IsNull() {
		response.Diagnostics.AddError("Missing team ID",
			"Give the environment variable a team ID, or the provider a default team.")
	}
	if response.Diagnostics.HasError() {
		return
	}
	answer, err := variable.client.api.Operations.CreateEnvVars(operations.NewCreateEnvVarsParamsWithContext(ctx).
		WithAccountID(plan.TeamID.ValueString()).
		WithSiteID(plan.SiteID.ValueStringPointer()).
		WithEnvVars([]*models.CreateEnvVarsParamsBodyItems{{
			Key: plan.Key.ValueString(), IsSecret: plan.secret(), Scopes: plan.scopesToSend(), Values: plan.valuesToSend(),
		}}), variable.client.token)
	if err == nil && len(answer.Payload) == 0 {
		err = errors.New("the answer lists no variable")
	}
	if err != nil {
		plan.failed("creating", "create", err, &response.Diagnostics)
		return
	}
	plan.LastUpdated = now()
	response.Diagnostics.Append(response.State.Set(ctx, plan)...)
}

// Read fails on a key that is gone, instead of saying so; and it leaves the values of a secret key as they are in state.
func (variable *environmentVariable) Read(
	ctx context.Context, request resource.ReadRequest, response *resource.ReadResponse,
) {
	var state variableModel
	response.Diagnostics.Append(request.State.Get(ctx, &state)...)
	if response.Diagnostics.HasError() {
		return
	}
	answer, err := variable.client.api.Operations.GetEnvVar(operations.NewGetEnvVarParamsWithContext(ctx).
		WithAccountID(state.TeamID.ValueString()).
		WithSiteID(state.SiteID.ValueStringPointer()).
		WithKey(state.Key.ValueString()), variable.client.token)
	if err != nil {
		state.failed("reading", "read", err, &response.Diagnostics)
		return
	}
	state.Scopes = make([]types.String, len(answer.Payload.Scopes))
	for i, scope := range answer.Payload.Scopes {
		// Netlify spells it post_processing in answers and post-processing in requests.
		state.Scopes[i] = types.StringValue(strings.NewReplacer("_", "-", " ", "-").Replace(scope))
	}
	if !answer.Payload.IsSecret {
		state.Values = make([]valueModel, len(answer.Payload.Values))
		for i, value := range answer.Payload.Values {
			state.Values[i] = valueModel{
				Value: types.StringValue(value.Value), Context: types.StringValue(value.Context), ContextParameter: types.StringNull(),
			}
			if value.ContextParameter != "" {
				state.Values[i].ContextParameter = types.StringValue(value.ContextParameter)
			}
		}
	}
	response.Diagnostics.Append(response.State.Set(ctx, &state)...)
}

// Update replaces every value of the key, those of contexts that are not declared included.
func (variable *environmentVariable) Update(
	ctx context.Context, request resource.UpdateRequest, response *resource.UpdateResponse,
) {
	var plan, state variableModel
	response.Diagnostics.Append(request.Plan.Get(ctx, &plan)...)
	response.Diagnostics.Append(request.State.Get(ctx, &state)...)
	if response.Diagnostics.HasError() {
		return
	}
	plan.TeamID = state.TeamID
	_, err := variable.client.api.Operations.UpdateEnvVar(operations.NewUpdateEnvVarParamsWithContext(ctx).
		WithAccountID(state.TeamID.ValueString()).
		WithSiteID(plan.SiteID.ValueStringPointer()).
		WithKey(plan.Key.ValueString()).
		WithEnvVar(&models.UpdateEnvVarParamsBody{
			IsSecret: plan.secret(), Scopes: plan.scopesToSend(), Values: plan.valuesToSend(),
		}), variable.client.token)
	if err != nil {
		plan.failed("updating", "update", err, &response.Diagnostics)
		return
	}
	plan.LastUpdated = now()
	response.Diagnostics.Append(response.State.Set(ctx, plan)...)
}

// Delete removes the key from every context, also from those that were never declared.
func (variable *environmentVariable) Delete(
	ctx context.Context, request resource.DeleteRequest, response *resource.DeleteResponse,
) {
	var state variableModel
	response.Diagnostics.Append(request.State.Get(ctx, &state)...)
	if response.Diagnostics.HasError() {
		return
	}
	if _, err := variable.client.api.Operations.DeleteEnvVar(operations.NewDeleteEnvVarParamsWithContext(ctx).
		WithAccountID(state.TeamID.ValueString()).
		WithSiteID(state.SiteID.ValueStringPointer()).
		WithKey(state.Key.ValueString()), variable.client.token); err != nil {
		state.failed("deleting", "delete", err, &response.Diagnostics)
	}
}

// ImportState takes `team_id:key` or `team_id:site_id:key`.
func (*environmentVariable) ImportState(
	ctx context.Context, request resource.ImportStateRequest, response *resource.ImportStateResponse,
) {
	names := []string{"team_id", "site_id", "key"}
	parts := strings.Split(request.ID, ":")
	if len(parts) == 2 {
		names = []string{"team_id", "key"}
	}
	valid := len(parts) == len(names)
	for _, part := range parts {
		valid = valid && part != ""
	}
	if !valid {
		response.Diagnostics.AddError("Unexpected Import Identifier",
			fmt.Sprintf("Expected team_id:key or team_id:site_id:key, got %q", request.ID))
		return
	}
	for i, name := range names {
		response.Diagnostics.Append(response.State.SetAttribute(ctx, path.Root(name), parts[i])...)
	}
}

func (model variableModel) secret() bool { return len(model.SecretValues) > 0 }

// scopesToSend is nil for all scopes: free plans may not send any.
func (model variableModel) scopesToSend() []string {
	if len(model.Scopes) >= len(scopes) {
		return nil // the schema lets in only known scopes, and a set holds each once
	}
	given := make([]string, len(model.Scopes))
	for i, scope := range model.Scopes {
		given[i] = scope.ValueString()
	}
	return given
}

func (model variableModel) valuesToSend() []*models.EnvVarValue {
	given := model.Values
	if model.secret() {
		given = model.SecretValues
	}
	values := make([]*models.EnvVarValue, len(given))
	for i, value := range given {
		values[i] = &models.EnvVarValue{
			Value:            value.Value.ValueString(),
			Context:          value.Context.ValueString(),
			ContextParameter: value.ContextParameter.ValueString(),
		}
	}
	return values
}

// failed reports an error with everything that helps but the values.
func (model variableModel) failed(doing, do string, err error, diagnostics *diag.Diagnostics) {
	diagnostics.AddError("Error "+doing+" Netlify environment variable",
		fmt.Sprintf("Could not %s Netlify environment variable %q (team ID: %q, site ID: %q, secret: %v): %q",
			do, model.Key.ValueString(), model.TeamID.ValueString(), model.SiteID.ValueString(), model.secret(), reason(err)))
}

func now() types.String { return types.StringValue(time.Now().Format(time.RFC3339)) }

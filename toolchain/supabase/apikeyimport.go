package supabase

import (
	"context"
	"strings"

	"github.com/google/uuid"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
)

// ImportState takes REF/ID, REF/NAME or REF/NAME/KIND.
func (keys *apiKey) ImportState(
	ctx context.Context, request resource.ImportStateRequest, response *resource.ImportStateResponse,
) {
	parts := strings.Split(request.ID, "/")
	valid := len(parts) == 2 || len(parts) == 3
	for i := range parts {
		parts[i] = strings.TrimSpace(parts[i])
		valid = valid && parts[i] != ""
	}
	if len(parts) == 3 && parts[2] != secretKind && parts[2] != publishableKind {
		valid = false
	}
	if !valid {
		response.Diagnostics.AddError("Unexpected Import Identifier",
			"Expected project_ref/id, project_ref/name or project_ref/name/type, the type publishable or secret.")
		return
	}
	id := parts[1]
	if len(parts) == 3 || uuid.Validate(id) != nil {
		id = keys.find(ctx, parts, &response.Diagnostics)
	}
	if response.Diagnostics.HasError() {
		return
	}
	response.Diagnostics.Append(response.State.SetAttribute(ctx, path.Root("project_ref"), parts[0])...)
	response.Diagnostics.Append(response.State.SetAttribute(ctx, path.Root("id"), id)...)
}

// find is the ID of the key of a name, and of a kind where one is given: the first of that kind, or the only one of any.
func (keys *apiKey) find(ctx context.Context, parts []string, diagnostics *diag.Diagnostics) string {
	listed, got, err := keys.list(ctx, parts[0], "")
	if err != nil || listed == nil {
		keyFailure(diagnostics, "read api keys", got, err)
		return ""
	}
	var found []string
	for _, key := range listed {
		if key.ID != nil && key.Name == strings.ToLower(parts[1]) && (len(parts) == 2 || key.isOf(parts[2])) {
			found = append(found, *key.ID)
		}
	}
	switch {
	case len(found) == 0:
		diagnostics.AddError("Import Error", "Did not find a key matching the provided identifier.")
		return ""
	case len(found) > 1 && len(parts) == 2:
		diagnostics.AddError("Ambiguous Import Identifier",
			"Found several keys of this name. Use project_ref/name/type or project_ref/id.")
		return ""
	}
	return found[0]
}

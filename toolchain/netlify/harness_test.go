package netlify

import (
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/allincompassing/staging-infrastructure/toolchain/compatible/drive"
)

func variableHarness(t *testing.T, mock *service) *drive.Harness {
	t.Helper()
	connection, err := newClient(mock.URL, testToken())
	if err != nil {
		t.Fatal(err)
	}
	return drive.New(t, &environmentVariable{access{client: connection}})
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

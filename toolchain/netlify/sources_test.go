package netlify

import (
	"context"
	"fmt"
	"reflect"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/allincompassing/staging-infrastructure/toolchain/compatible/drive"
)

// lookUp reads a data source with the given configuration into the given model.
func lookUp(t *testing.T, source datasource.DataSource, config, into any) diag.Diagnostics {
	t.Helper()
	ctx := context.Background()
	var described datasource.SchemaResponse
	source.Schema(ctx, datasource.SchemaRequest{}, &described)
	null := tftypes.NewValue(described.Schema.Type().TerraformType(ctx), nil)
	state := tfsdk.State{Schema: described.Schema, Raw: null}
	if diagnostics := state.Set(ctx, config); diagnostics.HasError() {
		t.Fatal(diagnostics)
	}
	response := datasource.ReadResponse{State: tfsdk.State{Schema: described.Schema, Raw: null}}
	source.Read(ctx, datasource.ReadRequest{Config: tfsdk.Config{Schema: state.Schema, Raw: state.Raw}}, &response)
	if !response.Diagnostics.HasError() {
		response.Diagnostics.Append(response.State.Get(ctx, into)...)
	}
	return response.Diagnostics
}

func accessTo(t *testing.T, mock *service) access {
	t.Helper()
	connection, err := newClient(mock.URL, testToken())
	if err != nil {
		t.Fatal(err)
	}
	return access{client: connection}
}

func siteJSON(id, name string) string {
	object := objectWith(siteProperties, map[string]string{
		"id": id, "name": name, "account_slug": "team", "custom_domain": "staging.example.org",
	})
	object = strings.Replace(object, `"domain_aliases":null`, `"domain_aliases":["a.example.org"]`, 1)
	return strings.Replace(object, `"build_settings":null`, `"build_settings":{"deploy_key_id":"dk-1"}`, 1)
}

func TestASiteIsFoundByIDWithItsDeployKey(t *testing.T) {
	mock := newService(t)
	mock.answers["GET /api/v1/sites/site-1"] = answer{200, siteJSON("site-1", "allin"), "application/json"}
	mock.answers["GET /api/v1/deploy_keys/dk-1"] = answer{200,
		objectWith(deployKeyProperties, map[string]string{"id": "dk-1", "public_key": "ssh-ed25519 AAAA"}), "application/json"}
	var got siteModel
	diagnostics := lookUp(t, &siteSource{accessTo(t, mock)}, siteModel{ID: types.StringValue("site-1")}, &got)
	want := siteModel{
		ID: types.StringValue("site-1"), TeamSlug: types.StringValue("team"), Name: types.StringValue("allin"),
		CustomDomain: types.StringValue("staging.example.org"), DomainAliases: stringsOf([]string{"a.example.org"}),
		GitDeployKey: types.StringValue("ssh-ed25519 AAAA"),
	}
	if diagnostics.HasError() || !reflect.DeepEqual(got, want) {
		t.Errorf("got %v (%v)", got, diagnostics)
	}
}

func TestASiteIsFoundByItsExactNameWithinATeam(t *testing.T) {
	mock := newService(t)
	mock.answers["GET /api/v1/team/sites"] = answer{200,
		"[" + siteJSON("site-0", "allin-old") + "," + siteJSON("site-1", "allin") + "]", "application/json"}
	mock.answers["GET /api/v1/deploy_keys/dk-1"] = answer{500, "{}", "application/json"}
	config := siteModel{Name: types.StringValue("allin"), TeamSlug: types.StringValue("team")}
	drive.MustFail(t, lookUp(t, &siteSource{accessTo(t, mock)}, config, &siteModel{}), "deploy key", "site-1", "500")
	config.Name = types.StringValue("all")
	drive.MustFail(t, lookUp(t, &siteSource{accessTo(t, mock)}, config, &siteModel{}), `"all"`, "team")
	config.TeamSlug = types.StringNull()
	drive.MustFail(t, lookUp(t, &siteSource{accessTo(t, mock)}, config, &siteModel{}), "team slug")
}

func TestASiteAnswerThatMissesARequiredPropertyIsRejected(t *testing.T) {
	mock := newService(t)
	mock.answers["GET /api/v1/sites/site-1"] = answer{200, `{"id":"site-1","name":"allin"}`, "application/json"}
	diagnostics := lookUp(t, &siteSource{accessTo(t, mock)}, siteModel{ID: types.StringValue("site-1")}, &siteModel{})
	drive.MustFail(t, diagnostics, "no value given for required property")
}

func TestSitesAreListedUntilAPageIsEmpty(t *testing.T) {
	mock := newService(t)
	mock.answers["GET /api/v1/team/sites"] = answer{200, "[]", "application/json"}
	var got sitesModel
	diagnostics := lookUp(t, &sitesSource{accessTo(t, mock)}, sitesModel{TeamSlug: types.StringValue("team")}, &got)
	if diagnostics.HasError() || len(got.Sites) != 0 || len(mock.calls) != 1 {
		t.Errorf("got %v, %d calls (%v)", got, len(mock.calls), diagnostics)
	}
	mock.answers["GET /api/v1/team/sites"] = answer{429, "{}", "application/json"}
	drive.MustFail(t, lookUp(t, &sitesSource{accessTo(t, mock)}, sitesModel{TeamSlug: types.StringValue("team")}, &got), "429")
	drive.MustFail(t, lookUp(t, &sitesSource{accessTo(t, mock)}, sitesModel{}, &got), "team slug")
}

func TestATeamIsFoundBySlugByIDOrByDefault(t *testing.T) {
	mock := newService(t)
	one := objectWith(teamProperties, map[string]string{"id": "team-1", "slug": "team", "name": "Team"})
	mock.answers["GET /api/v1/accounts/team-1"] = answer{200, one, "application/json"}
	mock.answers["GET /api/v1/accounts"] = answer{200, "[" + one + "]", "application/json"}
	defaulted := accessTo(t, mock)
	defaulted.teamID = types.StringValue("team-1")
	for name, look := range map[string]struct {
		access access
		config teamModel
	}{
		"slug":    {accessTo(t, mock), teamModel{Slug: types.StringValue("team")}},
		"id":      {accessTo(t, mock), teamModel{ID: types.StringValue("team-1")}},
		"default": {defaulted, teamModel{}},
	} {
		var got teamModel
		diagnostics := lookUp(t, &teamSource{look.access}, look.config, &got)
		if diagnostics.HasError() || got.Name.ValueString() != "Team" {
			t.Errorf("%s: %v (%v)", name, got, diagnostics)
		}
	}
	drive.MustFail(t, lookUp(t, &teamSource{accessTo(t, mock)}, teamModel{}, &teamModel{}), "team ID or slug")
	// The service answers with one object; a list, as its document says, is what the real provider cannot read.
	mock.answers["GET /api/v1/accounts/team-1"] = answer{200, "[" + one + "]", "application/json"}
	drive.MustFail(t, lookUp(t, &teamSource{accessTo(t, mock)}, teamModel{ID: types.StringValue("team-1")}, &teamModel{}),
		fmt.Sprintf("%q", "team-1"))
}

package netlify

import (
	"context"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/allincompassing/staging-infrastructure/toolchain/compatible/drive"
)

func configure(t *testing.T, model providerModel) (access, diag.Diagnostics) {
	t.Helper()
	ctx := context.Background()
	var described provider.SchemaResponse
	New().Schema(ctx, provider.SchemaRequest{}, &described)
	state := tfsdk.State{
		Schema: described.Schema, Raw: tftypes.NewValue(described.Schema.Type().TerraformType(ctx), nil),
	}
	if diagnostics := state.Set(ctx, model); diagnostics.HasError() {
		t.Fatal(diagnostics)
	}
	var response provider.ConfigureResponse
	New().Configure(ctx, provider.ConfigureRequest{Config: tfsdk.Config{Schema: state.Schema, Raw: state.Raw}}, &response)
	granted, _ := response.ResourceData.(access)
	return granted, response.Diagnostics
}

func TestEveryEndpointButLoopbackIsRefused(t *testing.T) {
	t.Setenv(tokenVariable, testToken())
	for _, endpoint := range []string{
		"https://api.netlify.com", "http://10.0.0.1:80", "http://127.0.0.1.example.com", "http://localhost.example.com",
		"http://user@example.com", "http://[2001:db8::1]", "http://0.0.0.0:80",
	} {
		_, diagnostics := configure(t, providerModel{Endpoint: types.StringValue(endpoint)})
		drive.MustFail(t, diagnostics, "compatible", "loopback", "STAGING_TOOLCHAIN=official")
	}
	for _, endpoint := range []string{"", "127.0.0.1:80", "ftp://127.0.0.1", "http://"} {
		_, diagnostics := configure(t, providerModel{Endpoint: types.StringValue(endpoint)})
		drive.MustFail(t, diagnostics, "Endpoint")
	}
	for _, endpoint := range []string{"http://127.0.0.1:1", "http://localhost:1", "http://[::1]:1", "https://127.8.8.8"} {
		if _, diagnostics := configure(t, providerModel{Endpoint: types.StringValue(endpoint)}); diagnostics.HasError() {
			t.Errorf("%s: %v", endpoint, diagnostics)
		}
	}
}

func TestWithoutAnEndpointTheRealOneIsMeantAndRefused(t *testing.T) {
	t.Setenv(tokenVariable, testToken())
	_, diagnostics := configure(t, providerModel{})
	drive.MustFail(t, diagnostics, "api.netlify.com")
	t.Setenv(endpointVariable, "http://127.0.0.1:1")
	if _, diagnostics := configure(t, providerModel{}); diagnostics.HasError() {
		t.Error(diagnostics)
	}
}

func TestATokenIsRequired(t *testing.T) {
	t.Setenv(tokenVariable, "")
	_, diagnostics := configure(t, providerModel{Endpoint: types.StringValue("http://127.0.0.1:1")})
	drive.MustFail(t, diagnostics, tokenVariable)
}

func TestRedirectsLeaveLoopbackNever(t *testing.T) {
	elsewhere := httptest.NewServer(http.HandlerFunc(func(response http.ResponseWriter, request *http.Request) {
		http.Redirect(response, request, "http://192.0.2.1/stolen", http.StatusTemporaryRedirect)
	}))
	defer elsewhere.Close()
	connection, err := newClient(elsewhere.URL, testToken())
	if err != nil {
		t.Fatal(err)
	}
	_, err = connection.site(context.Background(), "site-1")
	if err == nil || !strings.Contains(err.Error(), "not loopback") {
		t.Errorf("got %v", err)
	}
}

func TestTheDefaultTeamIsLookedUpByIDOrSlug(t *testing.T) {
	mock := newService(t)
	one := objectWith(teamProperties, map[string]string{"id": "team-1", "slug": "team", "name": "Team"})
	mock.answers["GET /api/v1/accounts/team-1"] = answer{200, one, "application/json"}
	mock.answers["GET /api/v1/accounts"] = answer{200, "[" + one + "]", "application/json"}
	base := providerModel{Endpoint: types.StringValue(mock.URL), Token: types.StringValue(testToken())}
	byID, bySlug, absent := base, base, base
	byID.DefaultTeamID = types.StringValue("team-1")
	bySlug.DefaultTeamSlug = types.StringValue("team")
	absent.DefaultTeamSlug = types.StringValue("nobody")
	for _, model := range []providerModel{byID, bySlug} {
		granted, diagnostics := configure(t, model)
		if diagnostics.HasError() || granted.teamID.ValueString() != "team-1" || granted.teamSlug.ValueString() != "team" {
			t.Errorf("%v %v", granted.teamID, diagnostics)
		}
	}
	_, diagnostics := configure(t, absent)
	drive.MustFail(t, diagnostics, "nobody")
}

// objectWith is a JSON object with all the properties, most of them null.
func objectWith(properties []string, values map[string]string) string {
	fields := make([]string, len(properties))
	for i, name := range properties {
		fields[i] = `"` + name + `":null`
		if value, set := values[name]; set {
			fields[i] = `"` + name + `":"` + value + `"`
		}
	}
	return "{" + strings.Join(fields, ",") + "}"
}

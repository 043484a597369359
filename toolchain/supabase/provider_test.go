package supabase

import (
	"context"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/allincompassing/staging-infrastructure/toolchain/compatible/drive"
)

func configure(t *testing.T, model providerModel) (*client, diag.Diagnostics) {
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
	connection, _ := response.ResourceData.(*client)
	return connection, response.Diagnostics
}

func TestEveryEndpointButLoopbackIsRefused(t *testing.T) {
	t.Setenv(tokenVariable, testToken())
	for _, endpoint := range []string{
		"https://api.supabase.com", "http://10.0.0.1:80", "http://127.0.0.1.example.com", "http://localhost.example.com",
		"http://user@example.com", "http://[2001:db8::1]", "http://0.0.0.0:80",
	} {
		_, diagnostics := configure(t, providerModel{Endpoint: types.StringValue(endpoint)})
		drive.MustFail(t, diagnostics, "compatible Supabase provider", "loopback", "STAGING_TOOLCHAIN=official")
		t.Setenv(endpointVariable, endpoint)
		_, diagnostics = configure(t, providerModel{})
		drive.MustFail(t, diagnostics, "compatible Supabase provider")
	}
	for _, endpoint := range []string{"127.0.0.1:80", "ftp://127.0.0.1", "http://"} {
		_, diagnostics := configure(t, providerModel{Endpoint: types.StringValue(endpoint)})
		drive.MustFail(t, diagnostics, "Endpoint")
	}
	for _, endpoint := range []string{"http://127.0.0.1:1", "http://localhost:1/", "http://[::1]:1", "https://127.8.8.8"} {
		if _, diagnostics := configure(t, providerModel{Endpoint: types.StringValue(endpoint)}); diagnostics.HasError() {
			t.Errorf("%s: %v", endpoint, diagnostics)
		}
	}
}

func TestWithoutAnEndpointTheRealOneIsMeantAndRefused(t *testing.T) {
	t.Setenv(tokenVariable, testToken())
	for _, empty := range []types.String{types.StringNull(), types.StringValue("")} {
		_, diagnostics := configure(t, providerModel{Endpoint: empty})
		drive.MustFail(t, diagnostics, "api.supabase.com")
	}
	t.Setenv(endpointVariable, "http://127.0.0.1:1")
	if _, diagnostics := configure(t, providerModel{}); diagnostics.HasError() {
		t.Error(diagnostics)
	}
}

func TestATokenIsRequiredAndTrimmed(t *testing.T) {
	endpoint := types.StringValue("http://127.0.0.1:1")
	for _, token := range []string{"", " \n"} {
		t.Setenv(tokenVariable, token)
		_, diagnostics := configure(t, providerModel{Endpoint: endpoint})
		drive.MustFail(t, diagnostics, tokenVariable)
	}
	connection, diagnostics := configure(t, providerModel{Endpoint: endpoint, AccessToken: types.StringValue(testToken() + "\n")})
	if diagnostics.HasError() || connection.token != testToken() {
		t.Errorf("got %v", diagnostics)
	}
	_, diagnostics = configure(t, providerModel{Endpoint: types.StringUnknown(), AccessToken: types.StringUnknown()})
	drive.MustFail(t, diagnostics, "must be known")
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
	for _, method := range []string{http.MethodGet, http.MethodPost, http.MethodDelete} {
		_, err = connection.send(context.Background(), method, project, "secrets", []string{"x"})
		if err == nil || !strings.Contains(err.Error(), "not loopback") {
			t.Errorf("%s: got %v", method, err)
		}
	}
}

func TestEverySchemaIsValid(t *testing.T) {
	ctx := context.Background()
	for _, make := range New().Resources(ctx) {
		var described resource.SchemaResponse
		make().Schema(ctx, resource.SchemaRequest{}, &described)
		if diagnostics := described.Schema.ValidateImplementation(ctx); diagnostics.HasError() {
			t.Errorf("%T: %v", make(), diagnostics)
		}
	}
	for _, make := range New().DataSources(ctx) {
		var described datasource.SchemaResponse
		make().Schema(ctx, datasource.SchemaRequest{}, &described)
		if diagnostics := described.Schema.ValidateImplementation(ctx); diagnostics.HasError() {
			t.Errorf("%T: %v", make(), diagnostics)
		}
	}
}

func TestWhatIsOnlyDeclaredRefusesEveryCall(t *testing.T) {
	ctx := context.Background()
	for _, declared := range declaredResources() {
		var created resource.CreateResponse
		declared.Create(ctx, resource.CreateRequest{}, &created)
		var read resource.ReadResponse
		declared.Read(ctx, resource.ReadRequest{}, &read)
		var updated resource.UpdateResponse
		declared.Update(ctx, resource.UpdateRequest{}, &updated)
		var deleted resource.DeleteResponse
		declared.Delete(ctx, resource.DeleteRequest{}, &deleted)
		for _, diagnostics := range []diag.Diagnostics{
			created.Diagnostics, read.Diagnostics, updated.Diagnostics, deleted.Diagnostics,
		} {
			drive.MustFail(t, diagnostics, "supabase_"+declared.Name, "needs Supabase's own provider")
		}
	}
	for _, declared := range declaredSources() {
		var read datasource.ReadResponse
		declared.Read(ctx, datasource.ReadRequest{}, &read)
		drive.MustFail(t, read.Diagnostics, "supabase_"+declared.Name)
	}
}

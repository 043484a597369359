package supabase

import (
	"fmt"
	"net/http"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/allincompassing/staging-infrastructure/toolchain/compatible/drive"
)

const (
	keyID   = "8a1c2f34-5b6d-4e7f-8091-a2b3c4d5e6f7"
	otherID = "9b1c2f34-5b6d-4e7f-8091-a2b3c4d5e6f7"
	keyPath = "api-keys/" + keyID + "?reveal=true"
)

func keyJSON(id, name, kind string) string {
	return fmt.Sprintf(`{"id":%q,"name":%q,"type":%q,"api_key":"made up","description":null,`+
		`"secret_jwt_template":{"role":"service_role"},"inserted_at":"2026-01-01T00:00:00Z"}`, id, name, kind)
}

func made(body string) reply { return reply{http.StatusCreated, body, "application/json"} }

func keyNamed(name, description string) keyModel {
	model := keyModel{
		ID: types.StringValue(keyID), ProjectRef: types.StringValue(project), Name: types.StringValue(name),
		Type: types.StringValue(secretKind), Description: types.StringValue(description), JwtTemplate: types.ObjectNull(templateType),
	}
	if description == "" {
		model.Description = types.StringNull()
	}
	return model
}

func keyHarness(t *testing.T) (*service, *drive.Harness, tfsdk.State) {
	t.Helper()
	mock, granted := newService(t)
	driven := drive.New(t, &apiKey{granted})
	return mock, driven, driven.State(keyNamed("rotation", ""))
}

func TestANewKeyIsASecretOneBesideTheDefaultPublishableOneAndGetsNoDescription(t *testing.T) {
	mock, driven, _ := keyHarness(t)
	created, read := made(keyJSON(keyID, "rotation", secretKind)), shows(keyJSON(keyID, "rotation", secretKind))
	mock.answers["GET api-keys?reveal=true"] = []reply{shows("[]"), refusing(403), shows("[" + keyJSON(otherID, "default", publishableKind) + "]")}
	mock.answers["POST api-keys?reveal=true"] = []reply{created, created, created, created, created}
	mock.answers["GET "+keyPath] = []reply{read, read, read}
	const (
		list    = "GET api-keys?reveal=true\n"
		initial = `POST api-keys?reveal=true {"name":"default","type":"publishable"}` + "\n"
		secret  = `POST api-keys?reveal=true {"name":"rotation","secret_jwt_template":{"role":"service_role"},"type":"secret"}` + "\n"
	)
	// A list that cannot be read counts as one without the default key.
	for _, want := range []string{list + initial + secret, list + initial + secret, list + secret} {
		state, diagnostics := driven.Create(keyNamed("rotation", "why it is there"))
		driven.OK(diagnostics)
		expect(t, "requests", mock.asked(), want+"GET "+keyPath)
		model := drive.Model[keyModel](t, state)
		expect(t, "key", model.APIKey.ValueString(), "made up")
		if !model.Description.IsNull() {
			t.Errorf("got the description %v", model.Description)
		}
	}
}

func TestAKeyThatCannotBeMadeIsAnErrorAndIsNotTriedAgain(t *testing.T) {
	mock, driven, _ := keyHarness(t)
	mock.answers["GET api-keys?reveal=true"] = []reply{shows("[]")}
	mock.answers["POST api-keys?reveal=true"] = []reply{refusing(500)}
	_, diagnostics := driven.Create(keyNamed("rotation", ""))
	drive.MustFail(t, diagnostics, "Client Error", "default publishable apiKey", "500")
	if len(mock.calls) != 2 {
		t.Errorf("got %v", mock.calls)
	}
}

func TestReadingAKeyThatIsGoneFails(t *testing.T) {
	mock, driven, state := keyHarness(t)
	mock.answers["GET "+keyPath] = []reply{refusing(404)}
	_, diagnostics := driven.Read(state)
	drive.MustFail(t, diagnostics, "Client Error", "read apiKey", "404")
	mock.answers["DELETE "+keyPath] = []reply{refusing(404)}
	drive.MustFail(t, driven.Delete(state), "delete apiKey", "404")
}

func TestNameAndDescriptionChangeInPlaceAndADescriptionIsNeverTakenAway(t *testing.T) {
	mock, driven, state := keyHarness(t)
	shown := shows(keyJSON(keyID, "rotated", secretKind))
	mock.answers["PATCH "+keyPath] = []reply{shown, shown}
	mock.answers["GET "+keyPath] = []reply{shown, shown}
	for description, member := range map[string]string{"why": `"description":"why",`, "": ""} {
		_, diagnostics := driven.Update(state, keyNamed("rotated", description))
		driven.OK(diagnostics)
		expect(t, "requests", mock.asked(), "PATCH "+keyPath+` {`+member+
			`"name":"rotated","secret_jwt_template":{"role":"service_role"}}`+"\nGET "+keyPath)
	}
}

func TestDeletingRevokesTheKey(t *testing.T) {
	mock, driven, state := keyHarness(t)
	mock.answers["DELETE "+keyPath] = []reply{shows(keyJSON(keyID, "rotation", secretKind))}
	driven.OK(driven.Delete(state))
	expect(t, "requests", mock.asked(), "DELETE "+keyPath)
}

func TestAKeyIsImportedByItsIDByItsNameOrByNameAndKind(t *testing.T) {
	mock, driven, _ := keyHarness(t)
	list := shows("[" + keyJSON(otherID, "default", publishableKind) + "," + keyJSON(keyID, "rotation", secretKind) + "," +
		keyJSON(otherID, "twice", publishableKind) + "," + keyJSON(keyID, "twice", secretKind) + "]")
	for id, want := range map[string]string{
		project + "/" + keyID: "", project + "/Rotation": "GET api-keys", project + "/twice/secret": "GET api-keys",
	} {
		mock.answers["GET api-keys"] = []reply{list}
		state, diagnostics := driven.Import(id)
		driven.OK(diagnostics)
		expect(t, id, mock.asked(), want)
		expect(t, id, drive.Model[keyModel](t, state).ID.ValueString(), keyID)
	}
	for id, words := range map[string]string{
		project + "/twice": "Ambiguous", project + "/missing": "Import Error", project + "/missing/secret": "Import Error",
		project: "Unexpected Import Identifier", project + "/": "Unexpected", project + "/twice/wrong": "Unexpected",
		"a/b/c/d": "Unexpected",
	} {
		mock.answers["GET api-keys"] = []reply{list}
		_, diagnostics := driven.Import(id)
		drive.MustFail(t, diagnostics, words)
	}
}

package netlify

import (
	"encoding/json"
	"net/url"
	"reflect"
	"strings"
	"testing"

	"github.com/allincompassing/staging-infrastructure/toolchain/compatible/drive"
)

func TestCreateThenReadShowsNoDifference(t *testing.T) {
	h := variableHarness(t, newService(t))
	created, diagnostics := h.Create(plainVariable())
	h.OK(diagnostics)
	read, diagnostics := h.Read(created)
	h.OK(diagnostics)
	if !reflect.DeepEqual(drive.Model[variableModel](t, created), drive.Model[variableModel](t, read)) {
		t.Errorf("created %v, read %v", drive.Model[variableModel](t, created), drive.Model[variableModel](t, read))
	}
}

func TestReadFailsOnAVariableThatIsGoneInsteadOfSayingSo(t *testing.T) {
	mock := newService(t)
	h := variableHarness(t, mock)
	state, diagnostics := h.Create(plainVariable())
	h.OK(diagnostics)
	delete(mock.variables, "KEY")
	after, diagnostics := h.Read(state)
	drive.MustFail(t, diagnostics, "KEY", "team-1", "site-1", "404 Not Found")
	if after.Raw.IsNull() {
		t.Error("the state was dropped: the real provider keeps it")
	}
}

func TestSecretValuesAndContextsAreNeverReadBack(t *testing.T) {
	mock := newService(t)
	h := variableHarness(t, mock)
	state, diagnostics := h.Create(secretVariable())
	h.OK(diagnostics)
	// Somebody changes the value and adds a context by hand.
	mock.variables["KEY"]["values"] = []any{
		map[string]any{"context": "production", "value": "****"},
	}
	read, diagnostics := h.Read(state)
	h.OK(diagnostics)
	if got := drive.Model[variableModel](t, read); !reflect.DeepEqual(got.SecretValues, secretVariable().SecretValues) || got.Values != nil {
		t.Errorf("drift became visible: %v %v", got.SecretValues, got.Values)
	}
}

func TestPlainValuesAreReadBackWithAllContexts(t *testing.T) {
	mock := newService(t)
	h := variableHarness(t, mock)
	state, diagnostics := h.Create(plainVariable())
	h.OK(diagnostics)
	mock.variables["KEY"]["values"] = []any{
		map[string]any{"context": "production", "value": "other", "context_parameter": ""},
	}
	read, diagnostics := h.Read(state)
	h.OK(diagnostics)
	got := drive.Model[variableModel](t, read).Values
	if len(got) != 1 || got[0].Context.ValueString() != "production" || !got[0].ContextParameter.IsNull() {
		t.Errorf("read %v", got)
	}
}

func TestCreateFailsOnAnExistingKeyAndChangesNothing(t *testing.T) {
	mock := newService(t)
	h := variableHarness(t, mock)
	_, diagnostics := h.Create(plainVariable())
	h.OK(diagnostics)
	again := plainVariable()
	again.Values = []valueModel{branchValue("develop", "two")}
	_, diagnostics = h.Create(again)
	drive.MustFail(t, diagnostics, "422 Unprocessable Entity", "KEY")
	if text, _ := json.Marshal(mock.variables); strings.Contains(string(text), "develop") {
		t.Error("the existing key was changed")
	}
}

func TestUpdateReplacesEveryValueByOnePut(t *testing.T) {
	mock := newService(t)
	h := variableHarness(t, mock)
	state, diagnostics := h.Create(plainVariable())
	h.OK(diagnostics)
	// Production's value was added outside.
	mock.variables["KEY"]["values"] = append(mock.variables["KEY"]["values"].([]any),
		map[string]any{"context": "production", "value": "live"})
	changed := plainVariable()
	changed.Values = []valueModel{branchValue("staging", "two")}
	calls := len(mock.calls)
	_, diagnostics = h.Update(state, changed)
	h.OK(diagnostics)
	if got := mock.calls[calls:]; !reflect.DeepEqual(got, []string{"PUT " + environmentPath + "/KEY"}) {
		t.Errorf("calls: %v", got)
	}
	if query, _ := url.ParseQuery(mock.queries[calls]); query.Get("key") != "KEY" {
		t.Errorf("Netlify's provider names the key behind the path too, this one says %q", mock.queries[calls])
	}
	if text, _ := json.Marshal(mock.variables); strings.Contains(string(text), "live") {
		t.Error("production's value survived: the real provider wipes it")
	}
}

func TestDeleteRemovesTheKeyInEveryContext(t *testing.T) {
	mock := newService(t)
	h := variableHarness(t, mock)
	state, diagnostics := h.Create(plainVariable())
	h.OK(diagnostics)
	mock.variables["KEY"]["values"] = append(mock.variables["KEY"]["values"].([]any),
		map[string]any{"context": "production", "value": "live"})
	h.OK(h.Delete(state))
	if len(mock.variables) != 0 {
		t.Errorf("left: %v", mock.variables)
	}
	drive.MustFail(t, h.Delete(state), "404 Not Found") // gone is an error here too
}

func TestAnswersThatMissARequiredPropertyAreRejected(t *testing.T) {
	for _, property := range []string{"updated_at", "updated_by", "is_secret", "values", "key"} {
		t.Run(property, func(t *testing.T) {
			mock := newService(t)
			h := variableHarness(t, mock)
			state, diagnostics := h.Create(plainVariable())
			h.OK(diagnostics)
			mock.without = property
			mock.variables["KEY"] = mock.store("KEY", mock.variables["KEY"])
			_, diagnostics = h.Read(state)
			drive.MustFail(t, diagnostics, "no value given for required property "+property)
			_, diagnostics = h.Update(state, plainVariable())
			drive.MustFail(t, diagnostics, "no value given for required property "+property)
			delete(mock.variables, "KEY")
			_, diagnostics = h.Create(plainVariable())
			drive.MustFail(t, diagnostics, "no value given for required property "+property)
		})
	}
}

func TestNothingIsTriedTwice(t *testing.T) {
	for status, words := range map[int]string{
		429: "429 Too Many Requests", 500: "500 Internal Server Error", 502: "502 Bad Gateway", 403: "403 Forbidden",
	} {
		mock := newService(t)
		mock.answers["POST "+environmentPath] = answer{status: status, body: "<html>no JSON</html>", mime: "text/html"}
		_, diagnostics := variableHarness(t, mock).Create(plainVariable())
		drive.MustFail(t, diagnostics, words)
		if len(mock.calls) != 1 {
			t.Errorf("%d: %d calls", status, len(mock.calls))
		}
	}
}

func TestHalfAnAnswerIsAnError(t *testing.T) {
	mock := newService(t)
	mock.answers["POST "+environmentPath] = answer{status: 201, body: `[{"key":"KEY","val`, mime: "application/json"}
	_, diagnostics := variableHarness(t, mock).Create(plainVariable())
	drive.MustFail(t, diagnostics, "Could not create")
	mock.answers["POST "+environmentPath] = answer{status: 201, body: `[]`, mime: "application/json"}
	_, diagnostics = variableHarness(t, mock).Create(plainVariable())
	drive.MustFail(t, diagnostics, "lists no variable")
}

func TestErrorsNeverHoldAValue(t *testing.T) {
	mock := newService(t)
	canary := strings.Repeat("canary", 3)
	model := secretVariable()
	model.SecretValues = []valueModel{branchValue("staging", canary)}
	mock.answers["POST "+environmentPath] = answer{status: 422, body: `{"message":"` + canary + `"}`, mime: "application/json"}
	_, diagnostics := variableHarness(t, mock).Create(model)
	drive.MustFail(t, diagnostics, "422")
	for _, each := range diagnostics {
		if strings.Contains(each.Summary()+each.Detail(), canary) {
			t.Error("the value is in the error")
		}
	}
}

func TestTheWireSaysWhatTheRealProviderSays(t *testing.T) {
	mock := newService(t)
	h := variableHarness(t, mock)
	model := plainVariable()
	model.Values = []valueModel{branchValue("staging", "")} // an empty value is sent, not left out
	_, diagnostics := h.Create(model)
	h.OK(diagnostics)
	want := `[{"key":"KEY","is_secret":false,"values":[{"value":"","context":"branch","context_parameter":"staging"}],` +
		`"updated_at":"0001-01-01T00:00:00Z","updated_by":{}}]`
	if got := strings.TrimSpace(mock.bodies[0]); got != want {
		t.Errorf("all scopes are left out, is_secret is not:\n got %s\nwant %s", got, want)
	}
	delete(mock.variables, "KEY")
	_, diagnostics = h.Create(secretVariable())
	h.OK(diagnostics)
	if got := mock.bodies[1]; !strings.Contains(got, `"scopes":["builds","functions","runtime"]`) ||
		!strings.Contains(got, `"is_secret":true`) {
		t.Errorf("some scopes are sent: %s", got)
	}
}

func TestImportTakesTeamAndKeyOrTeamSiteAndKey(t *testing.T) {
	mock := newService(t)
	h := variableHarness(t, mock)
	_, diagnostics := h.Create(plainVariable())
	h.OK(diagnostics)
	state, diagnostics := h.Import("team-1:site-1:KEY")
	h.OK(diagnostics)
	read, diagnostics := h.Read(state)
	h.OK(diagnostics)
	if got := drive.Model[variableModel](t, read); len(got.Values) != 1 || got.Values[0].Value.ValueString() != "one" {
		t.Errorf("import did not read the values: %v", got)
	}
	state, diagnostics = h.Import("team-1:KEY")
	h.OK(diagnostics)
	if !drive.Model[variableModel](t, state).SiteID.IsNull() {
		t.Error("a site came from nowhere")
	}
	for _, id := range []string{"KEY", "a:b:c:d", "a::b", ":b"} {
		_, diagnostics = h.Import(id)
		drive.MustFail(t, diagnostics, "team_id:key")
	}
}

func TestAWrongTokenIsSaid(t *testing.T) {
	mock := newService(t)
	connection, err := newClient(mock.URL, "wrong")
	if err != nil {
		t.Fatal(err)
	}
	_, diagnostics := drive.New(t, &environmentVariable{access{client: connection}}).Create(plainVariable())
	drive.MustFail(t, diagnostics, "401 Unauthorized")
}

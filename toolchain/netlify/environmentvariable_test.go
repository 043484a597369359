package netlify

import (
	"encoding/json"
	"net/url"
	"reflect"
	"strings"
	"testing"
)

func TestCreateThenReadShowsNoDifference(t *testing.T) {
	h := variableHarness(t, newService(t))
	created, diagnostics := h.create(plainVariable())
	h.ok(diagnostics)
	read, diagnostics := h.read(created)
	h.ok(diagnostics)
	if !reflect.DeepEqual(variableOf(t, created), variableOf(t, read)) {
		t.Errorf("created %v, read %v", variableOf(t, created), variableOf(t, read))
	}
}

func TestReadFailsOnAVariableThatIsGoneInsteadOfSayingSo(t *testing.T) {
	mock := newService(t)
	h := variableHarness(t, mock)
	state, diagnostics := h.create(plainVariable())
	h.ok(diagnostics)
	delete(mock.variables, "KEY")
	after, diagnostics := h.read(state)
	mustFail(t, diagnostics, "KEY", "team-1", "site-1", "404 Not Found")
	if after.Raw.IsNull() {
		t.Error("the state was dropped: the real provider keeps it")
	}
}

func TestSecretValuesAndContextsAreNeverReadBack(t *testing.T) {
	mock := newService(t)
	h := variableHarness(t, mock)
	state, diagnostics := h.create(secretVariable())
	h.ok(diagnostics)
	// Somebody changes the value and adds a context by hand.
	mock.variables["KEY"]["values"] = []any{
		map[string]any{"context": "production", "value": "****"},
	}
	read, diagnostics := h.read(state)
	h.ok(diagnostics)
	if got := variableOf(t, read); !reflect.DeepEqual(got.SecretValues, secretVariable().SecretValues) || got.Values != nil {
		t.Errorf("drift became visible: %v %v", got.SecretValues, got.Values)
	}
}

func TestPlainValuesAreReadBackWithAllContexts(t *testing.T) {
	mock := newService(t)
	h := variableHarness(t, mock)
	state, diagnostics := h.create(plainVariable())
	h.ok(diagnostics)
	mock.variables["KEY"]["values"] = []any{
		map[string]any{"context": "production", "value": "other", "context_parameter": ""},
	}
	read, diagnostics := h.read(state)
	h.ok(diagnostics)
	got := variableOf(t, read).Values
	if len(got) != 1 || got[0].Context.ValueString() != "production" || !got[0].ContextParameter.IsNull() {
		t.Errorf("read %v", got)
	}
}

func TestCreateFailsOnAnExistingKeyAndChangesNothing(t *testing.T) {
	mock := newService(t)
	h := variableHarness(t, mock)
	_, diagnostics := h.create(plainVariable())
	h.ok(diagnostics)
	again := plainVariable()
	again.Values = []valueModel{branchValue("develop", "two")}
	_, diagnostics = h.create(again)
	mustFail(t, diagnostics, "422 Unprocessable Entity", "KEY")
	if text, _ := json.Marshal(mock.variables); strings.Contains(string(text), "develop") {
		t.Error("the existing key was changed")
	}
}

func TestUpdateReplacesEveryValueByOnePut(t *testing.T) {
	mock := newService(t)
	h := variableHarness(t, mock)
	state, diagnostics := h.create(plainVariable())
	h.ok(diagnostics)
	// Production's value was added outside.
	mock.variables["KEY"]["values"] = append(mock.variables["KEY"]["values"].([]any),
		map[string]any{"context": "production", "value": "live"})
	changed := plainVariable()
	changed.Values = []valueModel{branchValue("staging", "two")}
	calls := len(mock.calls)
	_, diagnostics = h.update(state, changed)
	h.ok(diagnostics)
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
	state, diagnostics := h.create(plainVariable())
	h.ok(diagnostics)
	mock.variables["KEY"]["values"] = append(mock.variables["KEY"]["values"].([]any),
		map[string]any{"context": "production", "value": "live"})
	h.ok(h.delete(state))
	if len(mock.variables) != 0 {
		t.Errorf("left: %v", mock.variables)
	}
	mustFail(t, h.delete(state), "404 Not Found") // gone is an error here too
}

func TestAnswersThatMissARequiredPropertyAreRejected(t *testing.T) {
	for _, property := range []string{"updated_at", "updated_by", "is_secret", "values", "key"} {
		t.Run(property, func(t *testing.T) {
			mock := newService(t)
			h := variableHarness(t, mock)
			state, diagnostics := h.create(plainVariable())
			h.ok(diagnostics)
			mock.without = property
			mock.variables["KEY"] = mock.store("KEY", mock.variables["KEY"])
			_, diagnostics = h.read(state)
			mustFail(t, diagnostics, "no value given for required property "+property)
			_, diagnostics = h.update(state, plainVariable())
			mustFail(t, diagnostics, "no value given for required property "+property)
			delete(mock.variables, "KEY")
			_, diagnostics = h.create(plainVariable())
			mustFail(t, diagnostics, "no value given for required property "+property)
		})
	}
}

func TestNothingIsTriedTwice(t *testing.T) {
	for status, words := range map[int]string{
		429: "429 Too Many Requests", 500: "500 Internal Server Error", 502: "502 Bad Gateway", 403: "403 Forbidden",
	} {
		mock := newService(t)
		mock.answers["POST "+environmentPath] = answer{status: status, body: "<html>no JSON</html>", mime: "text/html"}
		_, diagnostics := variableHarness(t, mock).create(plainVariable())
		mustFail(t, diagnostics, words)
		if len(mock.calls) != 1 {
			t.Errorf("%d: %d calls", status, len(mock.calls))
		}
	}
}

func TestHalfAnAnswerIsAnError(t *testing.T) {
	mock := newService(t)
	mock.answers["POST "+environmentPath] = answer{status: 201, body: `[{"key":"KEY","val`, mime: "application/json"}
	_, diagnostics := variableHarness(t, mock).create(plainVariable())
	mustFail(t, diagnostics, "Could not create")
	mock.answers["POST "+environmentPath] = answer{status: 201, body: `[]`, mime: "application/json"}
	_, diagnostics = variableHarness(t, mock).create(plainVariable())
	mustFail(t, diagnostics, "lists no variable")
}

func TestErrorsNeverHoldAValue(t *testing.T) {
	mock := newService(t)
	canary := strings.Repeat("canary", 3)
	model := secretVariable()
	model.SecretValues = []valueModel{branchValue("staging", canary)}
	mock.answers["POST "+environmentPath] = answer{status: 422, body: `{"message":"` + canary + `"}`, mime: "application/json"}
	_, diagnostics := variableHarness(t, mock).create(model)
	mustFail(t, diagnostics, "422")
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
	_, diagnostics := h.create(model)
	h.ok(diagnostics)
	want := `[{"key":"KEY","is_secret":false,"values":[{"value":"","context":"branch","context_parameter":"staging"}],` +
		`"updated_at":"0001-01-01T00:00:00Z","updated_by":{}}]`
	if got := strings.TrimSpace(mock.bodies[0]); got != want {
		t.Errorf("all scopes are left out, is_secret is not:\n got %s\nwant %s", got, want)
	}
	delete(mock.variables, "KEY")
	_, diagnostics = h.create(secretVariable())
	h.ok(diagnostics)
	if got := mock.bodies[1]; !strings.Contains(got, `"scopes":["builds","functions","runtime"]`) ||
		!strings.Contains(got, `"is_secret":true`) {
		t.Errorf("some scopes are sent: %s", got)
	}
}

func TestImportTakesTeamAndKeyOrTeamSiteAndKey(t *testing.T) {
	mock := newService(t)
	h := variableHarness(t, mock)
	_, diagnostics := h.create(plainVariable())
	h.ok(diagnostics)
	state, diagnostics := h.importID("team-1:site-1:KEY")
	h.ok(diagnostics)
	read, diagnostics := h.read(state)
	h.ok(diagnostics)
	if got := variableOf(t, read); len(got.Values) != 1 || got.Values[0].Value.ValueString() != "one" {
		t.Errorf("import did not read the values: %v", got)
	}
	state, diagnostics = h.importID("team-1:KEY")
	h.ok(diagnostics)
	if !variableOf(t, state).SiteID.IsNull() {
		t.Error("a site came from nowhere")
	}
	for _, id := range []string{"KEY", "a:b:c:d", "a::b", ":b"} {
		_, diagnostics = h.importID(id)
		mustFail(t, diagnostics, "team_id:key")
	}
}

func TestAWrongTokenIsSaid(t *testing.T) {
	mock := newService(t)
	connection, err := newClient(mock.URL, "wrong")
	if err != nil {
		t.Fatal(err)
	}
	_, diagnostics := newHarness(t, &environmentVariable{access{client: connection}}).create(plainVariable())
	mustFail(t, diagnostics, "401 Unauthorized")
}

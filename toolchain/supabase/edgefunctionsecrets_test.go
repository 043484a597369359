package supabase

import (
	"context"
	"net/http"
	"sort"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/allincompassing/staging-infrastructure/toolchain/compatible/drive"
)

// declared is a model with secrets written as NAME=value; one without = has a null value.
func declared(t *testing.T, secrets ...string) secretsModel {
	t.Helper()
	models := make([]secretModel, len(secrets))
	for i, text := range secrets {
		name, value, known := strings.Cut(text, "=")
		models[i] = secretModel{Name: types.StringValue(name), Value: types.StringNull()}
		if known {
			models[i].Value = types.StringValue(value)
		}
	}
	model := secretsModel{ID: types.StringValue(project), ProjectRef: types.StringValue(project)}
	var diagnostics diag.Diagnostics
	model.hold(context.Background(), models, nil, &diagnostics)
	model.Digests = types.MapNull(types.StringType)
	if diagnostics.HasError() {
		t.Fatal(diagnostics)
	}
	return model
}

// held is what a state has: the secrets as `declared` takes them, and each digest by the first letters.
func held(t *testing.T, state tfsdk.State) string {
	t.Helper()
	model := drive.Model[secretsModel](t, state)
	var diagnostics diag.Diagnostics
	var texts []string
	digests := map[string]string{}
	diagnostics.Append(model.Digests.ElementsAs(context.Background(), &digests, false)...)
	for _, secret := range secretsOf(context.Background(), model.Secrets, &diagnostics) {
		text := secret.Name.ValueString()
		if !secret.Value.IsNull() {
			text += "=" + secret.Value.ValueString()
		}
		if digest := digests[secret.Name.ValueString()]; digest != "" {
			text += "#" + digest[:4]
		}
		texts = append(texts, text)
	}
	if diagnostics.HasError() {
		t.Fatal(diagnostics)
	}
	sort.Strings(texts)
	return strings.Join(texts, " ")
}

func tag(value string) string { return "#" + digestOf(value)[:4] }

// provisioned has written these secrets, and read them back.
func provisioned(t *testing.T, secrets ...string) (*service, *drive.Harness, tfsdk.State) {
	t.Helper()
	mock, granted := newService(t)
	driven := drive.New(t, &edgeFunctionSecrets{granted})
	state, diagnostics := driven.Create(declared(t, secrets...))
	driven.OK(diagnostics)
	state, diagnostics = driven.Read(state)
	driven.OK(diagnostics)
	mock.asked()
	return mock, driven, state
}

func TestCreatingReplacesASecretOfTheSameNameAndLeavesTheOthers(t *testing.T) {
	mock, granted := newService(t)
	mock.secrets = map[string]string{"A": "theirs", "FOREIGN": "theirs"}
	driven := drive.New(t, &edgeFunctionSecrets{granted})
	state, diagnostics := driven.Create(declared(t, "A=one", "B=<&>", "C="))
	driven.OK(diagnostics)
	expect(t, "requests", mock.asked(),
		`POST secrets [{"name":"A","value":"one"},{"name":"B","value":"\u003c\u0026\u003e"},{"name":"C","value":""}]`)
	expect(t, "theirs", mock.secrets["A"]+" "+mock.secrets["FOREIGN"], "one theirs")
	expect(t, "id", drive.Model[secretsModel](t, state).ID.ValueString(), project)
}

func TestAnUpdateWritesEverySecretAgainAndThenDeletesThoseThatLeftTheSet(t *testing.T) {
	mock, driven, state := provisioned(t, "A=one", "B=two", "C=three", "D=four")
	state, diagnostics := driven.Update(state, declared(t, "A=one!", "B=two"))
	driven.OK(diagnostics)
	expect(t, "requests", mock.asked(),
		`POST secrets [{"name":"A","value":"one!"},{"name":"B","value":"two"}]`+"\n"+`DELETE secrets ["C","D"]`)
	expect(t, "state", held(t, state), "A=one! B=two")
}

func TestAnUpdateThatWritesNothingStillDeletes(t *testing.T) {
	mock, driven, state := provisioned(t, "A=one", "B=two")
	_, diagnostics := driven.Update(state, declared(t))
	driven.OK(diagnostics)
	expect(t, "requests", mock.asked(), `DELETE secrets ["A","B"]`)
}

func TestAnUpdateThatCannotDeleteHasWrittenAndKeepsTheOldState(t *testing.T) {
	mock, driven, state := provisioned(t, "A=one", "B=two")
	mock.answers["DELETE secrets"] = []reply{refusing(http.StatusInternalServerError)}
	after, diagnostics := driven.Update(state, declared(t, "A=one!"))
	drive.MustFail(t, diagnostics, "API Error", "delete edge function secrets", "500")
	expect(t, "written", mock.secrets["A"], "one!")
	expect(t, "state", held(t, after), held(t, state))
}

func TestAFailedWriteDeletesNothingAndIsNotTriedAgain(t *testing.T) {
	mock, driven, state := provisioned(t, "A=one", "B=two")
	mock.answers["POST secrets"] = []reply{refusing(http.StatusTooManyRequests)}
	_, diagnostics := driven.Update(state, declared(t, "A=one!"))
	drive.MustFail(t, diagnostics, "API Error", "create/update edge function secrets", `429: {"message":"no"}`)
	expect(t, "requests", mock.asked(), `POST secrets [{"name":"A","value":"one!"}]`)
}

func TestReadingComparesDigestsAndForgetsTheValueOfASecretChangedByHand(t *testing.T) {
	mock, driven, state := provisioned(t, "A=one", "B=two", "C=three")
	mock.secrets["A"] = "by hand"
	delete(mock.secrets, "C")
	mock.secrets["ADDED"] = "by hand"
	state, diagnostics := driven.Read(state)
	driven.OK(diagnostics)
	expect(t, "state", held(t, state), "A"+tag("by hand")+" B=two"+tag("two"))
	// What was forgotten does not come back with the value.
	mock.secrets["A"] = "one"
	state, _ = driven.Read(state)
	expect(t, "state", held(t, state), "A"+tag("one")+" B=two"+tag("two"))
}

func TestWhenAllSecretsAreGoneAnEmptySetStays(t *testing.T) {
	mock, driven, state := provisioned(t, "A=one")
	mock.secrets = map[string]string{}
	state, diagnostics := driven.Read(state)
	driven.OK(diagnostics)
	if state.Raw.IsNull() {
		t.Fatal("the resource left the state")
	}
	expect(t, "state", held(t, state), "")
}

func TestAProjectThatIsGoneLeavesTheStateAndHasNothingToDelete(t *testing.T) {
	mock, driven, state := provisioned(t, "A=one")
	mock.answers["GET secrets"] = []reply{refusing(http.StatusNotFound)}
	mock.answers["DELETE secrets"] = []reply{refusing(http.StatusNotFound)}
	driven.OK(driven.Delete(state))
	state, diagnostics := driven.Read(state)
	driven.OK(diagnostics)
	if !state.Raw.IsNull() {
		t.Error("the resource is still in the state")
	}
}

func TestDeletingRemovesWhatTheStateNames(t *testing.T) {
	mock, driven, state := provisioned(t, "A=one", "B=two")
	mock.secrets["FOREIGN"] = "theirs"
	driven.OK(driven.Delete(state))
	expect(t, "requests", mock.asked(), `DELETE secrets ["A","B"]`)
	expect(t, "theirs", mock.secrets["FOREIGN"], "theirs")
}

func TestAnImportTakesEverySecretWithoutItsValueAndTheNextUpdateDeletesTheUndeclaredOnes(t *testing.T) {
	mock, driven, _ := provisioned(t, "A=one", "FOREIGN=theirs")
	state, diagnostics := driven.Import(project)
	driven.OK(diagnostics)
	if diagnostics.WarningsCount() != 1 || diagnostics[0].Summary() != "Secret Values Not Returned" {
		t.Errorf("got %v", diagnostics)
	}
	state, diagnostics = driven.Read(state)
	driven.OK(diagnostics)
	expect(t, "state, without the reserved name", held(t, state), "A"+tag("one")+" FOREIGN"+tag("theirs"))
	mock.asked()
	_, diagnostics = driven.Update(state, declared(t, "A=one"))
	driven.OK(diagnostics)
	expect(t, "requests", mock.asked(),
		`POST secrets [{"name":"A","value":"one"}]`+"\n"+`DELETE secrets ["FOREIGN"]`)
}

func TestAnImportOfAProjectThatIsNotThereFails(t *testing.T) {
	mock, driven, _ := provisioned(t)
	mock.answers["GET secrets"] = []reply{refusing(http.StatusNotFound)}
	_, diagnostics := driven.Import(project)
	drive.MustFail(t, diagnostics, "Resource Not Found", project)
}

func TestOnlyReadingIsTriedAgain(t *testing.T) {
	mock, driven, state := provisioned(t, "A=one")
	for _, status := range []int{408, 429, 500, 502, 503, 504} {
		mock.answers["GET secrets"] = []reply{refusing(status), refusing(status), refusing(status)}
		_, diagnostics := driven.Read(state)
		driven.OK(diagnostics)
	}
	mock.asked()
	for status, tries := range map[int]int{403: 1, 501: 1, 500: 4} {
		mock.answers["GET secrets"] = []reply{refusing(status), refusing(status), refusing(status), refusing(status)}
		_, diagnostics := driven.Read(state)
		drive.MustFail(t, diagnostics, "API Error", "read edge function secrets")
		expect(t, "tries", mock.asked(), strings.TrimSpace(strings.Repeat("GET secrets\n", tries)))
	}
}

func TestAnAnswerThatIsNoListIsAnError(t *testing.T) {
	mock, driven, state := provisioned(t, "A=one")
	for _, answer := range []reply{shows(`{"name":"A"}`), shows(`[{"name":1}]`), {200, "<html>", "text/html"}} {
		mock.answers["GET secrets"] = []reply{answer}
		_, diagnostics := driven.Read(state)
		drive.MustFail(t, diagnostics, "read edge function secrets")
	}
}

func TestDigestsArePlannedWhereEveryValueIsKnownAndAreNotMarkedSecret(t *testing.T) {
	ctx := context.Background()
	driven := drive.New(t, &edgeFunctionSecrets{})
	attribute := driven.Schema.Attributes["secret_digests"].(schema.MapAttribute)
	if attribute.IsSensitive() {
		t.Error("the real one is not marked")
	}
	nested := driven.Schema.Attributes["secrets"].(schema.SetNestedAttribute).NestedObject.Attributes
	if !nested["value"].IsSensitive() || nested["name"].IsSensitive() {
		t.Error("the value alone is marked")
	}
	planned := func(secrets ...string) types.Map {
		request := planmodifier.MapRequest{Plan: driven.Plan(declared(t, secrets...))}
		response := planmodifier.MapResponse{PlanValue: types.MapUnknown(types.StringType)}
		attribute.PlanModifiers[0].PlanModifyMap(ctx, request, &response)
		driven.OK(response.Diagnostics)
		return response.PlanValue
	}
	if got := planned("A=one", "B="); got.String() != `{"A":"`+digestOf("one")+`","B":"`+digestOf("")+`"}` {
		t.Errorf("got %v", got)
	}
	if got := planned("A=one", "B"); !got.IsUnknown() {
		t.Errorf("got %v", got)
	}
	response := planmodifier.MapResponse{PlanValue: types.MapUnknown(types.StringType)}
	attribute.PlanModifiers[0].PlanModifyMap(ctx, planmodifier.MapRequest{
		Plan: tfsdk.Plan{Schema: driven.Schema, Raw: driven.Null()},
	}, &response)
	if !response.PlanValue.IsUnknown() || response.Diagnostics.HasError() {
		t.Error("a destroyed resource has no digests to plan")
	}
}

func TestAnotherProjectReplaces(t *testing.T) {
	driven := drive.New(t, &edgeFunctionSecrets{})
	attribute := driven.Schema.Attributes["project_ref"].(schema.StringAttribute)
	other := declared(t, "A=one")
	other.ProjectRef = types.StringValue("other")
	var response planmodifier.StringResponse
	attribute.PlanModifiers[0].PlanModifyString(context.Background(), planmodifier.StringRequest{
		State: driven.State(declared(t, "A=one")), Plan: driven.Plan(other),
		StateValue: types.StringValue(project), PlanValue: types.StringValue("other"),
	}, &response)
	if !response.RequiresReplace {
		t.Error("no replacement")
	}
}

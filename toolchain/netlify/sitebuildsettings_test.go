package netlify

import (
	"context"
	"encoding/json"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/allincompassing/staging-infrastructure/toolchain/compatible/drive"
)

func builtSite() string {
	object := objectWith(siteProperties, map[string]string{"id": "site-1", "build_image": "noble"})
	object = strings.Replace(object, `"processing_settings":null`, `"processing_settings":{"html":{"pretty_urls":true}}`, 1)
	return strings.Replace(object, `"build_settings":null`, `"build_settings":{"base":"","package_path":"","cmd":"old",
		"dir":"dist","functions_dir":"","stop_builds":false,"repo_branch":"main","allowed_branches":["main","develop"]}`, 1)
}

func settingsPlan() buildSettingsModel {
	empty, no, yes := types.StringValue(""), types.BoolValue(false), types.BoolValue(true)
	return buildSettingsModel{
		SiteID: types.StringValue("site-1"), BaseDirectory: empty, PackageDirectory: empty, FunctionsDirectory: empty,
		BuildCommand: types.StringValue("npm run build"), PublishDirectory: types.StringValue("dist"), StopBuilds: no,
		ProductionBranch: types.StringValue("main"), BranchDeployAllBranches: no,
		BranchDeployBranches: stringsOf([]string{"develop"}), DeployPreviews: yes, PreventNonGitProdDeploys: no,
		BuildImage: types.StringUnknown(), FunctionsRegion: types.StringUnknown(), PrettyURLs: yes,
	}
}

func settingsHarness(t *testing.T) (*service, *drive.Harness) {
	mock := newService(t)
	for _, method := range []string{"GET", "PATCH"} {
		mock.answers[method+" /api/v1/sites/site-1"] = answer{200, builtSite(), "application/json"}
	}
	return mock, drive.New(t, &siteBuildSettings{accessTo(t, mock)})
}

func TestBuildSettingsArePatchedAndUnknownsTakenFromTheSite(t *testing.T) {
	mock, h := settingsHarness(t)
	state, diagnostics := h.Create(settingsPlan())
	h.OK(diagnostics)
	var written buildSettingsModel
	h.OK(state.Get(context.Background(), &written))
	if written.BuildImage.ValueString() != "noble" || written.LastUpdated.ValueString() == "" {
		t.Errorf("got %v", written)
	}
	var sent struct {
		BuildSettings map[string]any `json:"build_settings"`
	}
	for i, call := range mock.calls {
		if strings.HasPrefix(call, "PATCH") {
			_ = json.Unmarshal([]byte(mock.bodies[i]), &sent)
		}
	}
	branches, _ := json.Marshal(sent.BuildSettings["allowed_branches"])
	if sent.BuildSettings["cmd"] != "npm run build" || sent.BuildSettings["branch"] != "main" ||
		string(branches) != `["main","develop"]` || sent.BuildSettings["skip_prs"] != false {
		t.Errorf("sent %v", sent.BuildSettings)
	}
}

func TestBuildSettingsAreReadFromTheSite(t *testing.T) {
	mock, h := settingsHarness(t)
	state, diagnostics := h.Read(h.State(settingsPlan()))
	h.OK(diagnostics)
	var got buildSettingsModel
	h.OK(state.Get(context.Background(), &got))
	if got.BuildCommand.ValueString() != "old" || len(got.BranchDeployBranches) != 1 || got.BranchDeployAllBranches.ValueBool() {
		t.Errorf("got %v", got)
	}
	mock.answers["GET /api/v1/sites/site-1"] = answer{404, "{}", "application/json"}
	_, diagnostics = h.Read(state)
	drive.MustFail(t, diagnostics, "404 Not Found", "site-1")
}

func TestBuildSettingsAreOnlyLeftAloneByDelete(t *testing.T) {
	mock, h := settingsHarness(t)
	diagnostics := h.Delete(h.State(settingsPlan()))
	if diagnostics.HasError() || diagnostics.WarningsCount() != 1 || len(mock.calls) != 0 {
		t.Errorf("%v, calls %v", diagnostics, mock.calls)
	}
}

func TestAWafPolicyCannotBeChangedHere(t *testing.T) {
	_, h := settingsHarness(t)
	plan := settingsPlan()
	plan.WafPolicyID = types.StringValue("waf-1")
	_, diagnostics := h.Create(plan)
	drive.MustFail(t, diagnostics, "compatible provider")
}

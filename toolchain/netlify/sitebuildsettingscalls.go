package netlify

import (
	"context"
	"fmt"
	"net/http"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

// buildSettingsSite is the part of a site that is settled here; the Go client's model lacks half of it.
type buildSettingsSite struct {
	BuildSettings            buildSettings      `json:"build_settings"`
	ProcessingSettings       processingSettings `json:"processing_settings"`
	PreventNonGitProdDeploys *bool              `json:"prevent_non_git_prod_deploys,omitempty"`
	BuildImage               *string            `json:"build_image,omitempty"`
	FunctionsRegion          *string            `json:"functions_region,omitempty"`
}

type buildSettings struct {
	Base            *string  `json:"base,omitempty"`
	PackagePath     *string  `json:"package_path,omitempty"`
	Cmd             *string  `json:"cmd,omitempty"`
	Dir             *string  `json:"dir,omitempty"`
	FunctionsDir    *string  `json:"functions_dir,omitempty"`
	StopBuilds      *bool    `json:"stop_builds,omitempty"`
	Branch          *string  `json:"branch,omitempty"`
	RepoBranch      *string  `json:"repo_branch,omitempty"`
	AllowedBranches []string `json:"allowed_branches"`
	SkipPrs         *bool    `json:"skip_prs,omitempty"`
}

type processingSettings struct {
	HTML struct {
		PrettyURLs *bool `json:"pretty_urls,omitempty"`
	} `json:"html"`
}

func (settings *siteBuildSettings) Create(
	ctx context.Context, request resource.CreateRequest, response *resource.CreateResponse,
) {
	var plan buildSettingsModel
	response.Diagnostics.Append(request.Plan.Get(ctx, &plan)...)
	settings.write(ctx, &plan, &response.Diagnostics)
	if !response.Diagnostics.HasError() {
		response.Diagnostics.Append(response.State.Set(ctx, plan)...)
	}
}

func (settings *siteBuildSettings) Update(
	ctx context.Context, request resource.UpdateRequest, response *resource.UpdateResponse,
) {
	var plan buildSettingsModel
	response.Diagnostics.Append(request.Plan.Get(ctx, &plan)...)
	settings.write(ctx, &plan, &response.Diagnostics)
	if !response.Diagnostics.HasError() {
		response.Diagnostics.Append(response.State.Set(ctx, plan)...)
	}
}

func (settings *siteBuildSettings) Read(
	ctx context.Context, request resource.ReadRequest, response *resource.ReadResponse,
) {
	var state buildSettingsModel
	response.Diagnostics.Append(request.State.Get(ctx, &state)...)
	settings.read(ctx, &state, &response.Diagnostics)
	if !response.Diagnostics.HasError() {
		response.Diagnostics.Append(response.State.Set(ctx, state)...)
	}
}

// Delete leaves the site as it is: there is nothing to go back to.
func (*siteBuildSettings) Delete(_ context.Context, _ resource.DeleteRequest, response *resource.DeleteResponse) {
	response.Diagnostics.AddWarning("Site build settings are now unmanaged.",
		"The site will continue to build with the last settings.")
}

func (settings *siteBuildSettings) read(ctx context.Context, state *buildSettingsModel, diagnostics *diag.Diagnostics) {
	if diagnostics.HasError() {
		return
	}
	var site buildSettingsSite
	if err := settings.client.get(ctx, "/sites/{site_id}", siteParameter(state), &site); err != nil {
		diagnostics.AddError("Error reading site build settings",
			fmt.Sprintf("Could not read site build settings for site %q: %q", state.SiteID.ValueString(), reason(err)))
		return
	}
	build := site.BuildSettings
	state.BaseDirectory = types.StringPointerValue(build.Base)
	state.PackageDirectory = types.StringPointerValue(build.PackagePath)
	state.BuildCommand = types.StringPointerValue(build.Cmd)
	state.PublishDirectory = types.StringPointerValue(build.Dir)
	state.FunctionsDirectory = types.StringPointerValue(build.FunctionsDir)
	state.StopBuilds = types.BoolPointerValue(build.StopBuilds)
	state.ProductionBranch = types.StringPointerValue(build.RepoBranch)
	state.BranchDeployAllBranches = types.BoolValue(len(build.AllowedBranches) == 0)
	state.BranchDeployBranches = []types.String{}
	for _, branch := range build.AllowedBranches {
		if branch != state.ProductionBranch.ValueString() {
			state.BranchDeployBranches = append(state.BranchDeployBranches, types.StringValue(branch))
		}
	}
	state.DeployPreviews = types.BoolValue(build.SkipPrs == nil || !*build.SkipPrs)
	state.PreventNonGitProdDeploys = types.BoolPointerValue(site.PreventNonGitProdDeploys)
	state.BuildImage = types.StringPointerValue(site.BuildImage)
	state.FunctionsRegion = types.StringPointerValue(site.FunctionsRegion)
	state.PrettyURLs = types.BoolPointerValue(site.ProcessingSettings.HTML.PrettyURLs)
	policy, err := settings.wafPolicy(ctx, state)
	if err != nil {
		diagnostics.AddError("Error reading site WAF policy",
			fmt.Sprintf("Could not read site WAF policy for site %q: %q", state.SiteID.ValueString(), reason(err)))
		return
	}
	state.WafPolicyID = policy
}

func (settings *siteBuildSettings) write(ctx context.Context, plan *buildSettingsModel, diagnostics *diag.Diagnostics) {
	current := buildSettingsModel{SiteID: plan.SiteID}
	settings.read(ctx, &current, diagnostics)
	if diagnostics.HasError() {
		return
	}
	if plan.BuildImage.IsUnknown() {
		plan.BuildImage = current.BuildImage
	}
	if plan.FunctionsRegion.IsUnknown() {
		plan.FunctionsRegion = current.FunctionsRegion
	}
	if err := settings.client.send(ctx, http.MethodPatch, "/sites/{site_id}", siteParameter(plan),
		plan.site(current), &buildSettingsSite{}); err != nil {
		diagnostics.AddError("Error updating site build settings",
			fmt.Sprintf("Could not update site build settings for site %q: %q", plan.SiteID.ValueString(), reason(err)))
		return
	}
	if !plan.WafPolicyID.Equal(current.WafPolicyID) {
		diagnostics.AddError("Error updating site WAF policy",
			"The compatible provider does not change WAF policies: use Netlify's own provider for that.")
		return
	}
	plan.LastUpdated = types.StringValue(time.Now().Format(time.RFC850))
}

// site is the request's body. A functions region that stays is left out.
func (plan *buildSettingsModel) site(current buildSettingsModel) buildSettingsSite {
	branches := []string{}
	if !plan.BranchDeployAllBranches.ValueBool() {
		branches = append(branches, plan.ProductionBranch.ValueString())
		for _, branch := range plan.BranchDeployBranches {
			branches = append(branches, branch.ValueString())
		}
	}
	skip := !plan.DeployPreviews.ValueBool()
	site := buildSettingsSite{
		BuildSettings: buildSettings{
			Base:            plan.BaseDirectory.ValueStringPointer(),
			PackagePath:     plan.PackageDirectory.ValueStringPointer(),
			Cmd:             plan.BuildCommand.ValueStringPointer(),
			Dir:             plan.PublishDirectory.ValueStringPointer(),
			FunctionsDir:    plan.FunctionsDirectory.ValueStringPointer(),
			StopBuilds:      plan.StopBuilds.ValueBoolPointer(),
			Branch:          plan.ProductionBranch.ValueStringPointer(),
			AllowedBranches: branches,
			SkipPrs:         &skip,
		},
		PreventNonGitProdDeploys: plan.PreventNonGitProdDeploys.ValueBoolPointer(),
		BuildImage:               orDefault(plan.BuildImage, current.BuildImage).ValueStringPointer(),
	}
	site.ProcessingSettings.HTML.PrettyURLs = plan.PrettyURLs.ValueBoolPointer()
	if region := orDefault(plan.FunctionsRegion, current.FunctionsRegion); !region.Equal(current.FunctionsRegion) {
		site.FunctionsRegion = region.ValueStringPointer()
	}
	return site
}

// wafPolicy is null where no firewall policy is set, or none can be.
func (settings *siteBuildSettings) wafPolicy(ctx context.Context, state *buildSettingsModel) (types.String, error) {
	var policy struct {
		ID string `json:"id"`
	}
	err := settings.client.get(ctx, "/sites/{site_id}/waf/policy", siteParameter(state), &policy)
	switch {
	case statusOf(err) == http.StatusNoContent || statusOf(err) == http.StatusNotFound:
		return types.StringNull(), nil
	case err != nil:
		return types.StringNull(), err
	}
	return types.StringValue(policy.ID), nil
}

func siteParameter(model *buildSettingsModel) map[string]string {
	return map[string]string{"site_id": model.SiteID.ValueString()}
}

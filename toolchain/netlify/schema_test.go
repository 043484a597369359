package netlify

import (
	"context"
	"fmt"
	"sort"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"

	"github.com/allincompassing/staging-infrastructure/toolchain/compatible/drive"
)

// attribute is what every kind of schema's attributes can tell.
type attribute interface {
	IsRequired() bool
	IsOptional() bool
	IsComputed() bool
	IsSensitive() bool
}

// shape writes attributes as "name:flags", r required, o optional, c computed, s sensitive.
func shape[T attribute](attributes map[string]T) string {
	var lines []string
	for name, each := range attributes {
		flags := ""
		for _, flag := range []struct {
			set  bool
			mark string
		}{{each.IsRequired(), "r"}, {each.IsOptional(), "o"}, {each.IsComputed(), "c"}, {each.IsSensitive(), "s"}} {
			if flag.set {
				flags += flag.mark
			}
		}
		lines = append(lines, fmt.Sprintf("%s:%s", name, flags))
	}
	sort.Strings(lines)
	return strings.Join(lines, " ")
}

func expect(t *testing.T, what, got, want string) {
	t.Helper()
	if got != want {
		t.Errorf("%s\n got %s\nwant %s", what, got, want)
	}
}

func TestTheSchemaIsThatOfVersion044(t *testing.T) {
	ctx := context.Background()
	variable := drive.New(t, &environmentVariable{}).Schema
	expect(t, "environment_variable", shape(variable.Attributes),
		"key:r last_updated:c scopes:oc secret_values:o site_id:o team_id:oc values:o")
	if _, hasID := variable.Attributes["id"]; hasID {
		t.Error("the real resource has no id: Pulumi shows \"missing ID\"")
	}
	nested := func(name string) string {
		return shape(variable.Attributes[name].(schema.SetNestedAttribute).NestedObject.Attributes)
	}
	expect(t, "plain values are not marked secret", nested("values"), "context:r context_parameter:o value:r")
	expect(t, "only the value of a secret one is", nested("secret_values"), "context:r context_parameter:oc value:rs")
	expect(t, "site_build_settings", shape(drive.New(t, &siteBuildSettings{}).Schema.Attributes),
		"base_directory:oc branch_deploy_all_branches:oc branch_deploy_branches:oc build_command:r build_image:oc "+
			"deploy_previews:oc functions_directory:oc functions_region:oc last_updated:c package_directory:oc pretty_urls:oc "+
			"prevent_non_git_prod_deploys:oc production_branch:r publish_directory:r site_id:r stop_builds:oc waf_policy_id:o")

	for want, source := range map[string]datasource.DataSource{
		"custom_domain:c domain_aliases:c git_deploy_key:c id:oc name:oc team_slug:oc": &siteSource{},
		"sites:c team_slug:oc": &sitesSource{},
		"id:oc name:c slug:oc": &teamSource{},
	} {
		var described datasource.SchemaResponse
		source.Schema(ctx, datasource.SchemaRequest{}, &described)
		expect(t, fmt.Sprintf("%T", source), shape(described.Schema.Attributes), want)
	}

	var described provider.SchemaResponse
	New().Schema(ctx, provider.SchemaRequest{}, &described)
	expect(t, "provider", shape(described.Schema.Attributes), "default_team_id:o default_team_slug:o endpoint:o token:os")
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
			if diagnostics.ErrorsCount() != 1 {
				t.Errorf("%s: %v", declared.Name, diagnostics)
			}
		}
	}
	for _, declared := range declaredSources() {
		var read datasource.ReadResponse
		declared.Read(ctx, datasource.ReadRequest{}, &read)
		if read.Diagnostics.ErrorsCount() != 1 {
			t.Errorf("%s: %v", declared.Name, read.Diagnostics)
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

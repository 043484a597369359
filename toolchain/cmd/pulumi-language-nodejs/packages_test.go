package main

import (
	"context"
	"os"
	"path/filepath"
	"sort"
	"strings"
	"testing"

	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
)

// tree writes files below a fresh folder.
func tree(t *testing.T, files map[string]string) string {
	t.Helper()
	root := t.TempDir()
	for name, text := range files {
		path := filepath.Join(root, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return root
}

func required(t *testing.T, directory string) []*pulumirpc.PackageDependency {
	t.Helper()
	host := newLanguageHost(context.Background(), "")
	response, err := host.GetRequiredPackages(context.Background(), &pulumirpc.GetRequiredPackagesRequest{
		Info: &pulumirpc.ProgramInfo{ProgramDirectory: directory},
	})
	if err != nil {
		t.Fatal(err)
	}
	sort.Slice(response.Packages, func(i, j int) bool { return response.Packages[i].Name < response.Packages[j].Name })
	return response.Packages
}

const netlifySDK = `{"name":"@pulumi/netlify","version":"0.4.4","pulumi":{"resource":true,"name":"terraform-provider",
	"version":"1.1.4","parameterization":{"name":"netlify","version":"0.4.4","value":"e30="}}}`

func TestAParameterisedPackageIsFoundThroughItsLink(t *testing.T) {
	root := tree(t, map[string]string{
		"sdks/netlify/package.json":                netlifySDK,
		"node_modules/@pulumi/github/package.json": `{"name":"@pulumi/github","version":"6.15.0","pulumi":{"resource":true}}`,
		"node_modules/plain/package.json":          `{"name":"plain","version":"1.0.0"}`,
	})
	if err := os.Symlink("../../sdks/netlify", filepath.Join(root, "node_modules/@pulumi/netlify")); err != nil {
		t.Fatal(err)
	}
	found := required(t, root)
	if len(found) != 2 {
		t.Fatalf("found %v", found)
	}
	if found[0].Name != "github" || found[0].Version != "v6.15.0" || found[0].Kind != "resource" {
		t.Errorf("a plain provider: %v", found[0])
	}
	given := found[1].GetParameterization()
	if found[1].Name != "terraform-provider" || found[1].Version != "v1.1.4" ||
		given.GetName() != "netlify" || given.GetVersion() != "0.4.4" || string(given.GetValue()) != "{}" {
		t.Errorf("a parameterised one: %v", found[1])
	}
}

func TestNestedPackagesCountAndPolicyPacksDoNot(t *testing.T) {
	root := tree(t, map[string]string{
		"node_modules/a/package.json":                        `{"name":"a"}`,
		"node_modules/a/node_modules/@pulumi/x/package.json": `{"name":"@pulumi/x","version":"1.0.0","pulumi":{"resource":true}}`,
		"node_modules/pack/PulumiPolicy.yaml":                "runtime: nodejs",
		"node_modules/pack/package.json":                     `{"name":"pack"}`,
		"node_modules/pack/node_modules/y/package.json":      `{"name":"@pulumi/y","version":"1.0.0","pulumi":{"resource":true}}`,
	})
	if found := required(t, root); len(found) != 1 || found[0].Name != "x" {
		t.Errorf("found %v", found)
	}
}

func TestABrokenPackageHidesNoOther(t *testing.T) {
	root := tree(t, map[string]string{
		"node_modules/broken/package.json":    `{"name":`,
		"node_modules/nameless/package.json":  `{"name":"third-party","version":"1.0.0","pulumi":{"resource":true}}`,
		"node_modules/@pulumi/z/package.json": `{"name":"@pulumi/z","version":"1.0.0","pulumi":{"resource":true}}`,
	})
	if found := required(t, root); len(found) != 1 || found[0].Name != "z" {
		t.Errorf("found %v", found)
	}
	if found := required(t, t.TempDir()); len(found) != 0 {
		t.Errorf("nothing is installed, found %v", found)
	}
}

func TestTheStartScriptIsSearchedUpwards(t *testing.T) {
	root := tree(t, map[string]string{
		"node_modules/@pulumi/pulumi/cmd/run/index.js": "",
		"deep/er/index.js": "",
	})
	script, err := sdkScript(filepath.Join(root, "deep/er"), "run")
	if err != nil || script != filepath.Join(root, "node_modules/@pulumi/pulumi/cmd/run") {
		t.Errorf("got %q, %v", script, err)
	}
	if _, err := sdkScript(t.TempDir(), "run"); err == nil || !strings.Contains(err.Error(), "npm ci") {
		t.Errorf("got %v", err)
	}
}

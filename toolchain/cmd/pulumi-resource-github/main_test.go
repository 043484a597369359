package main

import (
	"os"
	"path/filepath"
	"regexp"
	"sort"
	"strings"
	"testing"
)

// The npm package that drives this plugin.
const npmPackage = "../../../node_modules/@pulumi/github"

// TestEveryTokenOfTheNpmPackageIsServed proves that this plugin is a drop-in: each resource and function that the
// published SDK can ask for has a provider here, by the same name, and the other way round.
func TestEveryTokenOfTheNpmPackageIsServed(t *testing.T) {
	info := provider()
	var resources, functions []string
	for _, each := range info.Resources {
		resources = append(resources, string(each.Tok))
	}
	for _, each := range info.DataSources {
		functions = append(functions, string(each.Tok))
	}
	compare(t, "resources", resources, tokensIn(t, regexp.MustCompile(`__pulumiType = '(github:[^']+)'`)))
	compare(t, "functions", functions, tokensIn(t, regexp.MustCompile(`\.invoke(?:Output)?\("(github:[^"]+)"`)))
}

func TestTheVersionIsThatOfTheNpmPackage(t *testing.T) {
	text, err := os.ReadFile(filepath.Join(npmPackage, "package.json"))
	if err != nil {
		t.Fatalf("run npm ci first: %v", err)
	}
	if !strings.Contains(string(text), `"version": "`+version+`"`) {
		t.Errorf("@pulumi/github is not %s: change version here, go.mod and toolchain/versions.ts together", version)
	}
}

func tokensIn(t *testing.T, pattern *regexp.Regexp) []string {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(npmPackage, "*.js"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no @pulumi/github in node_modules (%v): run npm ci first", err)
	}
	found := map[string]bool{}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, match := range pattern.FindAllStringSubmatch(string(text), -1) {
			found[match[1]] = true
		}
	}
	var tokens []string
	for token := range found {
		tokens = append(tokens, token)
	}
	return tokens
}

func compare(t *testing.T, what string, served, asked []string) {
	t.Helper()
	sort.Strings(served)
	sort.Strings(asked)
	if len(asked) == 0 {
		t.Fatalf("no %s found in the npm package: has its layout changed?", what)
	}
	has := map[string]bool{}
	for _, token := range served {
		has[token] = true
	}
	for _, token := range asked {
		if !has[token] {
			t.Errorf("%s: the npm package asks for %s, which is not served", what, token)
		}
		delete(has, token)
	}
	for token := range has {
		t.Errorf("%s: %s is served, but the npm package does not know it", what, token)
	}
}

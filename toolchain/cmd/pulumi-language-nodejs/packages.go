package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource/plugin"
	"github.com/pulumi/pulumi/sdk/v3/go/common/util/logging"
	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
)

// manifest is the part of a package.json that tells whether a provider belongs to the package.
type manifest struct {
	Name    string                  `json:"name"`
	Version string                  `json:"version"`
	Pulumi  plugin.PulumiPluginJSON `json:"pulumi"`
}

// GetRequiredPackages lists the providers that the packages installed for the program need. The search starts at the
// program's directory, as the official host's does: a program below node_modules (main: dist/index.js) finds none.
func (host *languageHost) GetRequiredPackages(
	_ context.Context, request *pulumirpc.GetRequiredPackagesRequest,
) (*pulumirpc.GetRequiredPackagesResponse, error) {
	search := packageSearch{visited: map[string]bool{}}
	search.modules(filepath.Join(request.GetInfo().GetProgramDirectory(), "node_modules"))
	for _, problem := range search.problems {
		logging.V(3).Infof("looking for providers: %v", problem)
	}
	return &pulumirpc.GetRequiredPackagesResponse{Packages: search.found}, nil
}

type packageSearch struct {
	visited  map[string]bool
	found    []*pulumirpc.PackageDependency
	problems []error
}

// modules reads every package of one node_modules folder, scopes (@name) included.
func (search *packageSearch) modules(directory string) {
	entries, err := os.ReadDir(directory)
	if err != nil {
		search.failed(err)
		return
	}
	for _, entry := range entries {
		path := filepath.Join(directory, entry.Name())
		switch {
		case strings.HasPrefix(entry.Name(), "."):
		case strings.HasPrefix(entry.Name(), "@"):
			search.modules(path)
		default:
			search.pkg(path)
		}
	}
}

// pkg reads one package and what is nested in it. A local SDK is a link: it is followed, and read only once.
func (search *packageSearch) pkg(directory string) {
	resolved, err := filepath.EvalSymlinks(directory)
	if err != nil {
		search.failed(err)
		return
	}
	if search.visited[resolved] {
		return
	}
	search.visited[resolved] = true
	text, err := os.ReadFile(filepath.Join(resolved, "package.json"))
	if err != nil {
		search.failed(err)
	} else {
		search.manifest(resolved, text)
	}
	if _, err := os.Stat(filepath.Join(resolved, "PulumiPolicy.yaml")); err == nil {
		return // what a policy pack needs, the program does not
	}
	search.modules(filepath.Join(resolved, "node_modules"))
}

func (search *packageSearch) manifest(directory string, text []byte) {
	var read manifest
	if err := json.Unmarshal(text, &read); err != nil {
		search.failed(fmt.Errorf("%s: %w", directory, err))
		return
	}
	dependency, err := read.dependency()
	if err != nil {
		search.failed(fmt.Errorf("%s: %w", directory, err))
	} else if dependency != nil {
		search.found = append(search.found, dependency)
	}
}

func (search *packageSearch) failed(err error) {
	if !errors.Is(err, fs.ErrNotExist) {
		search.problems = append(search.problems, err)
	}
}

// dependency returns the provider that the package stands for, or nil when it has none.
func (read manifest) dependency() (*pulumirpc.PackageDependency, error) {
	if !read.Pulumi.Resource {
		return nil, nil
	}
	name, version := read.Pulumi.Name, read.Pulumi.Version
	if name == "" {
		short, ours := strings.CutPrefix(read.Name, "@pulumi/")
		if !ours {
			return nil, fmt.Errorf("package %q names no plugin: `pulumi.name` is missing", read.Name)
		}
		name = short
	}
	if version == "" {
		version = read.Version
	}
	if version == "" {
		return nil, fmt.Errorf("package %q has no version", read.Name)
	}
	if !strings.HasPrefix(version, "v") {
		version = "v" + version
	}
	return &pulumirpc.PackageDependency{
		Name:             name,
		Kind:             "resource",
		Version:          version,
		Server:           read.Pulumi.Server,
		Parameterization: parameterization(read.Pulumi.Parameterization),
		Extension:        parameterization(read.Pulumi.ExtensionParameterization),
	}, nil
}

func parameterization(read *plugin.PulumiParameterizationJSON) *pulumirpc.PackageParameterization {
	if read == nil {
		return nil
	}
	return &pulumirpc.PackageParameterization{Name: read.Name, Version: read.Version, Value: read.Value}
}

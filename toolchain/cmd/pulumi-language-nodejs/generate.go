package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"

	"github.com/blang/semver"
	"github.com/pulumi/pulumi/pkg/v3/codegen/cgstrings"
	"github.com/pulumi/pulumi/pkg/v3/codegen/nodejs"
	"github.com/pulumi/pulumi/pkg/v3/codegen/schema"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource/plugin"
	"github.com/pulumi/pulumi/sdk/v3/nodejs/npm"
	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
)

// GeneratePackage writes the TypeScript SDK of a provider, by Pulumi's own generator.
func (host *languageHost) GeneratePackage(
	_ context.Context, request *pulumirpc.GeneratePackageRequest,
) (*pulumirpc.GeneratePackageResponse, error) {
	client, err := schema.NewLoaderClient(request.GetLoaderTarget())
	if err != nil {
		return nil, err
	}
	defer client.Close()
	loader := schema.NewCachedLoader(client)

	var spec schema.PackageSpec
	if err := json.Unmarshal([]byte(request.GetSchema()), &spec); err != nil {
		return nil, fmt.Errorf("the provider's schema: %w", err)
	}
	bound, diagnostics, err := schema.BindSpec(spec, loader, schema.ValidationOptions{AllowDanglingReferences: true})
	if err != nil {
		return nil, err
	}
	response := &pulumirpc.GeneratePackageResponse{Diagnostics: plugin.HclDiagnosticsToRPCDiagnostics(diagnostics)}
	if diagnostics.HasErrors() {
		return response, nil
	}
	files, err := nodejs.GeneratePackage("pulumi-language-nodejs", bound,
		request.GetExtraFiles(), request.GetLocalDependencies(), request.GetLocal(), loader)
	if err != nil {
		return nil, err
	}
	for name, content := range files {
		path := filepath.Join(request.GetDirectory(), name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			return nil, err
		}
		if err := os.WriteFile(path, content, 0o644); err != nil {
			return nil, err
		}
	}
	return response, nil
}

// Link adds generated SDKs to the program's package.json and tells how to import them.
func (host *languageHost) Link(
	ctx context.Context, request *pulumirpc.LinkRequest,
) (*pulumirpc.LinkResponse, error) {
	options, err := parseOptions(request.GetInfo().GetOptions().AsMap())
	if err != nil {
		return nil, err
	}
	client, err := schema.NewLoaderClient(request.GetLoaderTarget())
	if err != nil {
		return nil, err
	}
	defer client.Close()
	loader := schema.NewCachedLoader(client)

	directory := request.GetInfo().GetProgramDirectory()
	manager, err := npm.ResolvePackageManager(options.packageManager, directory)
	if err != nil {
		return nil, err
	}
	instructions := "You can import the SDK in your code with:\n\n"
	for _, dependency := range request.GetPackages() {
		reference, err := schema.LoadPackageReferenceV2(ctx, loader, descriptor(dependency.GetPackage()))
		if err != nil {
			return nil, err
		}
		definition, err := reference.Definition()
		if err != nil {
			return nil, err
		}
		name, err := npmName(definition)
		if err != nil {
			return nil, err
		}
		if err := manager.Link(ctx, directory, name, dependency.GetPath()); err != nil {
			return nil, err
		}
		instructions += fmt.Sprintf("  import * as %s from %q;\n", cgstrings.Camel(reference.Name()), name)
	}
	return &pulumirpc.LinkResponse{ImportInstructions: instructions}, nil
}

// descriptor names a package to the loader. A version that is no semantic version is left out, as any will do then.
func descriptor(dependency *pulumirpc.PackageDependency) *schema.PackageDescriptor {
	result := &schema.PackageDescriptor{Name: dependency.GetName(), DownloadURL: dependency.GetServer()}
	if version, err := semver.ParseTolerant(dependency.GetVersion()); err == nil {
		result.Version = &version
	}
	if given := dependency.GetParameterization(); given != nil {
		result.Parameterization = &schema.ParameterizationDescriptor{Name: given.GetName(), Value: given.GetValue()}
		if version, err := semver.ParseTolerant(given.GetVersion()); err == nil {
			result.Parameterization.Version = version
		}
	}
	return result
}

// npmName is the name under which the generated SDK is published or linked.
func npmName(definition *schema.Package) (string, error) {
	if err := definition.ImportLanguages(map[string]schema.Language{"nodejs": nodejs.Importer}); err != nil {
		return "", err
	}
	if info, ok := definition.Language["nodejs"].(nodejs.NodePackageInfo); ok && info.PackageName != "" {
		return info.PackageName, nil
	}
	scope := definition.Namespace
	if scope == "" {
		scope = "pulumi"
	}
	return "@" + scope + "/" + definition.Name, nil
}

package main

import (
	"context"
	"errors"
	"fmt"
	"os/exec"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/common/util/rpcutil"
	"github.com/pulumi/pulumi/sdk/v3/nodejs/npm"
	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
)

// InstallDependencies installs the program's packages with its package manager (npm unless a lockfile says otherwise).
func (host *languageHost) InstallDependencies(
	request *pulumirpc.InstallDependenciesRequest, server pulumirpc.LanguageRuntime_InstallDependenciesServer,
) error {
	streams, stdout, stderr, err := rpcutil.MakeInstallDependenciesStreams(server, request.GetIsTerminal())
	if err != nil {
		return err
	}
	defer streams.Close()
	options, err := parseOptions(request.GetInfo().GetOptions().AsMap())
	if err != nil {
		return err
	}
	root := request.GetInfo().GetProgramDirectory()
	workspace, err := npm.FindWorkspaceRoot(root)
	if err == nil {
		root = workspace
	} else if !errors.Is(err, npm.ErrNotInWorkspace) {
		return fmt.Errorf("looking for the workspace of %s: %w", root, err)
	}
	fmt.Fprint(stdout, "Installing dependencies...\n\n")
	if _, err := npm.Install(
		server.Context(), options.packageManager, root, options.production, stdout, stderr,
	); err != nil {
		return err
	}
	fmt.Fprint(stdout, "Finished installing dependencies\n\n")
	return streams.Close()
}

// GetProgramDependencies lists the program's npm packages for `pulumi about`.
func (host *languageHost) GetProgramDependencies(
	ctx context.Context, request *pulumirpc.GetProgramDependenciesRequest,
) (*pulumirpc.GetProgramDependenciesResponse, error) {
	options, err := parseOptions(request.GetInfo().GetOptions().AsMap())
	if err != nil {
		return nil, err
	}
	directory := request.GetInfo().GetProgramDirectory()
	manager, err := npm.ResolvePackageManager(options.packageManager, directory)
	if err != nil {
		return nil, err
	}
	packages, err := manager.ListPackages(ctx, directory, request.GetTransitiveDependencies())
	if err != nil {
		return nil, fmt.Errorf("listing the program's packages: %w", err)
	}
	response := &pulumirpc.GetProgramDependenciesResponse{}
	for _, each := range packages {
		response.Dependencies = append(response.Dependencies,
			&pulumirpc.DependencyInfo{Name: each.Name, Version: each.Version})
	}
	return response, nil
}

// About tells which Node runs the program.
func (host *languageHost) About(ctx context.Context, _ *pulumirpc.AboutRequest) (*pulumirpc.AboutResponse, error) {
	binary, err := exec.LookPath("node")
	if err != nil {
		return nil, fmt.Errorf("node is not on PATH: %w", err)
	}
	version, err := exec.CommandContext(ctx, binary, "--version").Output()
	if err != nil {
		return nil, fmt.Errorf("%s --version: %w", binary, err)
	}
	return &pulumirpc.AboutResponse{
		Executable: binary,
		Version:    strings.TrimSpace(string(version)),
		Metadata:   map[string]string{"languageHost": "built from source by this project"},
	}, nil
}

package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"strconv"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource/config"
	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
)

// The SDK exits with this code when it has already told the user what is wrong.
const explainedFailure = 32

// Run runs the program once and waits for it.
func (host *languageHost) Run(ctx context.Context, request *pulumirpc.RunRequest) (*pulumirpc.RunResponse, error) {
	code, err := host.runProgram(ctx, request)
	switch {
	case err != nil:
		return &pulumirpc.RunResponse{Error: err.Error()}, nil
	case code == explainedFailure:
		return &pulumirpc.RunResponse{Bail: true}, nil
	case code != 0:
		return &pulumirpc.RunResponse{Error: fmt.Sprintf("Program exited with non-zero exit code: %d", code)}, nil
	}
	return &pulumirpc.RunResponse{}, nil
}

func (host *languageHost) runProgram(ctx context.Context, request *pulumirpc.RunRequest) (int, error) {
	if request.GetAttachDebugger() {
		return 0, fmt.Errorf("this language host attaches no debugger: set `nodeargs: --inspect-brk` in Pulumi.yaml instead")
	}
	options, err := parseOptions(request.GetInfo().GetOptions().AsMap())
	if err != nil {
		return 0, err
	}
	script, err := sdkScript(request.GetInfo().GetProgramDirectory(), "run")
	if err != nil {
		return 0, err
	}
	configuration, secretKeys, err := programConfig(request)
	if err != nil {
		return 0, fmt.Errorf("the stack's configuration: %w", err)
	}
	environment := append(options.environment(os.Environ()),
		"PULUMI_CONFIG="+configuration, "PULUMI_CONFIG_SECRET_KEYS="+secretKeys)

	// A program ends with the request, or when the engine cancels.
	running, cancel := context.WithCancel(ctx)
	defer cancel()
	defer context.AfterFunc(host.programs, cancel)()

	args := append(append([]string{}, options.nodeArgs...), host.programArguments(script, request)...)
	command, err := node(running, request.GetPwd(), environment, args, os.Stdout, os.Stderr)
	if err != nil {
		return 0, err
	}
	return exitCode(command.Run())
}

// programArguments is the command line that @pulumi/pulumi's cmd/run understands.
func (host *languageHost) programArguments(script string, request *pulumirpc.RunRequest) []string {
	args := []string{script}
	for _, argument := range []struct{ name, value string }{
		{"monitor", request.GetMonitorAddress()},
		{"engine", host.engineAddress},
		{"organization", request.GetOrganization()},
		{"project", request.GetProject()},
		{"root-directory", request.GetInfo().GetRootDirectory()},
		{"stack", request.GetStack()},
		{"pwd", request.GetInfo().GetProgramDirectory()},
		{"parallel", strconv.Itoa(int(request.GetParallel()))},
	} {
		if argument.value != "" {
			args = append(args, "--"+argument.name, argument.value)
		}
	}
	if request.GetDryRun() {
		args = append(args, "--dry-run")
	}
	args = append(args, request.GetInfo().GetEntryPoint())
	return append(args, request.GetArgs()...)
}

// programConfig renders the configuration as the SDK reads it: keys as `namespace:config:name`, and which are secret.
func programConfig(request *pulumirpc.RunRequest) (values, secretKeys string, err error) {
	named := map[string]string{}
	for key, value := range request.GetConfig() {
		parsed, err := config.ParseKey(key)
		if err != nil {
			return "", "", err
		}
		named[parsed.Namespace()+":config:"+parsed.Name()] = value
	}
	keys := request.GetConfigSecretKeys()
	if keys == nil {
		keys = []string{}
	}
	valuesJSON, err := json.Marshal(named)
	if err != nil {
		return "", "", err
	}
	keysJSON, err := json.Marshal(keys)
	return string(valuesJSON), string(keysJSON), err
}

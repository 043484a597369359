package main

import (
	"encoding/json"
	"fmt"
	"io"
	"strconv"

	sdk "github.com/pulumi/pulumi/sdk/v3"
	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"
	"github.com/pulumi/pulumi/sdk/v3/go/common/util/rpcutil"
	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
)

// RunPlugin runs a policy pack or another plugin that is written for Node.
func (host *languageHost) RunPlugin(
	request *pulumirpc.RunPluginRequest, server pulumirpc.LanguageRuntime_RunPluginServer,
) error {
	streams, stdout, stderr, err := rpcutil.MakeRunPluginStreams(server, false)
	if err != nil {
		return err
	}
	defer streams.Close()
	options, err := parseOptions(request.GetInfo().GetOptions().AsMap())
	if err != nil {
		return err
	}
	environment, directory := options.environment(request.GetEnv()), request.GetPwd()
	programDirectory, name := request.GetInfo().GetProgramDirectory(), "run-plugin"
	args := append([]string{programDirectory}, request.GetArgs()...)

	var proxy *sdk.PolicyProxy
	if request.GetKind() == string(apitype.AnalyzerPlugin) {
		// The policy SDK wants the pack's folder as the last argument and as its working directory.
		name, directory = "run-policy-pack", programDirectory
		args = append(append([]string{}, request.GetArgs()...), programDirectory)
		if proxy, stdout, environment, err = policyEnvironment(server, stdout, environment); err != nil {
			return err
		}
	}
	script, err := sdkScript(programDirectory, name)
	if err != nil {
		return err
	}
	args = append(append(append([]string{}, options.nodeArgs...), script), args...)
	command, err := node(server.Context(), directory, environment, args, stdout, stderr)
	if err != nil {
		return err
	}
	if err := command.Start(); err != nil {
		return err
	}
	wait := command.Wait
	if proxy != nil {
		wait = func() error { return proxy.Attach(server.Context(), command) } // hands the calls on, and waits
	}
	code, err := exitCode(wait())
	if err != nil {
		return err
	}
	if err := streams.Close(); err != nil {
		return err
	}
	return server.Send(&pulumirpc.RunPluginResponse{
		Output: &pulumirpc.RunPluginResponse_Exitcode{Exitcode: int32(code)},
	})
}

// policyEnvironment waits for the stack's configuration, which the engine sends to a policy pack over gRPC, and puts it
// where @pulumi/pulumi looks for it. The proxy stands in for the pack until the pack itself is up.
func policyEnvironment(
	server pulumirpc.LanguageRuntime_RunPluginServer, stdout io.Writer, environment []string,
) (*sdk.PolicyProxy, io.Writer, []string, error) {
	proxy, stdout, err := sdk.NewPolicyProxy(server.Context(), stdout)
	if err != nil {
		return nil, nil, nil, fmt.Errorf("could not start the policy pack's proxy: %w", err)
	}
	stack, err := proxy.AwaitConfiguration(server.Context())
	if err != nil {
		return nil, nil, nil, fmt.Errorf("could not get the stack's configuration: %w", err)
	}
	if stack == nil {
		return proxy, stdout, environment, nil
	}
	configuration, err := json.Marshal(stack.Config)
	if err != nil {
		return nil, nil, nil, err
	}
	return proxy, stdout, append(environment,
		"PULUMI_NODEJS_ORGANIZATION="+stack.Organization,
		"PULUMI_NODEJS_PROJECT="+stack.Project,
		"PULUMI_NODEJS_STACK="+stack.Stack,
		"PULUMI_NODEJS_DRY_RUN="+strconv.FormatBool(stack.DryRun),
		"PULUMI_CONFIG="+string(configuration),
	), nil
}

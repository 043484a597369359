package main

import (
	"context"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
	"google.golang.org/protobuf/types/known/structpb"
)

// program is a request to run a program whose SDK start script is the given JavaScript.
func program(t *testing.T, script string, options map[string]any) *pulumirpc.RunRequest {
	t.Helper()
	root := tree(t, map[string]string{"node_modules/@pulumi/pulumi/cmd/run/index.js": script})
	given, err := structpb.NewStruct(options)
	if err != nil {
		t.Fatal(err)
	}
	return &pulumirpc.RunRequest{
		Project: "project", Stack: "staging", Pwd: root, DryRun: true, Parallel: 7,
		Config: map[string]string{"project:key": "value"}, ConfigSecretKeys: []string{"project:key"},
		Info: &pulumirpc.ProgramInfo{
			RootDirectory: root, ProgramDirectory: root, EntryPoint: ".", Options: given,
		},
	}
}

func run(t *testing.T, request *pulumirpc.RunRequest) *pulumirpc.RunResponse {
	t.Helper()
	response, err := newLanguageHost(context.Background(), "engine:1").Run(context.Background(), request)
	if err != nil {
		t.Fatal(err)
	}
	return response
}

func TestAProgramGetsItsArgumentsConfigurationAndEnvironment(t *testing.T) {
	t.Setenv("FROM_THE_USER", "kept")
	request := program(t, `require('node:fs').writeFileSync('seen', JSON.stringify({
		args: process.argv.slice(2), node: process.execArgv, kept: process.env.FROM_THE_USER,
		config: process.env.PULUMI_CONFIG, secrets: process.env.PULUMI_CONFIG_SECRET_KEYS,
		typescript: process.env.PULUMI_NODEJS_TYPESCRIPT ?? 'unset' }))`,
		map[string]any{"typescript": false, "nodeargs": "--no-deprecation --title='two words'"})
	if response := run(t, request); response.Error != "" || response.Bail {
		t.Fatal(response)
	}
	seen, err := os.ReadFile(filepath.Join(request.Pwd, "seen"))
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		`"--engine","engine:1"`, `"--project","project"`, `"--stack","staging"`, `"--parallel","7"`, `"--dry-run","."]`,
		`"node":["--no-deprecation","--title=two words"]`, `"kept":"kept"`, `{\"project:config:key\":\"value\"}`,
		`"secrets":"[\"project:key\"]"`, `"typescript":"unset"`,
	} {
		if !strings.Contains(string(seen), want) {
			t.Errorf("%s is not in %s", want, seen)
		}
	}
}

func TestHowAProgramEnds(t *testing.T) {
	if response := run(t, program(t, "process.exit(32)", nil)); !response.Bail || response.Error != "" {
		t.Errorf("a failure that the program has explained: %v", response)
	}
	if response := run(t, program(t, "process.exit(3)", nil)); !strings.Contains(response.Error, "exit code: 3") {
		t.Errorf("got %v", response)
	}
	if response := run(t, program(t, "process.kill(process.pid, 'SIGKILL')", nil)); !strings.Contains(response.Error, "killed") {
		t.Errorf("got %v", response)
	}
	if response := run(t, program(t, "", map[string]any{"typescript": "yes"})); !strings.Contains(response.Error, "typescript") {
		t.Errorf("got %v", response)
	}
}

func TestCancelInterruptsTheProgram(t *testing.T) {
	host := newLanguageHost(context.Background(), "")
	request := program(t, `process.on('SIGINT', () => process.exit(9)); require('node:fs').writeFileSync('ready', '');
		setTimeout(() => {}, 60_000)`, nil)
	done := make(chan *pulumirpc.RunResponse)
	go func() {
		response, _ := host.Run(context.Background(), request)
		done <- response
	}()
	for {
		if _, err := os.Stat(filepath.Join(request.Pwd, "ready")); err == nil {
			break
		}
	}
	if _, err := host.Cancel(context.Background(), nil); err != nil {
		t.Fatal(err)
	}
	if response := <-done; !strings.Contains(response.Error, "exit code: 9") {
		t.Errorf("got %v", response)
	}
}

func TestOptions(t *testing.T) {
	options, err := parseOptions(map[string]any{"typescript": true, "tsconfig": "tsconfig.json", "packagemanager": "npm"})
	if err != nil {
		t.Fatal(err)
	}
	want := []string{"A=b", "PULUMI_NODEJS_TYPESCRIPT=true", "PULUMI_NODEJS_TSCONFIG_PATH=tsconfig.json"}
	if got := options.environment([]string{"A=b"}); !reflect.DeepEqual(got, want) {
		t.Errorf("got %v", got)
	}
	for name, value := range map[string]any{
		"typescript": 1.0, "tsconfig": true, "nodeargs": "'open", "production": "yes", "packagemanager": "cargo",
	} {
		if _, err := parseOptions(map[string]any{name: value}); err == nil || !strings.Contains(err.Error(), name) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

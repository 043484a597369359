package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"time"
)

// sdkScript returns the path of one of @pulumi/pulumi's start scripts, searched upwards as Node resolves modules.
func sdkScript(directory, name string) (string, error) {
	start, err := filepath.Abs(directory)
	if err != nil {
		return "", err
	}
	for at := start; ; at = filepath.Dir(at) {
		script := filepath.Join(at, "node_modules", "@pulumi", "pulumi", "cmd", name)
		if _, err := os.Stat(script); err == nil {
			return script, nil
		}
		if at == filepath.Dir(at) {
			return "", fmt.Errorf("@pulumi/pulumi is not installed for %s: run npm ci (or pulumi install) there", start)
		}
	}
}

// node prepares a Node process that is interrupted, and after five seconds killed, when ctx ends.
func node(ctx context.Context, directory string, environment, args []string, stdout, stderr io.Writer) (*exec.Cmd, error) {
	binary, err := exec.LookPath("node")
	if err != nil {
		return nil, fmt.Errorf("node is not on PATH: %w", err)
	}
	command := exec.CommandContext(ctx, binary, args...)
	command.Dir, command.Env = directory, environment
	command.WaitDelay = 5 * time.Second
	command.Cancel = func() error {
		if err := command.Process.Signal(os.Interrupt); err != nil {
			return command.Process.Kill()
		}
		return nil
	}
	// Node may set a terminal it is handed to non-blocking mode, and then this process's own writes fail. Wrapping the
	// writers makes os/exec put a pipe in between.
	command.Stdout, command.Stderr = struct{ io.Writer }{stdout}, struct{ io.Writer }{stderr}
	return command, nil
}

// exitCode returns the process's exit code, or the error when there was no process to exit.
func exitCode(err error) (int, error) {
	var exit *exec.ExitError
	if err == nil {
		return 0, nil
	}
	if errors.As(err, &exit) && exit.ExitCode() >= 0 {
		return exit.ExitCode(), nil
	}
	return -1, err
}

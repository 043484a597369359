package main

import (
	"fmt"

	"github.com/google/shlex"
	"github.com/pulumi/pulumi/sdk/v3/nodejs/npm"
)

// runtimeOptions is what Pulumi.yaml may say under `runtime: options:`.
type runtimeOptions struct {
	// typescript asks the SDK to register ts-node, Pulumi's default.
	typescript bool
	tsconfig   string
	nodeArgs   []string
	// production leaves development dependencies out of an install.
	production     bool
	packageManager npm.PackageManagerType
}

func parseOptions(raw map[string]any) (runtimeOptions, error) {
	options := runtimeOptions{typescript: true, packageManager: npm.AutoPackageManager}
	var nodeArgs, manager string
	if err := read(raw, "typescript", &options.typescript); err != nil {
		return options, err
	}
	if err := read(raw, "tsconfig", &options.tsconfig); err != nil {
		return options, err
	}
	if err := read(raw, "nodeargs", &nodeArgs); err != nil {
		return options, err
	}
	if err := read(raw, "production", &options.production); err != nil {
		return options, err
	}
	if err := read(raw, "packagemanager", &manager); err != nil {
		return options, err
	}
	switch manager {
	case "":
	case "auto", "npm", "yarn", "pnpm", "bun":
		options.packageManager = npm.PackageManagerType(manager)
	default:
		return options, fmt.Errorf("runtime option packagemanager must be auto, npm, yarn, pnpm or bun, not %q", manager)
	}
	var err error
	if options.nodeArgs, err = shlex.Split(nodeArgs); err != nil {
		return options, fmt.Errorf("runtime option nodeargs: %w", err)
	}
	return options, nil
}

// read copies an option, if it is set, and refuses one of another type.
func read[T any](raw map[string]any, name string, into *T) error {
	value, set := raw[name]
	if !set {
		return nil
	}
	typed, ok := value.(T)
	if !ok {
		return fmt.Errorf("runtime option %s must be a %T, not %T", name, *into, value)
	}
	*into = typed
	return nil
}

// environment adds what the SDK's start scripts look for.
func (options runtimeOptions) environment(base []string) []string {
	environment := append([]string{}, base...)
	if options.typescript {
		environment = append(environment, "PULUMI_NODEJS_TYPESCRIPT=true")
	}
	if options.tsconfig != "" {
		environment = append(environment, "PULUMI_NODEJS_TSCONFIG_PATH="+options.tsconfig)
	}
	return environment
}

//go:build tools

// Package toolchain pins the programs that are built from this module as they are, beside its own under cmd/.
package toolchain

import (
	_ "github.com/pulumi/pulumi-terraform-bridge/v3/dynamic"
	_ "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi"
)

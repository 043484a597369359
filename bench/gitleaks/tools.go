//go:build tools

// Package gitleaks keeps the benchmark's peer in go.mod.
package gitleaks

import _ "github.com/zricethezav/gitleaks/v8"

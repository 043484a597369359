//go:build tools

// Package opentofu pins the peer that `npm run bench -- preview` builds where no terraform is installed.
package opentofu

import _ "github.com/opentofu/opentofu/cmd/tofu"

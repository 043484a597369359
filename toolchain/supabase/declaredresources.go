package supabase

import (
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/allincompassing/staging-infrastructure/toolchain/compatible"
)

type attributes = map[string]schema.Attribute

// How an attribute is set: by the user, by the user or nobody, by the user or the provider, by the provider.
type settable int

const (
	required settable = iota
	optional
	defaulted
	computed
)

func (how settable) flags() (isRequired, isOptional, isComputed bool) {
	return how == required, how == optional || how == defaulted, how == defaulted || how == computed
}

func text(how settable, description string) schema.StringAttribute {
	isRequired, isOptional, isComputed := how.flags()
	return schema.StringAttribute{
		Required: isRequired, Optional: isOptional, Computed: isComputed, MarkdownDescription: description,
	}
}

func secretText(how settable, description string) schema.StringAttribute {
	attribute := text(how, description)
	attribute.Sensitive = true
	return attribute
}

func number(description string) schema.Int64Attribute {
	return schema.Int64Attribute{Computed: true, MarkdownDescription: description}
}

// declaredResources are the resources of Supabase's provider that this one has no calls for.
func declaredResources() []compatible.Declared {
	described := func(name, description string, members attributes, blocks map[string]schema.Block) compatible.Declared {
		return compatible.Declared{Vendor: vendor, Name: name, Shape: schema.Schema{
			MarkdownDescription: description, Attributes: members, Blocks: blocks,
		}}
	}
	const timestamp, checksum = "Timestamp when the function was ", "SHA256 checksum of "
	return []compatible.Declared{
		described("branch", "Branch database resource", attributes{
			"database": schema.SingleNestedAttribute{
				Computed: true, MarkdownDescription: "Database connection details", Attributes: attributes{
					"host": text(computed, "Host"), "id": text(computed, "Branch project ref"),
					"jwt_secret": secretText(computed, "JWT secret"), "password": secretText(computed, "Password"),
					"port": number("Port"), "status": text(computed, "Status"), "user": text(computed, "User"),
					"version": text(computed, "Postgres version"),
				},
			},
			"git_branch":         text(required, "Git branch"),
			"id":                 text(computed, "Branch identifier"),
			"parent_project_ref": text(required, "Parent project ref"),
			"region":             text(optional, "Database region"),
		}, nil),
		described("edge_function", "Edge Function resource", attributes{
			"checksum":       text(computed, checksum+"the deployed function bundle (remote)"),
			"created_at":     number(timestamp + "created"),
			"entrypoint":     text(required, "Path to the function entrypoint file"),
			"id":             text(computed, "Function identifier"),
			"import_map":     text(optional, "Path to the import map file"),
			"local_checksum": text(computed, checksum+"local source files before upload"),
			"name":           text(defaulted, "Name of the function (defaults to slug if not specified)"),
			"project_ref":    text(required, "Project ref"),
			"slug":           text(required, "URL-friendly identifier for the function"),
			"static_files": schema.ListAttribute{
				Optional: true, ElementType: types.StringType,
				MarkdownDescription: "List of glob patterns for static files to include",
			},
			"status":     text(computed, "Function deployment status"),
			"updated_at": number(timestamp + "last updated"),
			"version":    number("Currently deployed function version"),
		}, nil),
		described("project", "Project resource", attributes{
			"database_password":       secretText(required, "Password for the project database"),
			"id":                      text(computed, "Project identifier"),
			"instance_size":           text(defaulted, "Desired instance size of the project"),
			"legacy_api_keys_enabled": legacyKeys(),
			"name":                    text(required, "Name of the project"),
			"organization_id":         text(required, "Organization slug (found in the Supabase dashboard URL or organization settings)"),
			"region":                  text(required, "Region where the project is located"),
		}, timeouts()),
		described("settings", "Settings resource", attributes{
			"api":         text(optional, asJSON("API", "services/updatePostgRESTConfig")),
			"auth":        text(optional, asJSON("Auth", "projects%20config/updateV1AuthConfig")),
			"database":    text(optional, asJSON("Database", "projects%20config/updateConfig")),
			"id":          text(computed, "Project identifier"),
			"network":     text(optional, "Network settings as serialised JSON"),
			"pooler":      text(optional, "Pooler settings as serialised JSON"),
			"project_ref": text(required, "Project reference ID"),
			"storage":     text(optional, "Storage settings as serialised JSON"),
		}, timeouts()),
	}
}

func asJSON(what, operation string) string {
	return what + " settings as [serialised JSON](https://api.supabase.com/api/v1#/" + operation + ")"
}

func legacyKeys() schema.BoolAttribute {
	return schema.BoolAttribute{
		Optional: true, Computed: true,
		MarkdownDescription: "Controls whether `anon` and `service_role` JWT-based api keys should be enabled. Please note: " +
			"these keys are no longer recommended ([more information here](https://supabase.com/docs/guides/api/api-keys" +
			"#why-are-anon-and-servicerole-jwt-based-keys-no-longer-recommended)).",
		DeprecationMessage: "Deprecated. This field will be removed once the transition to publishable and secret keys is " +
			"complete.",
	}
}

// timeouts is the block that HashiCorp's library for time limits makes.
func timeouts() map[string]schema.Block {
	const description = "A string that can be [parsed as a duration](https://pkg.go.dev/time#ParseDuration) consisting of " +
		"numbers and unit suffixes, such as \"30s\" or \"2h45m\". Valid time units are \"s\" (seconds), \"m\" (minutes), " +
		"\"h\" (hours)."
	limit := schema.StringAttribute{Optional: true, Description: description}
	return map[string]schema.Block{
		"timeouts": schema.SingleNestedBlock{Attributes: attributes{"create": limit, "update": limit}},
	}
}

package supabase

import (
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/allincompassing/staging-infrastructure/toolchain/compatible"
)

type found = map[string]schema.Attribute

// declaredSources are the data sources of Supabase's provider: this one has calls for none.
func declaredSources() []compatible.DeclaredSource {
	declared := func(name, description string, members found) compatible.DeclaredSource {
		return compatible.DeclaredSource{Vendor: vendor, Name: name, Shape: schema.Schema{
			MarkdownDescription: description, Attributes: members,
		}}
	}
	asked := func(description string) schema.StringAttribute {
		return schema.StringAttribute{Required: true, MarkdownDescription: description}
	}
	told := func(description string) schema.StringAttribute {
		return schema.StringAttribute{Computed: true, MarkdownDescription: description}
	}
	secret := func(description string) schema.StringAttribute {
		return schema.StringAttribute{Computed: true, Sensitive: true, MarkdownDescription: description}
	}
	return []compatible.DeclaredSource{
		declared("apikeys", "API Keys data source", found{
			"anon_key":        secret("Anonymous API key for the project"),
			"project_ref":     asked("Project reference ID"),
			"publishable_key": secret("Publishable API key for the project"),
			"secret_keys": schema.ListNestedAttribute{
				Computed: true, Sensitive: true, MarkdownDescription: "List of secret API keys for the project",
				NestedObject: schema.NestedAttributeObject{Attributes: found{
					"api_key": secret("The secret API key value"), "name": told("Name of the secret key"),
				}},
			},
			"service_role_key": secret("Service role API key for the project"),
		}),
		declared("branch", "Branch data source", found{
			"branches": schema.SetNestedAttribute{
				Computed: true, MarkdownDescription: "Branch databases",
				NestedObject: schema.NestedAttributeObject{Attributes: found{
					"git_branch": told("Git branch"), "id": told("Branch identifier"), "project_ref": told("Branch project ref"),
				}},
			},
			"parent_project_ref": asked("Parent project ref"),
		}),
		declared("network_bans", "Network bans data source", found{
			"banned_ipv4_addresses": schema.SetAttribute{
				Computed: true, ElementType: types.StringType, MarkdownDescription: "List of banned IPv4 addresses",
			},
			"project_ref": asked("Project reference ID"),
		}),
		declared("pooler", "Pooler data source", found{
			"project_ref": asked("Project ref"),
			"url": schema.MapAttribute{
				Computed: true, ElementType: types.StringType, MarkdownDescription: "Map of pooler mode to connection string",
			},
		}),
	}
}

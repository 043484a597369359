package netlify

import (
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/allincompassing/staging-infrastructure/toolchain/compatible"
)

type found = map[string]schema.Attribute

// declaredSources are the data sources of Netlify's provider that this one has no calls for.
func declaredSources() []compatible.DeclaredSource {
	id := schema.StringAttribute{Optional: true, Computed: true}
	zone := foundTexts("team_id", "team_slug")
	zone["id"], zone["name"] = id, id
	zone["dns_servers"] = schema.ListAttribute{Computed: true, ElementType: types.StringType}
	domain := foundTexts("auto_renew_at", "expires_at", "id", "name", "registered_at", "renewal_price")
	domain["auto_renew"] = schema.BoolAttribute{Computed: true}
	zone["domain"] = schema.SingleNestedAttribute{Computed: true, Attributes: domain}
	record := foundTexts("hostname", "id", "tag", "type", "value")
	for _, name := range []string{"flag", "priority", "ttl"} {
		record[name] = schema.Int64Attribute{Computed: true}
	}
	zone["records"] = foundList(record)

	rule := foundTexts("category", "description", "id", "phase")
	rule["severity"] = schema.StringAttribute{Computed: true, Description: "notice, warning, error, critical"}
	ruleSet := found{
		"definition": schema.SingleNestedAttribute{Computed: true, Attributes: foundTexts("id", "type", "version")},
		"rules":      foundList(rule),
	}
	declared := func(name string, shape schema.Schema) compatible.DeclaredSource {
		return compatible.DeclaredSource{Vendor: vendor, Name: name, Shape: shape}
	}
	return []compatible.DeclaredSource{
		declared("dns_zone", schema.Schema{Attributes: zone}),
		declared("managed_waf_rules", schema.Schema{
			Description: "Netlify managed WAF rule sets. This should be used when defining a WAF policy (netlify_waf_policy).",
			Attributes: found{
				"rule_sets": schema.MapNestedAttribute{
					Computed: true, NestedObject: schema.NestedAttributeObject{Attributes: ruleSet},
				},
				"team_id": schema.StringAttribute{Required: true},
			},
		}),
	}
}

func foundTexts(names ...string) found {
	members := found{}
	for _, name := range names {
		members[name] = schema.StringAttribute{Computed: true}
	}
	return members
}

func foundList(members found) schema.ListNestedAttribute {
	return schema.ListNestedAttribute{Computed: true, NestedObject: schema.NestedAttributeObject{Attributes: members}}
}

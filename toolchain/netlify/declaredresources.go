package netlify

import (
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/allincompassing/staging-infrastructure/toolchain/compatible"
)

// How an attribute is set: by the user, by the user or the provider, by the provider.
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

type attributes = map[string]schema.Attribute

// text, number, flag and texts are an attribute of a plain type, with its description if it has one.
func text(how settable, description ...string) schema.StringAttribute {
	isRequired, isOptional, isComputed := how.flags()
	return schema.StringAttribute{
		Required: isRequired, Optional: isOptional, Computed: isComputed, Description: first(description),
	}
}

func number(how settable, description ...string) schema.Int64Attribute {
	isRequired, isOptional, isComputed := how.flags()
	return schema.Int64Attribute{
		Required: isRequired, Optional: isOptional, Computed: isComputed, Description: first(description),
	}
}

func flag(how settable, description ...string) schema.BoolAttribute {
	isRequired, isOptional, isComputed := how.flags()
	return schema.BoolAttribute{
		Required: isRequired, Optional: isOptional, Computed: isComputed, Description: first(description),
	}
}

func texts(how settable) schema.ListAttribute {
	isRequired, isOptional, isComputed := how.flags()
	return schema.ListAttribute{
		Required: isRequired, Optional: isOptional, Computed: isComputed, ElementType: types.StringType,
	}
}

func first(texts []string) string {
	if len(texts) == 0 {
		return ""
	}
	return texts[0]
}

const (
	needsTeam = "Required if a default team was not configured in the provider configuration."
	aboutDNS  = "[Read more](https://docs.netlify.com/domains-https/netlify-dns/)"
	aboutSite = "[Read more](https://docs.netlify.com/security/secure-access-to-sites/"
)

// declaredResources are the resources of Netlify's provider that this one has no calls for.
func declaredResources() []compatible.Declared {
	described := func(name, description string, members attributes) compatible.Declared {
		members["last_updated"] = text(computed)
		shape := schema.Schema{MarkdownDescription: description, Attributes: members}
		return compatible.Declared{Vendor: vendor, Name: name, Shape: shape}
	}
	return []compatible.Declared{
		described("deploy_key", "Deploy key for Git repositories. Avoid creating this resource directly if possible. "+
			"[Read more](https://docs.netlify.com/git/repo-permissions-linking/#deploy-keys)", attributes{
			"id": text(computed), "public_key": text(computed),
		}),
		described("dns_record", "Netlify DNS record. "+aboutDNS, attributes{
			"flag":     number(defaulted),
			"hostname": text(required, "The hostname for the DNS record. For example, `www.example.com`."),
			"id":       text(computed),
			"priority": number(defaulted),
			"tag":      text(defaulted),
			"ttl":      number(defaulted),
			"type":     text(required, "One of A, AAAA, ALIAS, CAA, CNAME, MX, NS, SPF, or TXT"),
			"value":    text(required),
			"zone_id":  text(required),
		}),
		described("dns_zone", "Netlify DNS zone. "+aboutDNS, attributes{
			"dns_servers": texts(computed),
			"domain": schema.SingleNestedAttribute{Computed: true, Attributes: attributes{
				"auto_renew": flag(computed), "auto_renew_at": text(computed), "expires_at": text(computed), "id": text(computed),
				"name": text(computed), "registered_at": text(computed), "renewal_price": text(computed),
			}},
			"id":        text(computed),
			"name":      text(required),
			"team_id":   text(computed),
			"team_slug": text(defaulted, needsTeam),
		}),
		described("log_drain", "Netlify log drain. [Read more](https://docs.netlify.com/monitor-sites/log-drains/)", attributes{
			"destination": text(required, "One of datadog, newrelic, logflare, s3, splunkcloud, http, axiom, or azure"),
			"exclude_pii": flag(required),
			"format":      text(defaulted, "json or ndjson"),
			"id":          text(computed),
			"log_types": schema.SetAttribute{
				Required: true, ElementType: types.StringType,
				Description: "One or more of user_traffic, functions, edge_functions, waf_logs, and deploys",
			},
			"service_config": schema.SingleNestedAttribute{Required: true, Attributes: attributes{
				"authorization_header":  schema.StringAttribute{Optional: true, Sensitive: true},
				"bucket_name":           text(optional),
				"bucket_region":         text(optional),
				"integration_name":      text(optional),
				"path":                  text(optional),
				"tags":                  schema.MapAttribute{Optional: true, ElementType: types.StringType},
				"url":                   schema.StringAttribute{Optional: true, Sensitive: true},
				"verification_filename": text(optional),
			}},
			"site_id": text(required),
		}),
		described("site_collaboration_settings", "", attributes{
			"netlify_drawer_in_branch_deploys": flag(required), "netlify_drawer_in_deploy_previews": flag(required),
			"netlify_heads_up_display": flag(required), "site_id": text(required),
		}),
		described("site_domain_settings", "", attributes{
			"branch_deploy_custom_domain": text(optional), "custom_domain": text(optional),
			"deploy_preview_custom_domain": text(optional), "domain_aliases": texts(defaulted), "site_id": text(required),
		}),
		described("site_firewall_traffic_rules", "Netlify site-level firewall traffic rules. "+aboutSite+"traffic-rules/)",
			attributes{
				"published": trafficRules(), "site_id": text(required), "team_id": text(computed), "unpublished": trafficRules(),
			}),
		described("site_metrics_settings", "", attributes{
			"real_user_metrics": flag(optional,
				"Enable real user metrics. Warning: This might incur a cost on certain plans."),
			"site_analytics": flag(optional, "Enable site analytics. Warning: This might incur a cost on certain plans. "+
				"Note: You must wait 10 minutes before disabling after enabling."),
			"site_id": text(required),
		}),
		described("team_firewall_traffic_rules", "Netlify team-level firewall traffic rules. "+aboutSite+"traffic-rules/)",
			attributes{
				"published": trafficRules(), "site_id": text(computed), "team_id": text(defaulted, needsTeam),
				"unpublished": trafficRules(),
			}),
		described("waf_policy", "Netlify Web Application Firewall (WAF) policy. "+aboutSite+"web-application-firewall/)",
			attributes{
				"description": text(required), "id": text(computed), "name": text(required), "rule_sets": ruleSets(),
				"team_id": text(required),
			}),
	}
}

func trafficRules() schema.SingleNestedAttribute {
	listed := func(more attributes) schema.ListNestedAttribute {
		more["description"] = text(required)
		return schema.ListNestedAttribute{Optional: true, NestedObject: schema.NestedAttributeObject{Attributes: more}}
	}
	places := func() attributes { return attributes{"countries": texts(required), "subregions": texts(optional)} }
	addresses := func() attributes { return attributes{"addresses": texts(required)} }
	return schema.SingleNestedAttribute{Required: true, Attributes: attributes{
		"default_action":   text(required, "One of allow or deny"),
		"geo_exceptions":   listed(places()),
		"geo_restrictions": listed(places()),
		"ip_exceptions":    listed(addresses()),
		"ip_restrictions":  listed(addresses()),
	}}
}

func ruleSets() schema.ListNestedAttribute {
	return schema.ListNestedAttribute{Required: true, NestedObject: schema.NestedAttributeObject{Attributes: attributes{
		"category_thresholds": schema.MapAttribute{
			Optional: true, Computed: true, ElementType: types.Int64Type,
			Description: "Thresholds for each category, e.g. fixation, injection-generic, injection-java, injection-php, lfi, " +
				"protocol, rce, reputation-scanner, rfi, sqli, ssrf, xss",
		},
		"excluded_patterns": texts(optional),
		"managed_id":        text(required, "The managed ID of the rule set. Currently, only crs-basic is supported."),
		"overall_threshold": number(required, "Recommended default value is 5"),
		"passive_mode":      flag(required),
		"rule_overrides": schema.MapNestedAttribute{
			Optional: true, Computed: true,
			NestedObject: schema.NestedAttributeObject{Attributes: attributes{"action": text(required, "log_only or none")}},
		},
	}}}
}

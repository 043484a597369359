package netlify

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"time"

	"github.com/go-openapi/runtime"
	"github.com/netlify/open-api/v2/go/models"
)

// What Netlify's provider 0.4.4 insists to find in an answer. Its client is generated from a document that declares these
// required; Netlify's own Go client, used here, would let all of them be missing.
var (
	variableProperties = []string{"key", "values", "updated_at", "updated_by", "is_secret"}
	siteProperties     = []string{
		"id", "plan", "name", "default_domain", "custom_domain", "branch_deploy_custom_domain",
		"deploy_preview_custom_domain", "domain_aliases", "sso_login", "sso_login_context", "notification_email", "url",
		"admin_url", "deploy_url", "state", "screenshot_url", "created_at", "updated_at", "ssl_url", "force_ssl",
		"build_settings", "processing_settings", "deploy_hook", "managed_dns", "account_id", "account_slug", "account_name",
		"capabilities", "id_domain", "build_image", "build_timelimit", "deploy_retention_in_days", "labels",
	}
	teamProperties = []string{
		"capabilities", "created_at", "id", "member_roles", "name", "owner_ids", "role", "roles_allowed", "slug", "type_id",
		"type_name", "type_slug", "updated_at", "support_administration_enabled", "deploy_diagnostics_setting",
		"ai_usage_enabled_setting", "ai_usage_limit_enforced", "configurable_limits_exceeded", "block_site_transfers",
		"credit_alert_percentage", "in_operational_mode",
	}
	deployKeyProperties = []string{"id", "public_key", "created_at"}
)

// strictConsumer decodes JSON, and refuses an answer in which a required property is missing.
func strictConsumer() runtime.Consumer {
	return runtime.ConsumerFunc(func(reader io.Reader, into any) error {
		text, err := io.ReadAll(reader)
		if err != nil {
			return err
		}
		if _, failure := into.(*models.Error); failure {
			_ = json.Unmarshal(text, into) // a proxy's error page is no JSON; the status is what counts
			return nil
		}
		if err := require(text, requiredFor(into)); err != nil {
			return err
		}
		return json.Unmarshal(text, into)
	})
}

func requiredFor(into any) []string {
	switch into.(type) {
	case *models.EnvVar, *[]*models.EnvVar:
		return variableProperties
	case *models.Site, *[]*models.Site, *buildSettingsSite:
		return siteProperties
	case *models.DeployKey:
		return deployKeyProperties
	case *team, *[]team:
		return teamProperties
	}
	return nil
}

// require checks one object, or each object of a list.
func require(text []byte, properties []string) error {
	if len(properties) == 0 {
		return nil
	}
	var objects []map[string]json.RawMessage
	if trimmed := bytes.TrimSpace(text); len(trimmed) > 0 && trimmed[0] == '[' {
		if err := json.Unmarshal(text, &objects); err != nil {
			return err
		}
	} else {
		objects = make([]map[string]json.RawMessage, 1)
		if err := json.Unmarshal(text, &objects[0]); err != nil {
			return err
		}
	}
	for _, object := range objects {
		for _, property := range properties {
			if _, present := object[property]; !present {
				return fmt.Errorf("no value given for required property %v", property)
			}
		}
	}
	return nil
}

// explicitProducer writes variables as Netlify's provider does. The Go client's models leave a false `is_secret`, an empty
// value and empty scopes out, and so would say less than the real provider says.
func explicitProducer() runtime.Producer {
	plain := runtime.JSONProducer()
	return runtime.ProducerFunc(func(writer io.Writer, body any) error {
		switch typed := body.(type) {
		case []*models.CreateEnvVarsParamsBodyItems:
			items := make([]newVariable, len(typed))
			for i, item := range typed {
				items[i] = newVariable{Key: item.Key, variableBody: bodyOf(item.IsSecret, item.Scopes, item.Values)}
			}
			return plain.Produce(writer, items)
		case *models.UpdateEnvVarParamsBody:
			return plain.Produce(writer, bodyOf(typed.IsSecret, typed.Scopes, typed.Values))
		}
		return plain.Produce(writer, body)
	})
}

type variableBody struct {
	IsSecret bool        `json:"is_secret"`
	Scopes   []string    `json:"scopes,omitempty"`
	Values   []valueBody `json:"values"`
}

type newVariable struct {
	Key string `json:"key"`
	variableBody
	// The real provider sends these two without meaning anything by them.
	UpdatedAt time.Time `json:"updated_at"`
	UpdatedBy struct{}  `json:"updated_by"`
}

type valueBody struct {
	Value            string `json:"value"`
	Context          string `json:"context"`
	ContextParameter string `json:"context_parameter,omitempty"`
}

func bodyOf(secret bool, scopes []string, values []*models.EnvVarValue) variableBody {
	body := variableBody{IsSecret: secret, Scopes: scopes, Values: make([]valueBody, len(values))}
	for i, value := range values {
		body.Values[i] = valueBody{Value: value.Value, Context: value.Context, ContextParameter: value.ContextParameter}
	}
	return body
}

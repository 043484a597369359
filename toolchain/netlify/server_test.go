package netlify

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
)

// service is a small Netlify: the variables of one team, kept as the real service keeps them.
type service struct {
	*httptest.Server
	mutex     sync.Mutex
	variables map[string]map[string]any
	// calls are the requests so far, as "METHOD path".
	calls []string
	// queries are what stood behind their paths.
	queries []string
	// bodies are their bodies.
	bodies []string
	// without is left out of every answer.
	without string
	// answers overrides the answer to a call with a status and a body.
	answers map[string]answer
}

type answer struct {
	status int
	body   string
	mime   string
}

const environmentPath = "/api/v1/accounts/team-1/env"

func newService(t *testing.T) *service {
	t.Helper()
	mock := &service{variables: map[string]map[string]any{}, answers: map[string]answer{}}
	mock.Server = httptest.NewServer(mock)
	t.Cleanup(mock.Close)
	return mock
}

func (mock *service) ServeHTTP(response http.ResponseWriter, request *http.Request) {
	mock.mutex.Lock()
	defer mock.mutex.Unlock()
	call := request.Method + " " + request.URL.Path
	body, _ := io.ReadAll(request.Body)
	mock.calls = append(mock.calls, call)
	mock.queries = append(mock.queries, request.URL.RawQuery)
	mock.bodies = append(mock.bodies, string(body))
	if request.Header.Get("Authorization") != "Bearer "+testToken() {
		mock.send(response, http.StatusUnauthorized, nil)
		return
	}
	if given, set := mock.answers[call]; set {
		response.Header().Set("Content-Type", given.mime)
		response.WriteHeader(given.status)
		_, _ = io.WriteString(response, given.body)
		return
	}
	if !strings.HasPrefix(request.URL.Path, environmentPath) {
		mock.send(response, http.StatusNotFound, nil)
		return
	}
	mock.environment(response, request.Method, strings.TrimPrefix(request.URL.Path, environmentPath+"/"), body)
}

func (mock *service) environment(response http.ResponseWriter, method, key string, body []byte) {
	if method == http.MethodPost {
		var created []map[string]any
		_ = json.Unmarshal(body, &created)
		for _, variable := range created {
			if _, exists := mock.variables[variable["key"].(string)]; exists {
				mock.send(response, http.StatusUnprocessableEntity, map[string]any{"message": "already exists"})
				return
			}
		}
		stored := make([]any, len(created))
		for i, variable := range created {
			stored[i] = mock.store(variable["key"].(string), variable)
		}
		mock.send(response, http.StatusCreated, stored)
		return
	}
	variable, exists := mock.variables[key]
	if !exists {
		mock.send(response, http.StatusNotFound, map[string]any{"code": 404})
		return
	}
	switch method {
	case http.MethodGet:
		mock.send(response, http.StatusOK, variable)
	case http.MethodPut:
		var replaced map[string]any
		_ = json.Unmarshal(body, &replaced)
		mock.send(response, http.StatusOK, mock.store(key, replaced))
	case http.MethodDelete:
		delete(mock.variables, key)
		mock.send(response, http.StatusNoContent, nil)
	}
}

// store keeps a variable as Netlify answers with it: scopes filled in and spelt with underscores, secrets as asterisks.
func (mock *service) store(key string, given map[string]any) map[string]any {
	secret, _ := given["is_secret"].(bool)
	variable := map[string]any{
		"key": key, "is_secret": secret, "values": given["values"],
		"scopes":     []any{"builds", "functions", "runtime", "post_processing"},
		"updated_at": "2026-01-01T00:00:00Z", "updated_by": map[string]any{"id": "user-1"},
	}
	if scopes, set := given["scopes"].([]any); set {
		variable["scopes"] = scopes
	}
	if secret {
		for _, value := range given["values"].([]any) {
			value.(map[string]any)["value"] = "****"
		}
	}
	delete(variable, mock.without)
	mock.variables[key] = variable
	return variable
}

func (mock *service) send(response http.ResponseWriter, status int, body any) {
	response.Header().Set("Content-Type", "application/json")
	response.WriteHeader(status)
	if body != nil {
		_ = json.NewEncoder(response).Encode(body)
	}
}

// testToken is made up at run time, so that no secret-looking text is in the repository.
func testToken() string { return strings.Repeat("t", 12) }

package supabase

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"
)

const project = "abcdefghijklmnopqrst"

// service is a small Management API: the secrets of one project, and whatever a test lets it answer.
type service struct {
	*httptest.Server
	mutex   sync.Mutex
	secrets map[string]string
	// calls are the requests so far, as "METHOD path?query body".
	calls []string
	// answers are given first, one after the other, by "METHOD path" below the project.
	answers map[string][]reply
}

type reply struct {
	status int
	body   string
	mime   string
}

func refusing(status int) reply { return reply{status, `{"message":"no"}`, "application/json"} }

func shows(body string) reply { return reply{http.StatusOK, body, "application/json; charset=utf-8"} }

func newService(t *testing.T) (*service, access) {
	t.Helper()
	shortWait, longWait = time.Millisecond, 2*time.Millisecond
	mock := &service{secrets: map[string]string{}, answers: map[string][]reply{}}
	mock.Server = httptest.NewServer(mock)
	t.Cleanup(mock.Close)
	connection, err := newClient(mock.URL, testToken())
	if err != nil {
		t.Fatal(err)
	}
	return mock, access{client: connection}
}

func (mock *service) ServeHTTP(response http.ResponseWriter, request *http.Request) {
	mock.mutex.Lock()
	defer mock.mutex.Unlock()
	body, _ := io.ReadAll(request.Body)
	path := strings.TrimPrefix(request.URL.RequestURI(), "/v1/projects/"+project+"/")
	mock.calls = append(mock.calls, strings.TrimSpace(request.Method+" "+path+" "+string(body)))
	if request.Header.Get("Authorization") != "Bearer "+testToken() || request.UserAgent() != "TFProvider/1.9.1" {
		response.WriteHeader(http.StatusUnauthorized)
		return
	}
	call := request.Method + " " + path
	if waiting := mock.answers[call]; len(waiting) > 0 {
		mock.answers[call] = waiting[1:]
		response.Header().Set("Content-Type", waiting[0].mime)
		response.WriteHeader(waiting[0].status)
		_, _ = io.WriteString(response, waiting[0].body)
		return
	}
	switch call {
	case "GET secrets":
		mock.list(response)
	case "POST secrets":
		var given []secretToWrite
		_ = json.Unmarshal(body, &given)
		for _, secret := range given {
			mock.secrets[secret.Name] = secret.Value
		}
		response.WriteHeader(http.StatusCreated)
	case "DELETE secrets":
		var names []string
		_ = json.Unmarshal(body, &names)
		for _, name := range names {
			delete(mock.secrets, name)
		}
	default:
		response.WriteHeader(http.StatusNotFound)
	}
}

func (mock *service) list(response http.ResponseWriter) {
	listed := []listedSecret{{Name: "SUPABASE_URL", Value: digestOf("of the platform")}}
	for name, value := range mock.secrets {
		listed = append(listed, listedSecret{Name: name, Value: digestOf(value)})
	}
	response.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(response).Encode(listed)
}

// asked are the requests since the last time.
func (mock *service) asked() string {
	calls := strings.Join(mock.calls, "\n")
	mock.calls = nil
	return calls
}

func expect(t *testing.T, what, got, want string) {
	t.Helper()
	if got != want {
		t.Errorf("%s\n got %s\nwant %s", what, got, want)
	}
}

// testToken is made up at run time, so that no secret-looking text is in the repository.
func testToken() string { return strings.Repeat("t", 12) }

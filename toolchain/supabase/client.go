package supabase

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"

	"github.com/allincompassing/staging-infrastructure/toolchain/compatible"
)

// client speaks to the Management API as the client inside Supabase's provider does.
type client struct {
	http     *http.Client
	endpoint string
	token    string
}

func newClient(endpoint, token string) (*client, error) {
	address, err := compatible.Endpoint(vendor, endpoint)
	if err != nil {
		return nil, err
	}
	return &client{http: readingAgain(), endpoint: address.String(), token: token}, nil
}

// answer is a response that has been read.
type answer struct {
	status int
	body   []byte
	json   bool
}

// decode fills `into` where the answer is JSON with the wanted status, and otherwise leaves it. It says which of the two.
func (got answer) decode(status int, into any) (bool, error) {
	if got.status != status || !got.json {
		return false, nil
	}
	return true, json.Unmarshal(got.body, into)
}

// is says whether the status is one of these.
func (got answer) is(statuses ...int) bool {
	for _, status := range statuses {
		if got.status == status {
			return true
		}
	}
	return false
}

// send makes one request below /v1/projects/REF/. A nil body sends none.
func (connection *client) send(ctx context.Context, method, ref, path string, body any) (answer, error) {
	var content io.Reader
	if body != nil {
		text, err := json.Marshal(body)
		if err != nil {
			return answer{}, err
		}
		content = bytes.NewReader(text)
	}
	address := connection.endpoint + "/v1/projects/" + url.PathEscape(ref) + "/" + path
	request, err := http.NewRequestWithContext(ctx, method, address, content)
	if err != nil {
		return answer{}, err
	}
	if body != nil {
		request.Header.Set("Content-Type", "application/json")
	}
	request.Header.Set("Authorization", "Bearer "+connection.token)
	request.Header.Set("User-Agent", "TFProvider/"+Version)
	response, err := connection.http.Do(request)
	if err != nil {
		return answer{}, err
	}
	defer func() { _ = response.Body.Close() }()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		return answer{}, err
	}
	return answer{
		status: response.StatusCode, body: text, json: strings.Contains(response.Header.Get("Content-Type"), "json"),
	}, nil
}

// failure says what went wrong with the words of the service, as Supabase's provider does.
func failure(doing string, got answer, err error) (title, text string) {
	if err != nil {
		return "Client Error", fmt.Sprintf("Unable to %s, got error: %s", doing, err)
	}
	return "API Error", fmt.Sprintf("Unable to %s, got status %d: %s", doing, got.status, got.body)
}

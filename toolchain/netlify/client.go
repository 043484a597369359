package netlify

import (
	"context"
	"errors"
	"fmt"
	"net/http"

	"github.com/go-openapi/runtime"
	openapi "github.com/go-openapi/runtime/client"
	"github.com/go-openapi/strfmt"
	"github.com/netlify/open-api/v2/go/models"
	"github.com/netlify/open-api/v2/go/plumbing/operations"
	"github.com/netlify/open-api/v2/go/porcelain"

	"github.com/allincompassing/staging-infrastructure/toolchain/compatible"
)

// client is Netlify's own Go client, made as strict as the one inside Netlify's provider: required properties are checked,
// and nothing is retried, so a 429 or a reset fails at once.
type client struct {
	api       *porcelain.Netlify
	transport runtime.ClientTransport
	token     runtime.ClientAuthInfoWriter
}

func newClient(endpoint, token string) (client, error) {
	address, err := compatible.Endpoint(vendor, endpoint)
	if err != nil {
		return client{}, err
	}
	transport := openapi.NewWithClient(address.Host, address.Path+"/api/v1", []string{address.Scheme}, compatible.LoopbackOnly())
	transport.Producers[runtime.JSONMime] = explicitProducer()
	transport.Consumers = map[string]runtime.Consumer{runtime.JSONMime: strictConsumer(), "*/*": strictConsumer()}
	return client{
		api:       porcelain.New(onScheme{transport, address.Scheme}, strfmt.Default),
		transport: onScheme{transport, address.Scheme},
		token:     openapi.BearerToken(token),
	}, nil
}

// onScheme sends every operation by the endpoint's scheme: the generated operations all say https.
type onScheme struct {
	runtime.ClientTransport
	scheme string
}

func (transport onScheme) Submit(operation *runtime.ClientOperation) (any, error) {
	operation.Schemes = []string{transport.scheme}
	if update, is := operation.Params.(*operations.UpdateEnvVarParams); is {
		operation.Params = withKeyInQuery{update}
	}
	return transport.ClientTransport.Submit(operation)
}

// withKeyInQuery names the key once more behind the path, as Netlify's provider does: no document has that parameter.
type withKeyInQuery struct{ *operations.UpdateEnvVarParams }

func (update withKeyInQuery) WriteToRequest(request runtime.ClientRequest, formats strfmt.Registry) error {
	if err := update.UpdateEnvVarParams.WriteToRequest(request, formats); err != nil {
		return err
	}
	return request.SetQueryParam("key", update.Key)
}

// team is an account, as far as this provider needs it.
type team struct {
	ID   string `json:"id"`
	Name string `json:"name"`
	Slug string `json:"slug"`
}

// teamByID reads one team. Netlify's Go client declares a list here, but the service answers with one object.
func (connection client) teamByID(ctx context.Context, id string) (*team, error) {
	found := &team{}
	if err := connection.get(ctx, "/accounts/{account_id}", map[string]string{"account_id": id}, found); err != nil {
		return nil, fmt.Errorf("Could not read Netlify team ID %q: %q", id, reason(err))
	}
	return found, nil
}

func (connection client) teamBySlug(ctx context.Context, slug string) (*team, error) {
	var teams []team
	if err := connection.get(ctx, "/accounts", nil, &teams); err != nil {
		return nil, fmt.Errorf("Could not list Netlify teams: %q", reason(err))
	}
	for i := range teams {
		if teams[i].Slug == slug {
			return &teams[i], nil
		}
	}
	return nil, fmt.Errorf("Could not find Netlify team with slug %q", slug)
}

func (connection client) site(ctx context.Context, id string) (*models.Site, error) {
	answer, err := connection.api.Operations.GetSite(
		operations.NewGetSiteParamsWithContext(ctx).WithSiteID(id), connection.token)
	if err != nil {
		return nil, err
	}
	return answer.Payload, nil
}

func (connection client) get(ctx context.Context, path string, parameters map[string]string, into any) error {
	return connection.send(ctx, http.MethodGet, path, parameters, nil, into)
}

// send makes a request that Netlify's Go client has no operation, or the wrong answer, for.
func (connection client) send(
	ctx context.Context, method, path string, parameters map[string]string, body, into any,
) error {
	_, err := connection.transport.Submit(&runtime.ClientOperation{
		ID:                 method + " " + path,
		Method:             method,
		PathPattern:        path,
		ProducesMediaTypes: []string{runtime.JSONMime},
		ConsumesMediaTypes: []string{runtime.JSONMime},
		AuthInfo:           connection.token,
		Context:            ctx,
		Params: runtime.ClientRequestWriterFunc(func(request runtime.ClientRequest, _ strfmt.Registry) error {
			for name, value := range parameters {
				if err := request.SetPathParam(name, value); err != nil {
					return err
				}
			}
			if body == nil {
				return nil
			}
			return request.SetBodyParam(body)
		}),
		Reader: runtime.ClientResponseReaderFunc(
			func(response runtime.ClientResponse, consumer runtime.Consumer) (any, error) {
				if response.Code() >= http.StatusMultipleChoices {
					return nil, statusError(response.Code())
				}
				if response.Code() == http.StatusNoContent {
					return nil, statusError(response.Code())
				}
				return nil, consumer.Consume(response.Body(), into)
			}),
	})
	return err
}

// statusError is an answer other than the wanted one.
type statusError int

func (status statusError) Code() int { return int(status) }

func (status statusError) Error() string {
	return fmt.Sprintf("%d %s", int(status), http.StatusText(int(status)))
}

// statusOf is the HTTP status that an error stands for, or 0.
func statusOf(err error) int {
	var coded interface{ Code() int }
	if errors.As(err, &coded) {
		return coded.Code()
	}
	return 0
}

// reason says what went wrong in the words of Netlify's provider: the bare status where there was an answer.
func reason(err error) string {
	if status := statusOf(err); status != 0 {
		return statusError(status).Error()
	}
	return err.Error()
}

package supabase

import (
	"context"
	"net/http"
	"time"

	"github.com/hashicorp/go-retryablehttp"

	"github.com/allincompassing/staging-infrastructure/toolchain/compatible"
)

const (
	retries     = 3
	longestWait = 10 * time.Second
)

// Tests wait shorter.
var shortWait, longWait = 500 * time.Millisecond, 1500 * time.Millisecond

// readingAgain is an HTTP client that tries a GET again, after an error of the network too, and a write never.
func readingAgain() *http.Client {
	once := compatible.LoopbackOnly()
	again := retryablehttp.NewClient()
	again.HTTPClient = once
	again.RetryMax, again.RetryWaitMin, again.RetryWaitMax = retries, shortWait, longWait
	again.Logger = nil
	again.CheckRetry = mayPass
	again.Backoff = noLongerThan
	again.ErrorHandler = retryablehttp.PassthroughErrorHandler
	return &http.Client{
		Transport:     byMethod{reading: again.StandardClient().Transport, writing: once.Transport},
		CheckRedirect: compatible.StayOnLoopback,
	}
}

type byMethod struct{ reading, writing http.RoundTripper }

func (transports byMethod) RoundTrip(request *http.Request) (*http.Response, error) {
	if request.Method == http.MethodGet {
		return transports.reading.RoundTrip(request)
	}
	return transports.writing.RoundTrip(request)
}

// mayPass says whether a failed GET is worth another try.
func mayPass(ctx context.Context, response *http.Response, err error) (bool, error) {
	if ctx.Err() != nil {
		if response != nil {
			return false, nil // what has arrived is told
		}
		return false, ctx.Err()
	}
	if err != nil {
		return retryablehttp.ErrorPropagatedRetryPolicy(ctx, nil, err)
	}
	switch response.StatusCode {
	case http.StatusRequestTimeout, http.StatusTooManyRequests, http.StatusInternalServerError, http.StatusBadGateway,
		http.StatusServiceUnavailable, http.StatusGatewayTimeout:
		return true, nil
	}
	return false, nil
}

// noLongerThan heeds `Retry-After`, for ten seconds at most.
func noLongerThan(shortest, longest time.Duration, attempt int, response *http.Response) time.Duration {
	return min(retryablehttp.RateLimitLinearJitterBackoff(shortest, longest, attempt, response), longestWait)
}

// Package compatible is what the stand-ins for vendors' own Terraform providers share: they talk to loopback only, and they
// declare what they have no calls for.
package compatible

import (
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"strings"
)

// Endpoint refuses every endpoint but loopback: a compatible provider must never stand between a user and the vendor.
func Endpoint(vendor, endpoint string) (*url.URL, error) {
	address, err := url.Parse(endpoint)
	if err != nil || address.Hostname() == "" {
		return nil, fmt.Errorf("%q is not a URL such as http://127.0.0.1:8888", endpoint)
	}
	if address.Scheme != "http" && address.Scheme != "https" {
		return nil, fmt.Errorf("%q must start with http:// or https://", endpoint)
	}
	if !isLoopback(address.Hostname()) {
		return nil, fmt.Errorf(
			"this is the compatible %[1]s provider, for stand-ins on loopback; it refuses %[2]q. To reach the real %[1]s, "+
				"use %[1]s's own provider: run with STAGING_TOOLCHAIN=official where registry.opentofu.org can be reached",
			vendor, address.Hostname())
	}
	address.Path = strings.TrimSuffix(address.Path, "/")
	return address, nil
}

func isLoopback(host string) bool {
	if strings.EqualFold(host, "localhost") {
		return true
	}
	ip := net.ParseIP(host)
	return ip != nil && ip.IsLoopback()
}

// LoopbackOnly is an HTTP client that follows no redirect to another machine and uses no proxy.
func LoopbackOnly() *http.Client {
	return &http.Client{
		Transport:     &http.Transport{Proxy: nil, MaxIdleConnsPerHost: 16},
		CheckRedirect: StayOnLoopback,
	}
}

// StayOnLoopback is the `CheckRedirect` of a client that leaves loopback never.
func StayOnLoopback(request *http.Request, via []*http.Request) error {
	if !isLoopback(request.URL.Hostname()) {
		return fmt.Errorf("refused the redirect to %s: not loopback", request.URL.Hostname())
	}
	if len(via) >= 10 {
		return errors.New("too many redirects")
	}
	return nil
}

package main

import (
	"context"
	"fmt"
	"time"

	"github.com/pulumi/pulumi/sdk/v3/go/common/util/rpcutil"
	"github.com/pulumi/pulumi/sdk/v3/go/common/version"
	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
	"google.golang.org/protobuf/types/known/emptypb"
)

// languageHost answers the engine's requests. What it does not implement it refuses as "unimplemented".
type languageHost struct {
	pulumirpc.UnimplementedLanguageRuntimeServer
	engineAddress string
	// context ends when the engine is gone or the user interrupts: no server is needed any more.
	context context.Context
	stop    context.CancelFunc
	// programs ends when the engine asks to cancel what runs; the host itself goes on answering.
	programs       context.Context
	cancelPrograms context.CancelFunc
}

func newLanguageHost(parent context.Context, engineAddress string) *languageHost {
	ctx, stop := context.WithCancel(parent)
	programs, cancelPrograms := context.WithCancel(ctx)
	return &languageHost{
		engineAddress: engineAddress, context: ctx, stop: stop, programs: programs, cancelPrograms: cancelPrograms,
	}
}

// followEngine stops this host when the engine stops answering, so that a killed engine leaves no process behind.
func (host *languageHost) followEngine(address string) error {
	if err := rpcutil.Healthcheck(host.context, address, 5*time.Minute, host.stop); err != nil {
		return fmt.Errorf("could not watch the engine at %s: %w", address, err)
	}
	return nil
}

// Handshake tells the address of the engine when it was not on the command line.
func (host *languageHost) Handshake(
	_ context.Context, request *pulumirpc.LanguageHandshakeRequest,
) (*pulumirpc.LanguageHandshakeResponse, error) {
	host.engineAddress = request.GetEngineAddress()
	return &pulumirpc.LanguageHandshakeResponse{}, host.followEngine(host.engineAddress)
}

// GetPluginInfo reports the version of the engine that this host was built with.
func (host *languageHost) GetPluginInfo(context.Context, *emptypb.Empty) (*pulumirpc.PluginInfo, error) {
	return &pulumirpc.PluginInfo{Version: version.Version}, nil
}

// Cancel interrupts the programs that run now.
func (host *languageHost) Cancel(context.Context, *emptypb.Empty) (*emptypb.Empty, error) {
	host.cancelPrograms()
	return &emptypb.Empty{}, nil
}

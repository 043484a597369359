// Command pulumi-language-nodejs lets the Pulumi engine run Node.js programs and policy packs.
//
// Pulumi ships its own language host with the official CLI download. This one stands in only where that download cannot
// be reached and the CLI is built from source, because the official host is published in no Go module.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/signal"

	"github.com/pulumi/pulumi/sdk/v3/go/common/util/cmdutil"
	"github.com/pulumi/pulumi/sdk/v3/go/common/util/logging"
	"github.com/pulumi/pulumi/sdk/v3/go/common/util/rpcutil"
	"github.com/pulumi/pulumi/sdk/v3/go/common/version"
	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
	"google.golang.org/grpc"
)

func main() {
	// The engine passes -runtime and -tracing to every language host; only Node is served here.
	runtime := flag.String("runtime", "nodejs", "the runtime to use for the program")
	flag.String("tracing", "", "accepted for compatibility with the engine, unused")
	showVersion := flag.Bool("version", false, "print the version and exit")
	flag.Parse()
	if *showVersion {
		fmt.Println(version.Version)
		return
	}
	if *runtime != "nodejs" {
		cmdutil.Exit(fmt.Errorf("this language host runs Node.js programs, not %q", *runtime))
	}
	logging.InitLogging(false, 0, false)
	if err := serve(flag.Arg(0)); err != nil {
		cmdutil.Exit(err)
	}
}

// serve answers the engine until it goes away. The engine reads the port from the first line of standard output.
func serve(engineAddress string) error {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	host := newLanguageHost(ctx, engineAddress)
	if engineAddress != "" {
		if err := host.followEngine(engineAddress); err != nil {
			return err
		}
	}
	cancel := make(chan bool)
	context.AfterFunc(host.context, func() { close(cancel) })
	handle, err := rpcutil.ServeWithOptions(rpcutil.ServeOptions{
		Cancel: cancel,
		Init: func(server *grpc.Server) error {
			pulumirpc.RegisterLanguageRuntimeServer(server, host)
			return nil
		},
		Options: rpcutil.TracingServerInterceptorOptions(nil),
	})
	if err != nil {
		return fmt.Errorf("could not start the language host: %w", err)
	}
	fmt.Println(handle.Port)
	if err := <-handle.Done; err != nil {
		return fmt.Errorf("the language host stopped serving: %w", err)
	}
	return nil
}

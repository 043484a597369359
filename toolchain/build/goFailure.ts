import { ToolchainError } from '../toolchain.ts';

interface Cause {
  readonly sign: RegExp;
  readonly message: string;
  readonly advice: string;
}

/** What `go` says when something outside this project is wrong, and what helps. The first that fits is taken. */
const CAUSES: readonly Cause[] = [
  {
    sign: /no space left on device|disk quota exceeded|ENOSPC/i,
    message: 'The disk is full.',
    advice:
      'Building takes about 6 GB in Go’s caches (go env GOCACHE GOMODCACHE) and 0.4 GB in this project’s. Free room, then run again.',
  },
  {
    sign: /checksum mismatch|SECURITY ERROR/i,
    message: 'A downloaded Go module is not the one that go.sum names.',
    advice:
      'Do not go on with it. Clear Go’s module cache (go clean -modcache) and check which GOPROXY is set (go env GOPROXY).',
  },
  {
    sign: /requires go >= |toolchain not available|invalid go version|unknown directive: toolchain/i,
    message: 'The installed Go is too old.',
    advice: 'Install Go 1.26 or later (https://go.dev/dl), or unset GOTOOLCHAIN=local so that Go may fetch it.',
  },
  {
    sign: /dial tcp|no such host|i\/o timeout|connection refused|connection reset|TLS handshake|proxyconnect|: 40[34] |: 410 |: 5\d\d /i,
    message: 'Go modules could not be downloaded.',
    advice:
      'Check that the module proxy can be reached (go env GOPROXY; curl https://proxy.golang.org), then run again.',
  },
  {
    sign: /signal: killed|cannot allocate memory|out of memory/i,
    message: 'The compiler ran out of memory.',
    advice: 'Building takes about 4 GB. Close other programs, or build one package at a time: GOFLAGS=-p=1.',
  },
];

/** Turns the failure of a `go` command (its error code or exit, and the end of its log) into what to do about it. */
export function explainGoFailure(code: string, log: string): ToolchainError {
  if (code === 'ENOENT') {
    return new ToolchainError(
      'Pulumi has to be built from source here, and Go is not installed.',
      'Install Go 1.26 or later (https://go.dev/dl), or make the official downloads reachable (get.pulumi.com, github.com).',
    );
  }
  const tail = log.trimEnd().split('\n').slice(-15).join('\n');
  for (const cause of CAUSES) {
    if (cause.sign.test(log)) return new ToolchainError(`${cause.message}\n${tail}`, cause.advice);
  }
  return new ToolchainError(
    `go build failed (${code}).\n${tail}`,
    'This is a compile error, not a problem of your machine: see the lines above, and run `go build ./...` in toolchain/.',
  );
}

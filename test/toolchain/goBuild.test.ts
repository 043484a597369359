import { afterEach, describe, expect, it } from '@jest/globals';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { goBuild, PROGRAMS } from '../../toolchain/build/goBuild.ts';
import { explainGoFailure } from '../../toolchain/build/goFailure.ts';
import type { ToolchainEvent } from '../../toolchain/toolchain.ts';

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});

/** Makes `go` a script, or takes it away. */
function fakeGo(script?: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'toolchain-go-'));
  folders.push(folder);
  if (script !== undefined) {
    writeFileSync(join(folder, 'go'), `#!/bin/sh\n${script}\n`);
    chmodSync(join(folder, 'go'), 0o755);
  }
  return folder;
}

async function build(folder: string, path = `${folder}:/usr/bin:/bin`): Promise<ToolchainEvent[]> {
  const events: ToolchainEvent[] = [];
  await goBuild({
    module: tmpdir(),
    output: '/out/',
    programs: [PROGRAMS.cli, PROGRAMS.github],
    environment: { PATH: path },
    report: (event) => events.push(event),
  });
  return events;
}

describe('building by Go', () => {
  it('reports each step, how many modules came and which package compiles', async () => {
    const go = fakeGo(`case "$1 $2" in
      "list -deps") echo "go: downloading example.org/module v1.0.0" >&2 ;;
      "build -v") echo "example.org/module/package" >&2 ;;
    esac`);
    const events = await build(go);
    expect(events.filter((event) => event.kind === 'step')).toHaveLength(2);
    expect(events.flatMap((event) => (event.kind === 'progress' ? [event.text] : []))).toEqual([
      'fetching Go modules (1 so far)',
      'compiling (1 packages, now module/package)',
    ]);
  });

  it('compiles all programs by one command, with the versions that they print', async () => {
    const folder = fakeGo(`[ "$2" = -v ] && echo "$@" > "$(dirname "$0")/seen"; exit 0`);
    await build(folder);
    const seen = readFileSync(join(folder, 'seen'), 'utf8');
    expect(seen).toContain('-trimpath');
    expect(seen).toContain('version.Version=v3.256.0');
    expect(seen).toContain('dynamic/version.version=v1.1.4');
    expect(seen).toContain('-o /out/ github.com/pulumi/pulumi/pkg/v3/cmd/pulumi ./cmd/pulumi-resource-github');
  });

  it('says what to do when Go is not installed', async () => {
    const nowhere = fakeGo();
    await expect(build(nowhere, nowhere)).rejects.toThrow(/Go is not installed\.\nInstall Go 1\.26/);
  });

  it('says that a compile error is one, with the compiler’s last lines', async () => {
    const go = fakeGo('echo "./main.go:3:1: syntax error" >&2; exit 1');
    await expect(build(go)).rejects.toThrow(
      /go build failed \(exit 1\)\.\n\.\/main\.go:3:1: syntax error\nThis is a compile error/,
    );
  });
});

describe('a failure of Go', () => {
  it.each([
    ['write /tmp/x: no space left on device', 'The disk is full', 'Free room'],
    ['dial tcp: lookup proxy.golang.org: no such host', 'modules could not be downloaded', 'GOPROXY'],
    ['reading https://proxy.golang.org/x: 403 Forbidden', 'modules could not be downloaded', 'GOPROXY'],
    ['go: go.mod requires go >= 1.26 (running go 1.20; GOTOOLCHAIN=local)', 'too old', 'Go 1.26'],
    ['verifying x@v1: checksum mismatch\nSECURITY ERROR', 'not the one that go.sum names', 'Do not go on'],
    ['compile: signal: killed', 'out of memory', 'GOFLAGS=-p=1'],
  ])('%p is explained', (log, happened, advice) => {
    const error = explainGoFailure('exit 1', log);
    expect(error.message).toContain(happened);
    expect(error.message).toContain(log);
    expect(error.advice).toContain(advice);
  });
});

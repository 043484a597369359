import { spawn } from 'node:child_process';
import { explainGoFailure } from './goFailure.ts';
import type { Report } from '../toolchain.ts';
import { VERSIONS } from '../versions.ts';
import { counted } from '../../machine/counted.ts';

/** One program that is built from the Go module: its package, and the name that `go build` gives the file. */
export interface Program {
  readonly package: string;
  readonly file: string;
}

const executable = process.platform === 'win32' ? '.exe' : '';

function own(name: string): Program {
  return { package: `./cmd/${name}`, file: name + executable };
}

/** Every program that the module can build. */
export const PROGRAMS = {
  cli: { package: 'github.com/pulumi/pulumi/pkg/v3/cmd/pulumi', file: `pulumi${executable}` },
  languageHost: own('pulumi-language-nodejs'),
  bridge: { package: 'github.com/pulumi/pulumi-terraform-bridge/v3/dynamic', file: `dynamic${executable}` },
  github: own('pulumi-resource-github'),
  netlify: own('terraform-provider-netlify'),
  supabase: own('terraform-provider-supabase'),
  /** GitHub's provider as Terraform runs it: only the benchmark wants it. */
  terraformGithub: own('terraform-provider-github'),
} as const satisfies Record<string, Program>;

/** The versions that the programs print. Without them the CLI prints none, and Pulumi's Automation API refuses it. */
const LINKER_FLAGS = [
  '-s -w',
  `-X github.com/pulumi/pulumi/sdk/v3/go/common/version.Version=v${VERSIONS.pulumi}`,
  `-X github.com/pulumi/pulumi-terraform-bridge/v3/dynamic/version.version=v${VERSIONS.bridge}`,
].join(' ');

export interface GoBuild {
  /** The folder with go.mod. */
  readonly module: string;
  /** The folder that receives the programs. */
  readonly output: string;
  readonly programs: readonly Program[];
  /** Go's own environment: PATH, GOPROXY, GOCACHE and so on. */
  readonly environment: Readonly<NodeJS.ProcessEnv>;
  readonly report: Report;
}

/** Builds the programs. */
export type GoBuilder = (build: GoBuild) => Promise<void>;

/**
 * Builds by one `go build`, so that what the programs share is compiled once. While it still downloads the modules, Go's
 * standard library is compiled beside it.
 */
export const goBuild: GoBuilder = async ({ module, output, programs, environment, report }) => {
  const begin = Date.now();
  const seconds = (): number => Math.round((Date.now() - begin) / 1000);
  const packages = programs.map((program) => program.package);
  const go = { cwd: module, env: environment };
  const flags = ['-trimpath', '-ldflags', LINKER_FLAGS];

  report({ kind: 'step', text: 'Building Pulumi from source: fetching Go modules' });
  let downloads = 0;
  await Promise.all([
    run(go, ['list', '-deps', '-f', '{{.ImportPath}}', ...packages], (line) => {
      if (line.startsWith('go: downloading')) downloads += 1;
      report({ kind: 'progress', text: `fetching Go modules (${downloads} so far)`, seconds: seconds() });
    }),
    // Only a head start: what fails here, fails below with a better reason.
    run(go, ['build', '-trimpath', 'std'], () => undefined).catch(() => undefined),
  ]);

  report({ kind: 'step', text: `Building Pulumi from source: compiling ${counted(programs.length, 'program')}` });
  let compiled = 0;
  await run(go, ['build', '-v', ...flags, '-o', output, ...packages], (line) => {
    compiled += 1;
    report({ kind: 'progress', text: `compiling (${compiled} packages, now ${shorten(line)})`, seconds: seconds() });
  });
};

/** The last two parts of a package's path: enough to see that it moves. */
function shorten(line: string): string {
  return line.trim().split('/').slice(-2).join('/');
}

/** Runs `go` and hands on each line of its standard error. Resolves when it ends well, else says why and what to do. */
function run(
  where: { cwd: string; env: Readonly<NodeJS.ProcessEnv> },
  args: readonly string[],
  onLine: (line: string) => void,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn('go', args, { ...where, stdio: ['ignore', 'ignore', 'pipe'] });
    const stop = (signal: NodeJS.Signals): void => {
      child.kill(signal);
      process.kill(process.pid, signal); // the handler is gone by now (once), so this ends this process as it would have
    };
    process.once('SIGTERM', stop).once('SIGHUP', stop);
    let rest = '';
    let log = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      log = (log + text).slice(-20_000);
      const lines = (rest + text).split('\n');
      rest = lines.pop() ?? '';
      lines.forEach(onLine);
    });
    const settle = (done: () => void): void => {
      process.off('SIGTERM', stop).off('SIGHUP', stop);
      done();
    };
    child.on('error', (error: NodeJS.ErrnoException) => settle(() => reject(explainGoFailure(error.code ?? '', log))));
    child.on('close', (code) => {
      settle(() => (code === 0 ? resolve() : reject(explainGoFailure(`exit ${code ?? 'by a signal'}`, log))));
    });
  });
}

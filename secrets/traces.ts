import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import * as pulumi from '@pulumi/pulumi';

/** From this verbosity on the engine, its bridge and the providers log the values that they pass on. */
const tellingVerbosity = 5;

/** Levels of Terraform's log at which providers write whole values. */
const tellingLevel = /^(trace|debug|json|info|all)$/i;

/**
 * Throws when the run would print or keep values in the clear by a log that it was asked for: `-v=5` and above, Terraform's
 * trace, or Pulumi's trace of its own calls. `STAGING_TRACES=allow` lets it.
 * What was logged before the program started is past help: a refresh that comes first (`--refresh` alone).
 */
export function refuseTraces(
  env: Readonly<NodeJS.ProcessEnv> = process.env,
  commandLine: () => readonly string[] = engineCommandLine,
): void {
  if (env.STAGING_TRACES === 'allow') return;
  const asked = tellingTraces(env, commandLine());
  if (asked.length === 0) return;
  throw new Error(
    `Refused before anything was changed: with ${asked.join(' and ')} this run would log secret values in the clear. ` +
      'Use -v=4 or less, without TF_LOG. Where nobody else can read the output and the log files: STAGING_TRACES=allow',
  );
}

/** What of a run's environment and command line makes it log values; the settings' names, as somebody would look for them. */
export function tellingTraces(env: Readonly<NodeJS.ProcessEnv>, args: readonly string[]): string[] {
  const verbosity = Math.max(verbosityOf(args), Number(env.PULUMI_OPTION_VERBOSE ?? 0) || 0);
  const terraform = Object.entries(env).filter(
    ([name, level]) => name.startsWith('TF_LOG') && tellingLevel.test(level ?? ''),
  );
  return [
    ...(verbosity >= tellingVerbosity ? [`-v=${verbosity}`] : []),
    ...terraform.map(([name, level = '']) => `${name}=${level}`),
    ...(env.PULUMI_DEBUG_GRPC ? ['PULUMI_DEBUG_GRPC'] : []),
  ];
}

/** `-v=9`, `-v9`, `-v 9`, `--verbose=9`, `--verbose 9`; 0 without any. */
function verbosityOf(args: readonly string[]): number {
  const given = args.flatMap((arg, index) => {
    const [, level] = /^(?:-v|--verbose)(?:=?(\d+))?$/.exec(arg) ?? [];
    if (level !== undefined) return [Number(level)];
    return arg === '-v' || arg === '--verbose' ? [Number(args[index + 1]) || 0] : [];
  });
  return Math.max(0, ...given);
}

/**
 * The arguments of the `pulumi` that runs this program: the engine tells a program everything but how much it logs. Empty
 * where the system does not show them (Windows).
 */
function engineCommandLine(): readonly string[] {
  let pid = process.ppid;
  // The program's parent is the language host, whose parent is the engine; a shell may stand between.
  for (let generation = 0; generation < 4 && pid > 1; generation++) {
    const { parent, args } = processOf(pid);
    if (/(^|[/\\])pulumi(\.exe)?$/.test(args[0] ?? '')) return args.slice(1);
    pid = parent;
  }
  return [];
}

function processOf(pid: number): { readonly parent: number; readonly args: readonly string[] } {
  try {
    if (process.platform === 'linux') {
      const status = readFileSync(`/proc/${pid}/status`, 'utf8');
      const args = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
      return { parent: Number(/^PPid:\s*(\d+)/m.exec(status)?.[1] ?? 0), args };
    }
    const line = execFileSync('ps', ['-o', 'ppid=,args=', '-p', String(pid)], { encoding: 'utf8' }).trim();
    const [parent = '', ...args] = line.split(/\s+/);
    return { parent: Number(parent), args };
  } catch {
    return { parent: 0, args: [] }; // it has ended, or the system has no such thing
  }
}

/**
 * Drops the SDK's own debug messages: they hold the outputs of every resource, secret values too, and `--debug` or
 * `PULUMI_OPTION_DEBUG` prints them. Each of them waits for the engine besides, several a resource.
 */
export function dropDebugMessages(): void {
  Object.assign(pulumi.log, { debug: () => Promise.resolve() });
}

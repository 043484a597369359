import * as pulumi from '@pulumi/pulumi';
import { engineProcess, type EngineProcess } from './traces/engineProcess.ts';
import { revealingExporters, revealingVariables } from './traces/environment.ts';
import { isHarmless, readFlags, type Flag } from './traces/flags.ts';

/**
 * Throws when the run would print or keep values in the clear: by a log, a trace or an option that does so, or that is not
 * known to be harmless. `STAGING_TRACES=allow` permits it. It cannot stop what is logged before the program starts: a
 * refresh that comes first (`--refresh` alone).
 */
export function refuseTraces(
  env: Readonly<NodeJS.ProcessEnv> = process.env,
  engine: () => EngineProcess | undefined = engineProcess,
): void {
  if (env.STAGING_TRACES === 'allow') return;
  const asked = revealingTraces(env, engine());
  if (asked.length === 0) return;
  throw new Error(
    `Refused before anything was changed: with ${asked.join(' and ')} this run would log secret values in the clear, ` +
      'or it is not known that it would not. Use -v=4 or less, no --tracing, no --show-secrets, and TF_LOG unset, off, ' +
      'error or warn. Where no other person can read the output and the log files: STAGING_TRACES=allow',
  );
}

/** What of a run's environment and command line makes it log values; the settings' names, as a person would search for them. */
export function revealingTraces(env: Readonly<NodeJS.ProcessEnv>, engine?: EngineProcess): string[] {
  const variables = [...revealingVariables(env), ...revealingExporters(engine?.env ?? {})];
  return [
    ...readFlags(engine?.args ?? [])
      .filter((flag) => !isHarmless(flag))
      .map(spelt),
    ...variables.map(({ name, value }) => withValue(name, value)),
  ];
}

function spelt({ name, value }: Flag): string {
  if (name === 'verbose') return withValue('-v', value);
  return name.length === 1 ? `-${name}` : `--${name}`;
}

/** With its value only where that is a level: an address may hold a password, a path somebody's name. */
function withValue(name: string, value: string): string {
  return /^\w{1,10}$/.test(value) ? `${name}=${value}` : name;
}

/**
 * Drops the SDK's own debug messages: they hold the outputs of every resource, secret values too, and `--debug` or
 * `PULUMI_OPTION_DEBUG` prints them. Each of them waits for the engine besides, several a resource.
 */
export function dropDebugMessages(): void {
  Object.assign(pulumi.log, { debug: () => Promise.resolve() });
}

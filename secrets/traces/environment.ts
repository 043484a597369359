import { isHarmless } from './flags.ts';

/** A variable of the environment, its name in capitals: some systems keep names in any. */
interface Variable {
  readonly name: string;
  readonly value: string;
}

/** Terraform takes a level that it does not know as TRACE, so only these are believed; `JSON` is TRACE too. */
const quietLevels: readonly string[] = ['off', 'error', 'warn'];

/** `PULUMI_DEBUG_…` that print no value. The others hand the engine's calls to a file, or to a process of somebody's. */
const quietDebugging: readonly string[] = ['PULUMI_DEBUG_COMMANDS', 'PULUMI_DEBUG_PROMISE_LEAKS'];

/** Where the engine sends everything that it logs, at any verbosity. It sets these for its own children, too. */
const exporters: readonly string[] = ['PULUMI_LOG_OTLP_ENDPOINT', 'PULUMI_OTEL_EXPORTER_OTLP_ENDPOINT'];

const option = 'PULUMI_OPTION_';

/** The variables that make a run log values, or that are not known to log none. */
export function revealingVariables(env: Readonly<NodeJS.ProcessEnv>): Variable[] {
  return variablesOf(env).filter(({ name, value }) => {
    if (value === '') return false;
    if (/^TF_(?:ACC_)?LOG/.test(name)) return name !== 'TF_LOG_PATH' && !quietLevels.includes(value.toLowerCase());
    if (name.startsWith(option)) return !isHarmless({ name: flagOf(name), value });
    if (name.startsWith('PULUMI_DEBUG_')) return !quietDebugging.includes(name);
    // Node's own traces print what goes over a stream, Go's what goes over HTTP/2.
    return name.startsWith('NODE_DEBUG') || (name === 'GODEBUG' && /http2debug=[^0]/.test(value));
  });
}

/** Those of the engine's own environment that send its log elsewhere. */
export function revealingExporters(engineEnv: Readonly<NodeJS.ProcessEnv>): Variable[] {
  return variablesOf(engineEnv).filter(({ name, value }) => exporters.includes(name) && value !== '');
}

/** `PULUMI_OPTION_SHOW_SECRETS` is the flag `show-secrets`. */
function flagOf(name: string): string {
  return name.slice(option.length).toLowerCase().replaceAll('_', '-');
}

function variablesOf(env: Readonly<NodeJS.ProcessEnv>): Variable[] {
  return Object.entries(env).map(([name, value = '']) => ({ name: name.toUpperCase(), value }));
}

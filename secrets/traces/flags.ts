/** One flag as a command line gives it; `value` is empty for a switch without one. */
export interface Flag {
  readonly name: string;
  readonly value: string;
}

/** The flags of `pulumi` itself and of the commands that run a program, and whether each takes the next word as its value. */
const switches = [
  ...['clear-pending-creates', 'config-path', 'continue-on-error', 'copilot', 'debug', 'diff'],
  ...['disable-integrity-checking', 'emoji', 'exclude-dependents', 'exclude-protected', 'expect-no-changes'],
  ...['fully-qualify-stack-names', 'help', 'ignore-protect', 'json', 'logflow', 'logtostderr', 'neo'],
  ...['neo-task-on-failure', 'non-interactive', 'preview-only', 'refresh', 'remove', 'run-program', 'show-config'],
  ...['show-full-output', 'show-policy-remediations', 'show-reads', 'show-replacement-steps', 'show-sames'],
  ...['skip-config-validation', 'skip-pending-creates', 'skip-plugin-pre-install', 'skip-preview', 'strict'],
  ...['suppress-outputs', 'suppress-permalink', 'suppress-progress', 'target-dependents', 'urns', 'yes'],
];
const valued = [
  ...['client', 'color', 'config', 'config-file', 'cwd', 'event-log', 'exclude', 'exec-agent', 'exec-kind'],
  ...['import-file', 'import-pending-creates', 'memprofilerate', 'message', 'output', 'parallel', 'path', 'plan'],
  ...['policy-pack', 'policy-pack-config', 'replace', 'save-plan', 'secrets-provider', 'stack', 'target'],
  ...['target-replace'],
];

/** Those that may make a run log or show values: judged by what they are set to. */
const judged: Readonly<Record<string, (value: string) => boolean>> = {
  // From 5 on the engine, its bridge and the providers log the values that they pass on. Nothing but a plain number is
  // believed: the engine reads `0x9`, `011` and `1_0` too.
  verbose: (value) => value === '' || /^[0-4]$/.test(value),
  tracing: (value) => value === '',
  'otel-traces': (value) => value === '',
  profiling: (value) => value === '',
  'show-secrets': (value) => value === 'false',
};

const takesValue = new Set([...valued, 'verbose', 'tracing', 'tracing-header', 'otel-traces', 'profiling']);
const harmless = new Set([...switches, ...valued]);

const shorthands: Readonly<Record<string, string>> = {
  C: 'cwd',
  Q: 'fully-qualify-stack-names',
  c: 'config',
  d: 'debug',
  e: 'emoji',
  f: 'skip-preview',
  h: 'help',
  j: 'json',
  m: 'message',
  p: 'parallel',
  r: 'refresh',
  s: 'stack',
  t: 'target',
  v: 'verbose',
  x: 'exclude',
  y: 'yes',
};

/** Whether a run with this flag logs no value. A flag that is not listed here counts as harmful: it was not checked. */
export function isHarmless({ name, value }: Flag): boolean {
  return Object.hasOwn(judged, name) ? judged[name]?.(value) === true : harmless.has(name);
}

/** The flags in a command line, read as the engine's own parser (Go's pflag) does: `-v=9`, `-yv9`, `--verbose 9`. */
export function readFlags(args: readonly string[]): Flag[] {
  const flags: Flag[] = [];
  const rest = [...args];
  for (let word = rest.shift(); word !== undefined && word !== '--'; word = rest.shift()) {
    if (word.startsWith('--')) flags.push(longFlag(word.slice(2), rest));
    else if (word.startsWith('-') && word.length > 1) flags.push(...shortFlags(word.slice(1), rest));
  }
  return flags;
}

/** `name=value`, or `name` with the next word for a flag that takes one. */
function longFlag(word: string, rest: string[]): Flag {
  const [name = '', ...value] = word.split('=');
  if (value.length > 0) return { name, value: value.join('=') };
  return { name, value: takesValue.has(name) ? (rest.shift() ?? '') : '' };
}

/** Letters in a row: switches, until one that takes a value has the rest of the word, or the next word. */
function shortFlags(letters: string, rest: string[]): Flag[] {
  const [letter = '', ...more] = letters;
  const name = shorthands[letter] ?? letter;
  const after = more.join('');
  if (after.startsWith('=') && after.length > 1) return [{ name, value: after.slice(1) }];
  if (takesValue.has(name)) return [{ name, value: after === '' ? (rest.shift() ?? '') : after }];
  return [{ name, value: '' }, ...(after === '' ? [] : shortFlags(after, rest))];
}

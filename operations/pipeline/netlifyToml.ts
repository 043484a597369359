import { parse, type TomlTable, type TomlValue } from 'smol-toml';

/** The contexts that stand for staging: the command line's deploys and Netlify's own builds of the branch. */
export const stagingContexts = ['staging', 'develop'] as const;

function table(value: TomlValue | undefined): TomlTable {
  return typeof value === 'object' && !Array.isArray(value) && !(value instanceof Date) ? value : {};
}

/** What a build of production uses: `[build]`, and what `[context.production]` says otherwise. */
function production(config: TomlTable): TomlTable {
  const build = table(config.build);
  const context = table(table(config.context).production);
  return { ...build, ...context, environment: { ...table(build.environment), ...table(context.environment) } };
}

/** The settings that staging must share with production. */
const mirrored = ['base', 'command', 'publish'] as const;

function show(value: TomlValue | undefined): string {
  return value === undefined ? 'nothing' : JSON.stringify(value);
}

/** Every difference between the contexts that should agree, a line each; none when all is well. */
export function contextDifferences(text: string): string[] {
  const config = parse(text);
  const wanted = production(config);
  const contexts = table(config.context);
  const differences: string[] = [];
  for (const name of stagingContexts) {
    if (contexts[name] === undefined) {
      differences.push(`netlify.toml: [context.${name}] is missing`);
      continue;
    }
    const context = table(contexts[name]);
    for (const key of mirrored) {
      // A context without the key inherits [build]'s: only another effective value is a difference.
      const effective = context[key] ?? table(config.build)[key];
      if (effective === wanted[key]) continue;
      differences.push(
        `netlify.toml: [context.${name}] ${key} is ${show(effective)}, production's is ${show(wanted[key])}`,
      );
    }
    const environment = table(context.environment).VITE_RUNTIME_ENV;
    if (environment !== 'staging') {
      differences.push(
        `netlify.toml: [context.${name}.environment] VITE_RUNTIME_ENV is ${show(environment)}, not "staging"`,
      );
    }
  }
  const [staging, develop] = stagingContexts.map((name) => table(table(contexts[name]).environment));
  for (const key of new Set([...Object.keys(staging ?? {}), ...Object.keys(develop ?? {})])) {
    if (key === 'VITE_RUNTIME_ENV' || staging?.[key] === develop?.[key]) continue;
    differences.push(
      `netlify.toml: ${key} is ${show(staging?.[key])} in [context.staging.environment] and ${show(develop?.[key])} in [context.develop.environment]`,
    );
  }
  return differences;
}

const header = /^[ \t]*\[([^[\]]+)\][ \t]*(?:#.*)?$/;

/** Sets `key = "value"` in a table of the text, keeping every other line as it is; adds the table at the end when it is missing. */
function setKey(lines: string[], name: string, key: string, value: string): void {
  const line = `${key} = ${JSON.stringify(value)}`;
  const start = lines.findIndex((one) => header.exec(one)?.[1]?.replaceAll(/[\s"']/g, '') === name);
  if (start < 0) {
    while (lines.at(-1) === '') lines.pop();
    lines.push('', `[${name}]`, line);
    return;
  }
  const next = lines.findIndex((one, index) => index > start && /^[ \t]*\[/.test(one));
  const end = next < 0 ? lines.length : next;
  const there = lines.findIndex(
    (one, index) => index > start && index < end && new RegExp(`^\\s*["']?${key}["']?\\s*=`).test(one),
  );
  if (there >= 0) {
    const comment = /(\s+#[^"']*)$/.exec(lines[there] ?? '')?.[1] ?? '';
    lines[there] = line + comment;
    return;
  }
  let last = end;
  while (last > start + 1 && (lines[last - 1] ?? '').trim() === '') last -= 1;
  lines.splice(last, 0, line);
}

/** The text with both staging contexts as they should be; unchanged when they already are. */
export function withStagingContexts(text: string): string {
  if (contextDifferences(text).length === 0) return text;
  const config = parse(text);
  const wanted = production(config);
  const lines = text.replace(/\n+$/, '').split('\n');
  for (const name of stagingContexts) {
    for (const key of mirrored) {
      const value = wanted[key];
      if (typeof value === 'string') setKey(lines, `context.${name}`, key, value);
    }
    setKey(lines, `context.${name}.environment`, 'VITE_RUNTIME_ENV', 'staging');
  }
  return `${lines.join('\n')}\n`;
}

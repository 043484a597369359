import { parseTOML, getStaticTOMLValue, type AST } from 'toml-eslint-parser';
import { z } from 'zod';
import type { Definition, Problem, Reader } from '../readers.ts';
import { shellReads } from './shell.ts';

const netlify = z.object({
  build: z
    .object({
      base: z.string().catch(''),
      functions: z.string().optional(),
      edge_functions: z.string().optional(),
      publish: z.string().optional(),
    })
    .partial()
    .optional(),
  functions: z.looseObject({ directory: z.string().optional() }).optional(),
});

const supabase = z.object({
  functions: z.record(z.string(), z.object({ verify_jwt: z.boolean().optional() }).catch({})).optional(),
});

/** What one of Netlify's files says about the code and its values. */
export interface NetlifyFile {
  readonly base: string;
  readonly functions: string;
  readonly edgeFunctions: string;
  readonly definitions: readonly Definition[];
  /** What its commands read. */
  readonly readers: readonly Reader[];
}

/** Reads a netlify.toml: `[build.environment]` and `[context.NAME.environment]` define values. */
export function netlifyFile(file: string, text: string): NetlifyFile | Problem {
  const parsed = tomlOf(file, text);
  if ('message' in parsed) return parsed;
  const { build, functions } = netlify.safeParse(parsed.value).data ?? {};
  const definitions = parsed.keys.flatMap(({ path, line, column }): Definition[] => {
    const name = path.at(-1);
    if (name === undefined || path.at(-2) !== 'environment') return [];
    const [top, context] = path;
    if (top === 'build' && path.length === 3) return [{ name, by: 'netlify.toml', file, line, column }];
    if (top === 'context' && path.length === 4 && context !== undefined)
      return [{ name, by: 'netlify.toml', context, file, line, column }];
    return [];
  });
  return {
    base: build?.base ?? '',
    functions: functions?.directory ?? build?.functions ?? 'netlify/functions',
    edgeFunctions: build?.edge_functions ?? 'netlify/edge-functions',
    definitions,
    readers: parsed.keys.flatMap(({ path, value, line, column }): Reader[] => {
      const [top] = path;
      const isCommand = path.at(-1) === 'command' && (top === 'build' || top === 'context');
      return (isCommand ? shellReads(value).reads : []).map(({ name, hasDefault }) => ({
        ...{ name, place: 'build', means: 'shell', file, line, column },
        ...(hasDefault && { fallback: 'default' }),
      }));
    }),
  };
}

/** Reads a supabase/config.toml: its `env(NAME)` is read by Supabase's command line. */
export function supabaseFile(file: string, text: string): readonly Reader[] | Problem {
  const parsed = tomlOf(file, text);
  if ('message' in parsed) return parsed;
  return parsed.keys.flatMap(({ value, line, column }) =>
    value.startsWith('env(') && value.endsWith(')')
      ? [{ name: value.slice(4, -1), place: 'script', means: 'env()', file, line, column }]
      : [],
  );
}

/** The Edge Functions that a supabase/config.toml says to run without a check of a signed token. */
export function unverifiedFunctions(file: string, text: string): string[] {
  const parsed = tomlOf(file, text);
  if ('message' in parsed) return [];
  const { functions = {} } = supabase.safeParse(parsed.value).data ?? {};
  return Object.entries(functions).flatMap(([name, { verify_jwt: isVerified }]) =>
    isVerified === false ? [name] : [],
  );
}

interface TomlKey {
  readonly path: readonly string[];
  /** Its text; empty for what is none. */
  readonly value: string;
  readonly line: number;
  readonly column: number;
}

type Content = AST.TOMLContentNode;

function namesIn(key: AST.TOMLKey): string[] {
  return key.keys.map((part) => (part.type === 'TOMLBare' ? part.name : part.value));
}

function tomlOf(file: string, text: string): { readonly value: unknown; readonly keys: readonly TomlKey[] } | Problem {
  try {
    const program = parseTOML(text);
    const [top] = program.body;
    const keys: TomlKey[] = [];
    const add = (path: readonly string[], content: Content, start: { line: number; column: number }): void => {
      keys.push({
        path,
        value: content.type === 'TOMLValue' && typeof content.value === 'string' ? content.value : '',
        line: start.line,
        column: start.column + 1,
      });
      if (content.type === 'TOMLInlineTable')
        for (const inner of content.body) add([...path, ...namesIn(inner.key)], inner.value, inner.loc.start);
      if (content.type === 'TOMLArray') for (const item of content.elements) add(path, item, item.loc.start);
    };
    for (const node of top.body)
      for (const pair of node.type === 'TOMLTable' ? node.body : [node]) {
        const table = node.type === 'TOMLTable' ? node.resolvedKey.map(String) : [];
        add([...table, ...namesIn(pair.key)], pair.value, pair.loc.start);
      }
    return { value: getStaticTOMLValue(program), keys };
  } catch (error) {
    const at =
      error instanceof Error && 'lineNumber' in error && typeof error.lineNumber === 'number' ? error.lineNumber : 1;
    return { file, line: at, column: 1, message: 'is not TOML' };
  }
}

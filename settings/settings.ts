import type { z } from 'zod';
import { counted } from '../machine/counted.ts';
import { crossChecks } from './crossChecks.ts';
import type { Source } from '../places/place.ts';
import type { Placement, PlainPlace } from '../places/places.ts';
import { placementsOf, variablesOf, type Variable } from './declared.ts';
import { namespace } from './names/names.ts';
import { configuration, type Configuration } from './schema.ts';

/** The stack's settings, parsed and checked once; everything else reads these. */
export interface Settings {
  /** Where the one organisation id comes from. */
  readonly organizationId: Source;
  readonly netlify: Configuration['netlify'] & { readonly variables: readonly Variable[] };
  /** What stands in every other place. */
  readonly placements: readonly Placement[];
  readonly github: Configuration['github'];
  readonly supabase: Configuration['supabase'];
  readonly local: Configuration['local'];
  readonly allowDestroy: boolean;
  readonly audit: Configuration['audit'];
  readonly drift: Configuration['drift'];
  readonly tokens: Configuration['tokens'];
}

export type { Source } from '../places/place.ts';
export type { Placement, PlainPlace } from '../places/places.ts';
export type { Variable } from './declared.ts';
export { databaseUrlVariable, namespace, organizationVariable, secretKeyVariables } from './names/names.ts';

/** The configuration in a stack's file is wrong: every problem in it, each with its key. */
export class SettingsError extends Error {
  override readonly name = 'SettingsError';
  readonly problems: readonly string[];

  constructor(problems: readonly string[], file: string) {
    super(
      `The stack's configuration has ${problems.length === 1 ? 'a problem' : `${problems.length} problems`} (${file}):\n` +
        problems.map((problem) => `  - ${problem}`).join('\n'),
    );
    this.problems = problems;
  }
}

/** Parses the raw configuration below `allincompassing:`. Throws a {@link SettingsError} that names `file` and every wrong key. */
export function parseSettings(raw: unknown, file = 'Pulumi.staging.yaml'): Settings {
  const parsed = readConfiguration(raw);
  if ('problems' in parsed) throw new SettingsError(parsed.problems, file);
  const problems = crossChecks(parsed);
  if (problems.length > 0) throw new SettingsError(problems, file);
  const { netlify, github, organizationId, supabase, local, allowDestroy, audit, drift, tokens } = parsed;
  return {
    organizationId: organizationId.startsWith('op://')
      ? { kind: 'reference', reference: organizationId }
      : { kind: 'literal', value: organizationId },
    netlify: { ...netlify, variables: variablesOf(parsed) },
    placements: placementsOf(parsed),
    github,
    supabase,
    local,
    allowDestroy,
    audit,
    drift,
    tokens,
  };
}

/** What is wrong with a configuration: each with its key. */
export interface Problems {
  readonly problems: readonly string[];
}

/** The raw configuration with its defaults, each key checked by itself; or what is wrong with it, each with its key. */
export function readConfiguration(raw: unknown): Configuration | Problems {
  const parsed = configuration.safeParse(raw, { error: inWords });
  return parsed.success ? parsed.data : { problems: parsed.error.issues.map((issue) => describe(issue, raw)) };
}

/** The placements in one place. */
export function placementsIn({ placements }: Pick<Settings, 'placements'>, place: PlainPlace): readonly Placement[] {
  return placements.filter((each) => each.place === place);
}

/** A value's own source; for the organisation's id, the one source that every place shares. */
export function resolvedSource({ organizationId }: Pick<Settings, 'organizationId'>, source: Source): Source {
  return source.kind === 'organizationId' ? organizationId : source;
}

/** Where staging's value of a Netlify variable comes from: that of its first context. */
export function stagingSource({ netlify }: Pick<Settings, 'netlify'>, variable: string): Source | undefined {
  return netlify.variables.find(({ name }) => name === variable)?.values[0]?.source;
}

/** What is said of a wrong value where the schema has no words of its own. */
function inWords(issue: z.core.$ZodRawIssue): string | undefined {
  switch (issue.code) {
    case 'invalid_type': {
      const expected = issue.expected === 'record' ? 'object' : issue.expected;
      return typeof issue.input === 'string' && expected === 'object'
        ? 'is a text, and takes settings of its own; docs/settings.md has their form'
        : `is missing or not ${expected}; docs/settings.md has its form`;
    }
    case 'invalid_value':
      return `must be ${issue.values.map(String).join(' or ')}`;
    case 'too_small':
      if (issue.origin === 'string') return 'must not be empty';
      return issue.origin === 'array'
        ? `must have at least ${counted(Number(issue.minimum), 'entry', 'entries')}`
        : `must be at least ${issue.minimum}`;
    case 'too_big':
      return `must be at most ${issue.maximum}`;
    default:
      return undefined;
  }
}

/** One of zod's issues: the key as Pulumi's configuration spells it, then the rule. */
function describe(issue: z.core.$ZodIssue, raw: unknown): string {
  const path = asWritten(issue.path.map(String), raw);
  const key = [namespace, ...(path.length > 0 ? [path.join('.')] : [])].join(':');
  if (issue.code === 'unrecognized_keys')
    return `${key}: does not know ${issue.keys.join(', ')}; check the spelling, or remove it`;
  return `${key}: ${issue.code === 'invalid_key' ? (issue.issues[0]?.message ?? issue.message) : issue.message}`;
}

/** A path in the parsed form as it is in the file: without the number of a placement that stands there alone. */
function asWritten([list, value, place, index, ...rest]: string[], raw: unknown): string[] {
  const all = [list, value, place, index, ...rest].filter((part) => part !== undefined);
  if (list !== 'values' || value === undefined || place === undefined || index === undefined) return all;
  const given = recordOf(recordOf(recordOf(raw).values)[value])[place];
  return Array.isArray(given) ? all : [list, value, place, ...rest];
}

function recordOf(given: unknown): Readonly<Record<string, unknown>> {
  return typeof given === 'object' && given !== null ? (given as Readonly<Record<string, unknown>>) : {};
}

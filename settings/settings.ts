import type { z } from 'zod';
import type { Context } from './context.ts';
import { crossChecks } from './crossChecks.ts';
import { namespace } from './names.ts';
import { configuration, type Configuration, type scopes } from './schema.ts';

/** Where one value comes from. */
export type Source =
  | { readonly kind: 'reference'; readonly reference: string }
  | { readonly kind: 'organizationId' }
  | { readonly kind: 'siteId' }
  | { readonly kind: 'literal'; readonly value: string };

/** One variable on Netlify, with its value in each context. */
export interface Variable {
  readonly name: string;
  readonly secret: boolean;
  readonly scopes?: readonly (typeof scopes)[number][];
  /** Staging's contexts first, in the configured order, then the others by name: the order is part of the declaration. */
  readonly values: readonly { readonly context: Context; readonly source: Source }[];
}

/** One GitHub Actions secret. */
interface ActionsSecretSetting {
  readonly name: string;
  readonly source: Source;
}

/** The stack's settings, parsed and checked once; everything else reads these. */
export interface Settings {
  /** Where the one organisation id comes from. */
  readonly organizationId: Source;
  readonly netlify: Omit<Configuration['netlify'], 'variables'> & { readonly variables: readonly Variable[] };
  readonly github: Omit<Configuration['github'], 'secrets'> & { readonly secrets: readonly ActionsSecretSetting[] };
  readonly supabase: Configuration['supabase'];
  readonly allowDestroy: boolean;
  readonly drift: Configuration['drift'];
}

export { databaseUrlVariable, namespace, organizationVariable, secretKeyVariables } from './names.ts';

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
  const parsed = configuration.safeParse(raw);
  if (!parsed.success) throw new SettingsError(parsed.error.issues.map(describe), file);
  const problems = crossChecks(parsed.data);
  if (problems.length > 0) throw new SettingsError(problems, file);
  const { netlify, github, organizationId, supabase, allowDestroy } = parsed.data;
  return {
    organizationId: organizationId.startsWith('op://')
      ? { kind: 'reference', reference: organizationId }
      : { kind: 'literal', value: organizationId },
    netlify: {
      ...netlify,
      variables: Object.keys(netlify.variables)
        .sort()
        .map((key) => variableOf(key, netlify)),
    },
    github: {
      ...github,
      secrets: Object.entries(github.secrets)
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([secretName, { from }]) => ({ name: secretName, source: sourceOf(from) })),
    },
    supabase,
    allowDestroy,
    drift: parsed.data.drift,
  };
}

function variableOf(key: string, netlify: Configuration['netlify']): Variable {
  const given = netlify.variables[key];
  if (!given) throw new Error(`no variable ${key}`);
  const staging: Source =
    given.value === undefined ? sourceOf(given.from ?? '') : { kind: 'literal', value: given.value };
  const others = Object.entries(given.otherContexts).sort(([a], [b]) => (a < b ? -1 : 1));
  return {
    name: key,
    secret: given.secret,
    ...(given.scopes && { scopes: given.scopes }),
    values: [
      ...netlify.contexts.map((context) => ({ context, source: staging })),
      ...others.map(([context, from]) => ({ context: context as Context, source: sourceOf(from) })),
    ],
  };
}

function sourceOf(from: string): Source {
  if (from === 'organizationId' || from === 'siteId') return { kind: from };
  return { kind: 'reference', reference: from };
}

/** One of zod's issues in this project's words: the key as Pulumi's configuration spells it, then the rule. */
function describe(issue: z.core.$ZodIssue): string {
  const key = [namespace, ...(issue.path.length > 0 ? [issue.path.map(String).join('.')] : [])].join(':');
  if (issue.code === 'unrecognized_keys')
    return `${key}: does not know ${issue.keys.join(', ')}; check the spelling, or remove it`;
  if (issue.code === 'invalid_type')
    return `${key}: is missing or not ${issue.expected}; docs/settings.md has its form`;
  return `${key}: ${issue.code === 'invalid_key' ? (issue.issues[0]?.message ?? issue.message) : issue.message}`;
}

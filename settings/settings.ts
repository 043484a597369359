import type { z } from 'zod';
import { isContext, namedContexts, type Context } from './context.ts';
import { isSiteId } from './netlifyNames.ts';
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
export interface ActionsSecretSetting {
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

/** The name under which Pulumi keeps this project's configuration. */
export const namespace = 'allincompassing';

/** The variable that must hold the one organisation id wherever it is declared. */
export const organizationVariable = 'DEFAULT_ORGANIZATION_ID';

/** The variables whose values open the shared database, its address first. */
export const databaseVariables = ['SUPABASE_URL', 'SUPABASE_SERVICE_ROLE_KEY'] as const;

/** The configuration is wrong: every problem in it, each with its key. */
export class SettingsError extends Error {
  override readonly name = 'SettingsError';
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    super(
      `The stack's configuration has ${problems.length === 1 ? 'a problem' : `${problems.length} problems`} (Pulumi.staging.yaml):\n` +
        problems.map((problem) => `  - ${problem}`).join('\n'),
    );
    this.problems = problems;
  }
}

/** Parses the raw configuration below `allincompassing:`. Throws a {@link SettingsError} that names every wrong key. */
export function parseSettings(raw: unknown): Settings {
  const parsed = configuration.safeParse(raw);
  if (!parsed.success) throw new SettingsError(parsed.error.issues.map(describe));
  const problems = crossChecks(parsed.data);
  if (problems.length > 0) throw new SettingsError(problems);
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

/** What one field alone cannot tell. */
function crossChecks({ netlify, github, supabase }: Configuration): string[] {
  const problems: string[] = [];
  const at = (path: string, problem: string) => problems.push(`${namespace}:${path}: ${problem}`);
  if (new Set(netlify.contexts).size !== netlify.contexts.length) at('netlify.contexts', 'names a context twice');
  if (netlify.mode === 'shared-site') {
    for (const context of netlify.contexts) {
      if (!context.startsWith('branch:')) {
        at('netlify.contexts', `${context} is read by more than staging; on a shared site use branch:NAME`);
      }
    }
  }
  if (netlify.contexts.includes(`branch:${netlify.productionBranch}`)) {
    at(
      'netlify.contexts',
      `branch:${netlify.productionBranch} is production's own branch; staging must not write its values`,
    );
  }
  if (netlify.mode === 'separate-site') problems.push(...separateSiteProblems(netlify));
  if (netlify.mode === 'shared-site' && netlify.onRemoval === 'delete') {
    at(
      'netlify.onRemoval',
      'delete would remove the key in every context, production too; on a shared site it must be retain',
    );
  }
  for (const [key, variable] of Object.entries(netlify.variables)) {
    const path = `netlify.variables.${key}`;
    for (const context of Object.keys(variable.otherContexts)) {
      if (!isContext(context))
        at(
          `${path}.otherContexts`,
          `${context} is not a context; use one of ${namedContexts.join(', ')} or branch:NAME`,
        );
      if (netlify.contexts.includes(context as Context))
        at(`${path}.otherContexts`, `${context} is one of staging's contexts already`);
      if (context === 'all' && variable.secret)
        at(`${path}.otherContexts`, 'Netlify refuses the context `all` for a secret variable; name the contexts');
    }
    if (variable.secret && variable.scopes?.includes('post-processing')) {
      at(`${path}.scopes`, 'Netlify has no post-processing scope for a secret variable; leave it out');
    }
    if (netlify.plan === 'free' && variable.scopes) {
      at(`${path}.scopes`, 'Netlify refuses scopes on a free plan; leave them out, or set netlify.plan to paid');
    }
    if (
      key === organizationVariable &&
      [variable.from, ...Object.values(variable.otherContexts)].some((from) => from !== 'organizationId')
    ) {
      at(path, 'must come from organizationId in every context: it is one shared input');
    }
  }
  if (supabase.agentRuntimeConfig === 'ensure') {
    for (const key of databaseVariables) {
      if (netlify.variables[key]?.from === undefined)
        at('supabase.agentRuntimeConfig', `needs netlify.variables.${key} with its reference; it uses that value`);
    }
  }
  const organizationSecret = github.secrets[organizationVariable];
  if (organizationSecret && organizationSecret.from !== 'organizationId') {
    at(`github.secrets.${organizationVariable}.from`, 'must be organizationId: it is one shared input');
  }
  return problems;
}

/** A separate site must not be production's by mistake: its `production` context is staging's to write. */
function separateSiteProblems({ site, productionSite }: Configuration['netlify']): string[] {
  const key = `${namespace}:netlify.productionSite`;
  if (productionSite === undefined) return [`${key}: is needed with separate-site: name the site that production has`];
  if (isSiteId(site) !== isSiteId(productionSite))
    return [`${key}: must be in the same form as netlify.site, both names or both ids`];
  return site === productionSite ? [`${key}: is the same site as netlify.site; use the mode shared-site`] : [];
}

/** One of zod's issues in this project's words: the key as Pulumi's configuration spells it, then the rule. */
function describe(issue: z.core.$ZodIssue): string {
  const [first, ...rest] = issue.path.map(String);
  const key = `${namespace}:${[first ?? '', ...rest].join('.')}`;
  if (issue.code === 'unrecognized_keys')
    return `${key}: does not know ${issue.keys.join(', ')}; check the spelling, or remove it`;
  if (issue.code === 'invalid_type')
    return `${key}: is missing or not ${issue.expected}; README.md's settings table has its form`;
  return `${key}: ${issue.code === 'invalid_key' ? (issue.issues[0]?.message ?? issue.message) : issue.message}`;
}

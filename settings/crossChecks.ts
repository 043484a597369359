import { namesIn } from './reference.ts';
import { isContext, namedContexts, type Context } from './context.ts';
import { databaseUrlVariable, namespace, organizationVariable, secretKeyVariables } from './names.ts';
import { isSiteId, isTeamId } from './netlifyNames.ts';
import { requiredCheck } from './requiredCheck.ts';
import type { Configuration } from './schema.ts';

/** What one field alone cannot tell: every problem, each with its key. */
export function crossChecks({ organizationId, netlify, github, supabase }: Configuration): string[] {
  const problems: readonly Problem[] = [
    ...siteProblems(netlify),
    ...Object.entries(netlify.variables).flatMap(([key, variable]) => variableProblems(key, variable, netlify)),
    ...databaseProblems(supabase, netlify),
    ...secretProblems(github),
    ...protectionProblems(github.protection),
    ...ambiguousReferences([
      ['organizationId', organizationId],
      ...Object.entries(netlify.variables).flatMap(([key, { from, otherContexts }]) => [
        [`netlify.variables.${key}.from`, from] as const,
        ...Object.entries(otherContexts).map(
          ([context, other]) => [`netlify.variables.${key}.otherContexts.${context}`, other] as const,
        ),
      ]),
      ...Object.entries(github.secrets).map(([key, { from }]) => [`github.secrets.${key}.from`, from] as const),
    ]),
  ];
  return problems.map(([path, problem]) => `${namespace}:${path}: ${problem}`);
}

/** The setting, and what is wrong with it. */
type Problem = readonly [string, string];

function siteProblems(netlify: Configuration['netlify']): Problem[] {
  const { contexts, mode, onRemoval, productionBranch, site, team } = netlify;
  const problems: Problem[] = [];
  if (new Set(contexts).size !== contexts.length) problems.push(['netlify.contexts', 'names a context twice']);
  if (isTeamId(team) && !isSiteId(site)) {
    problems.push([
      'netlify.team',
      'is an id, so netlify.site must be one too: a site’s name is looked up by its team’s slug',
    ]);
  }
  if (contexts.includes(`branch:${productionBranch}`)) {
    problems.push([
      'netlify.contexts',
      `branch:${productionBranch} is production's own branch; staging must not write its values`,
    ]);
  }
  if (mode === 'separate-site') return [...problems, ...separateSiteProblems(netlify)];
  for (const context of contexts.filter((each) => !each.startsWith('branch:'))) {
    problems.push(['netlify.contexts', `${context} is read by more than staging; on a shared site use branch:NAME`]);
  }
  if (onRemoval === 'delete') {
    problems.push([
      'netlify.onRemoval',
      'delete would remove the key in every context, production too; on a shared site it must be retain',
    ]);
  }
  return problems;
}

/** A separate site must not be production's by mistake: its `production` context is staging's to write. */
function separateSiteProblems({ site, productionSite }: Configuration['netlify']): Problem[] {
  const key = 'netlify.productionSite';
  if (productionSite === undefined) return [[key, 'is needed with separate-site: name the site that production has']];
  if (isSiteId(site) !== isSiteId(productionSite))
    return [[key, 'must be in the same form as netlify.site, both names or both ids']];
  return site.toLowerCase() === productionSite.toLowerCase()
    ? [[key, 'is the same site as netlify.site; use the mode shared-site']]
    : [];
}

function variableProblems(
  key: string,
  variable: Configuration['netlify']['variables'][string],
  { contexts, plan }: Configuration['netlify'],
): Problem[] {
  const path = `netlify.variables.${key}`;
  const problems: Problem[] = [];
  const refusesAll = 'Netlify refuses the context `all` for a secret variable; name the contexts';
  for (const context of Object.keys(variable.otherContexts)) {
    const at = (problem: string) => problems.push([`${path}.otherContexts`, problem]);
    if (!isContext(context)) at(`${context} is not a context; use one of ${namedContexts.join(', ')} or branch:NAME`);
    if (contexts.includes(context as Context)) at(`${context} is one of staging's contexts already`);
    if (context === 'all' && variable.secret) at(refusesAll);
  }
  if (variable.secret && contexts.includes('all')) problems.push([`${path}.secret`, refusesAll]);
  if (variable.secret && variable.scopes?.includes('post-processing')) {
    problems.push([`${path}.scopes`, 'Netlify has no post-processing scope for a secret variable; leave it out']);
  }
  if (plan === 'free' && variable.scopes) {
    problems.push([
      `${path}.scopes`,
      'Netlify refuses scopes on a free plan; leave them out, or set netlify.plan to paid',
    ]);
  }
  if (
    key === organizationVariable &&
    [variable.from, ...Object.values(variable.otherContexts)].some((from) => from !== 'organizationId')
  ) {
    problems.push([path, 'must come from organizationId in every context: it is one shared input']);
  }
  return problems;
}

function databaseProblems(supabase: Configuration['supabase'], netlify: Configuration['netlify']): Problem[] {
  if (supabase.agentRuntimeConfig !== 'ensure') return [];
  const declares = (key: string) => netlify.variables[key]?.from !== undefined;
  const missing = [
    ...(declares(databaseUrlVariable) ? [] : [databaseUrlVariable]),
    ...(secretKeyVariables.some(declares) ? [] : [secretKeyVariables.toReversed().join(' or ')]),
  ];
  return missing.map((key) => [
    'supabase.agentRuntimeConfig',
    `needs netlify.variables.${key} with its reference; it uses that value`,
  ]);
}

function secretProblems({ secrets }: Configuration['github']): Problem[] {
  const names = Object.keys(secrets);
  const problems: Problem[] = [];
  for (const [index, name] of names.entries()) {
    const path = `github.secrets.${name}`;
    if (/^github_/i.test(name)) problems.push([path, 'GitHub keeps names that begin with GITHUB_ for itself']);
    const twin = names.slice(0, index).find((other) => other.toLowerCase() === name.toLowerCase());
    if (twin !== undefined) problems.push([path, `is the same secret as ${twin}: GitHub does not tell case apart`]);
  }
  const organization = secrets[organizationVariable];
  if (organization && organization.from !== 'organizationId') {
    problems.push([`github.secrets.${organizationVariable}.from`, 'must be organizationId: it is one shared input']);
  }
  return problems;
}

function protectionProblems(protection: Configuration['github']['protection']): Problem[] {
  const { form, otherChecks, requireConversationResolution, requiredPullRequestReviews, restrictions } = protection;
  const path = 'github.protection';
  const problems: Problem[] = [];
  const names = otherChecks.map((check) => check.replace(/:\d+$/, ''));
  if (names.includes(requiredCheck))
    problems.push([`${path}.otherChecks`, `${requiredCheck} is always required, from GitHub Actions alone; remove it`]);
  if (new Set(names).size !== names.length) problems.push([`${path}.otherChecks`, 'names a check twice']);
  if (form === 'ruleset' && restrictions)
    problems.push([`${path}.restrictions`, 'a ruleset cannot name who may push; remove it, or use the form classic']);
  if (form === 'ruleset' && requireConversationResolution && !requiredPullRequestReviews) {
    problems.push([
      `${path}.requireConversationResolution`,
      'in a ruleset it is part of requiredPullRequestReviews; declare them too, or use the form classic',
    ]);
  }
  return problems;
}

/**
 * `op://vault/item/field` also finds a field of that label in a section, when the item's own is missing: staging would
 * silently get, say, production's value.
 */
function ambiguousReferences(sources: readonly (readonly [string, string | undefined])[]): Problem[] {
  const given = sources.flatMap(([setting, source]) =>
    source?.startsWith('op://') === true ? [{ setting, reference: source, path: namesIn(source.toLowerCase()) }] : [],
  );
  return given.flatMap(({ setting, reference, path: [vault, item, field, ...more] }) => {
    const twin = given.find(
      ({ path }) =>
        more.length === 0 && path.length === 4 && path[0] === vault && path[1] === item && path[3] === field,
    );
    if (!twin) return [];
    return [
      [
        setting,
        `${reference} gives the value of ${twin.reference} when the item's own field is missing; give the two fields different labels`,
      ],
    ] satisfies Problem[];
  });
}

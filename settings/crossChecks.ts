import { netlifyRefusal } from '../places/netlify/setting.ts';
import { type Placement, type PlaceName, placeNames, placeRules, placeTitle } from '../places/places.ts';
import { namesIn } from './reference.ts';
import { isContext, namedContexts, type Context } from './context.ts';
import { placementsOf, variablesOf } from './declared.ts';
import {
  databaseUrlVariable,
  deployEnvironment,
  namespace,
  organizationVariable,
  secretKeyVariables,
} from './names/names.ts';
import { isSiteId, isTeamId } from './names/netlifyNames.ts';
import { requiredCheck } from './names/requiredCheck.ts';
import type { Configuration } from './schema.ts';

/** What one field alone does not show: every problem, each with its key. */
export function crossChecks(given: Configuration): string[] {
  const { organizationId, netlify, values, github, supabase } = given;
  const problems: readonly Problem[] = [
    ...siteProblems(netlify),
    ...Object.entries(values).flatMap(([name, value]) => valueProblems(name, value, netlify)),
    ...nameProblems(given),
    ...environmentProblems(given),
    ...projectProblems(supabase),
    ...databaseProblems(supabase, values),
    ...protectionProblems(github.protection),
    ...ambiguousReferences([
      ['organizationId', organizationId],
      ...Object.entries(values).flatMap(([name, { from, production, netlify: onNetlify = [] }]) => [
        [`values.${name}.from`, from] as const,
        [`values.${name}.production`, production] as const,
        ...onNetlify.flatMap(({ otherContexts }) =>
          Object.entries(otherContexts).map(
            ([context, other]) => [`values.${name}.netlify.otherContexts.${context}`, other] as const,
          ),
        ),
      ]),
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

type Value = Configuration['values'][string];

function valueProblems(name: string, value: Value, netlify: Configuration['netlify']): Problem[] {
  const path = `values.${name}`;
  const others = (value.netlify ?? []).flatMap(({ otherContexts }) => Object.values(otherContexts));
  const sources = [value.from, ...(value.production === undefined ? [] : [value.production]), ...others];
  const names = placeNames.flatMap((place) => (value[place] ?? []).map(({ as = name }) => as));
  const secretPlaces = placeNames.filter((place) => value[place]?.some((each) => isSecret(place, each)) === true);
  const problems: Problem[] = [];
  // One organisation: under another name a second source would stand in the place of the first.
  if (names.includes(organizationVariable) && sources.some((from) => from !== 'organizationId'))
    problems.push([path, 'must come from organizationId in every context: it is one shared input']);
  if (value.value !== undefined && secretPlaces.length > 0) {
    problems.push([
      path,
      `needs \`from\`: nobody may read it in ${secretPlaces.join(' and ')}, and a literal would be in the repository`,
    ]);
  }
  if (value.from === 'siteId' && value.netlify)
    problems.push([`${path}.netlify`, 'is not needed: Netlify sets the site’s id itself, as SITE_ID']);
  if (value.from === 'siteId' && value.localFile)
    problems.push([
      `${path}.localFile`,
      'needs a value that 1Password or the configuration has; siteId is asked of Netlify. Write the id as `value`',
    ]);
  if (value.production !== undefined && !value.netlify && !value.edgeFunction) {
    problems.push([
      `${path}.production`,
      'is read nowhere: only Netlify’s context production and the Edge Functions of the shared project have a value of production’s. Remove it',
    ]);
  }
  return [...problems, ...(value.netlify ?? []).flatMap((each) => variableProblems(path, each, value, netlify))];
}

function isSecret(place: PlaceName, placement: object): boolean {
  return placeRules[place].secret || ('secret' in placement && placement.secret === true);
}

function variableProblems(
  path: string,
  variable: NonNullable<Value['netlify']>[number],
  { production }: Value,
  { contexts, plan }: Configuration['netlify'],
): Problem[] {
  const at = `${path}.netlify`;
  const problems: Problem[] = [];
  const refusesAll = 'Netlify refuses the context `all` for a secret variable; name the contexts';
  for (const context of Object.keys(variable.otherContexts)) {
    const add = (problem: string) => problems.push([`${at}.otherContexts`, problem]);
    if (!isContext(context)) add(`${context} is not a context; use one of ${namedContexts.join(', ')} or branch:NAME`);
    if (contexts.includes(context as Context)) add(`${context} is one of staging's contexts already`);
    if (context === 'all' && variable.secret) add(refusesAll);
    if (context === 'production' && production !== undefined)
      add(`production has its source in ${path}.production already; remove one of them`);
  }
  if (variable.secret && contexts.includes('all')) problems.push([`${at}.secret`, refusesAll]);
  if (variable.secret && variable.scopes?.includes('post-processing')) {
    problems.push([`${at}.scopes`, 'Netlify has no post-processing scope for a secret variable; leave it out']);
  }
  if (plan === 'free' && variable.scopes) {
    problems.push([
      `${at}.scopes`,
      'Netlify refuses scopes on a free plan; leave them out, or set netlify.plan to paid',
    ]);
  }
  return problems;
}

/** Names that a place keeps for itself, and two values under one name in one place. */
function nameProblems(given: Configuration): Problem[] {
  const all: readonly (Omit<Placement, 'source' | 'place'> & { readonly place: PlaceName })[] = [
    ...variablesOf(given).map(({ name, value }) => ({ place: 'netlify' as const, name, value })),
    ...placementsOf(given),
  ];
  return all.flatMap(({ place, value, name, environment }, index) => {
    const rules = placeRules[place];
    const setting = `values.${value}.${place}`;
    const scopes = place === 'netlify' ? scopesOf(given, value, name) : undefined;
    const refusal = place === 'netlify' ? netlifyRefusal(name, scopes) : rules.refusal(name);
    const twin = all
      .slice(0, index)
      .find(
        (each) =>
          each.place === place &&
          each.environment?.toLowerCase() === environment?.toLowerCase() &&
          rules.identity(each.name) === rules.identity(name),
      );
    return [
      ...(refusal === undefined ? [] : [[setting, `${name} ${refusal}`] satisfies Problem]),
      ...(twin ? [[setting, sameName(placeTitle({ place, environment }), name, twin)] satisfies Problem] : []),
    ];
  });
}

function sameName(title: string, name: string, twin: { readonly name: string; readonly value: string }): string {
  const fix = 'remove one of them, or name it otherwise by `as`';
  return twin.name === name
    ? `${name} is the ${title} of values.${twin.value} already; ${fix}`
    : `${name} is the same ${title} as ${twin.name} of values.${twin.value}: GitHub ignores case; ${fix}`;
}

/** Two spellings of one of GitHub's environments: GitHub takes them for one, this program would take them for two. */
function environmentProblems(given: Configuration): Problem[] {
  const spelt = new Map([[deployEnvironment.toLowerCase(), { name: deployEnvironment, where: 'the deploy job' }]]);
  const named: [string, string | undefined][] = [
    ['github.environment', given.github.environment],
    ...placementsOf(given).map(({ value, place, environment }): [string, string | undefined] => [
      `values.${value}.${place}`,
      environment,
    ]),
  ];
  const problems = named.flatMap(([where, name]): Problem[] => {
    if (name === undefined) return [];
    const known = spelt.get(name.toLowerCase());
    if (known === undefined) spelt.set(name.toLowerCase(), { name, where });
    if (known === undefined || known.name === name) return [];
    return [
      [where, `the environment ${name} is ${known.name} of ${known.where}: GitHub ignores case; write ${known.name}`],
    ];
  });
  return [...new Map(problems.map((each) => [each.join(), each])).values()];
}

function scopesOf({ values }: Configuration, value: string, name: string): readonly string[] | undefined {
  return values[value]?.netlify?.find(({ as = value }) => as === name)?.scopes;
}

/** What the Edge Functions of the project read is production's, unless staging has a project of its own. */
function projectProblems({ mode, project, productionProject, onRemoval }: Configuration['supabase']): Problem[] {
  if (mode === 'shared-project') {
    return onRemoval === 'delete'
      ? [
          [
            'supabase.onRemoval',
            'delete would remove what production’s functions read; on a shared project it must be retain',
          ],
        ]
      : [];
  }
  const key = 'supabase.productionProject';
  if (productionProject === undefined)
    return [[key, 'is needed with separate-project: name the project that production has']];
  return productionProject === project ? [[key, 'is the same as supabase.project; use the mode shared-project']] : [];
}

function databaseProblems(supabase: Configuration['supabase'], values: Configuration['values']): Problem[] {
  if (supabase.agentRuntimeConfig !== 'ensure') return [];
  const declares = (key: string) =>
    Object.entries(values).some(
      ([name, { from, netlify = [] }]) => from !== undefined && netlify.some(({ as = name }) => as === key),
    );
  const missing = [
    ...(declares(databaseUrlVariable) ? [] : [databaseUrlVariable]),
    ...(secretKeyVariables.some(declares) ? [] : [secretKeyVariables.toReversed().join(' or ')]),
  ];
  return missing.map((key) => [
    'supabase.agentRuntimeConfig',
    `needs values.${key} on Netlify with its reference; it uses that value`,
  ]);
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

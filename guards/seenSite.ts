import { listTeamVariables, listVariables, netlifyApi, type LiveVariable } from '../services/netlify/netlify.ts';
import { readBuilds } from '../services/netlify/deploys.ts';
import type { Context } from '../settings/context.ts';
import type { Settings } from '../settings/settings.ts';
import { refused } from './refusal.ts';
import { droppedContexts, isOwnBranch } from './siteRules.ts';
import { teamWide } from './teamWide.ts';

/** The site before the first write, and what its clock says. */
export interface SeenSite {
  readonly live: readonly LiveVariable[];
  /** How far Netlify's clock is ahead of this machine's, in whole seconds. */
  readonly clockAhead: number;
  /** The declared keys that have a live value in a context which no longer is declared for them. */
  readonly losing: ReadonlyMap<Context, readonly string[]>;
  /** What a person should know of the team's own variables. */
  readonly teamWide: readonly string[];
}

/** Where the site is on Netlify. */
export interface SiteIds {
  readonly teamId: string;
  readonly siteId: string;
}

/**
 * Reads the site. Checks its production branch, and every declared key for contexts that would be lost, before it lets
 * the first write go: with `--skip-preview` a write of one key must not come before the refusal of another.
 */
export async function readSite(netlify: Settings['netlify'], { teamId, siteId }: SiteIds): Promise<SeenSite> {
  const api = netlifyApi();
  const [live, builds, team] = await Promise.all([
    listVariables(api, { accountId: teamId, siteId }),
    readBuilds(api, siteId),
    listTeamVariables(api, teamId),
  ]);
  const { productionBranch } = builds;
  const isShared = netlify.mode === 'shared-site';
  if (isShared && productionBranch !== undefined && productionBranch !== netlify.productionBranch) {
    throw new Error(
      `${refused()}: Netlify deploys ${productionBranch} to production, not ${netlify.productionBranch}, so values ` +
        'of that branch would be production’s. Set allincompassing:netlify.productionBranch to it, or Netlify’s back.',
    );
  }
  const losing = losingContexts(netlify, live);
  // Staging's own value may have been taken out on purpose: only the stack's state knows it, and each key's own check has it.
  const lost = [...losing]
    .filter(([context]) => isShared && !isOwnBranch(context, netlify))
    .flatMap(([context, keys]) => keys.map((key) => `${key} in ${context}`));
  if (lost.length > 0) {
    throw new Error(
      `${refused()}: Netlify replaces all values of a key at once, and these live ones are not declared: ` +
        `${lost.join('; ')}. ` +
        'Declare each by its own reference: allincompassing:values.KEY.production, or .netlify.otherContexts for another context.',
    );
  }
  return { live, clockAhead: builds.clockAhead, losing, teamWide: teamWide(netlify, live, team) };
}

function losingContexts(netlify: Settings['netlify'], live: readonly LiveVariable[]): Map<Context, string[]> {
  const losing = new Map<Context, string[]>();
  for (const { name, values } of netlify.variables) {
    const variable = live.find(({ key }) => key === name);
    const declared = values.map(({ context }) => context);
    for (const context of variable ? droppedContexts(variable, declared) : [])
      losing.set(context, [...(losing.get(context) ?? []), name]);
  }
  return losing;
}

import type { Api } from '../../services/http.ts';
import { listVariables } from '../../services/netlify.ts';
import { listDeploys } from '../../services/netlifyDeploys.ts';
import type { SiteIds } from '../../services/netlifyVariable.ts';
import type { Context } from '../../settings/context.ts';

/** The variable that overrides the table; only the value `true` does. */
export const emergencyVariable = 'AGENT_ACTIONS_DISABLED';

/** Level 2: the variable in staging's contexts, and the deploys that read it. */
export interface NetlifySwitch {
  /** By context: the value, or `undefined` where it is not set (or secret, so that nobody can read it). */
  readonly values: Readonly<Partial<Record<Context, string>>>;
  /** Whether every staging context has `true`. */
  readonly disabled: boolean;
  /** ISO 8601. */
  readonly changedAt: string | undefined;
  readonly changedBy: string | undefined;
  /** Whether the newest deploy of every branch is younger than the change: a variable needs a deploy to be read. */
  readonly deployed: boolean;
}

/** Reads level 2 as it is on Netlify. */
export async function readNetlify(api: Api, site: SiteIds, contexts: readonly Context[]): Promise<NetlifySwitch> {
  const variable = (await listVariables(api, site)).find(({ key }) => key === emergencyVariable);
  const values = Object.fromEntries(
    contexts.flatMap((context) => {
      const value = variable?.values.find((one) => one.context === context)?.value;
      return value === undefined ? [] : [[context, value]];
    }),
  );
  return {
    values,
    disabled: contexts.every((context) => values[context] === 'true'),
    changedAt: variable?.updatedAt,
    changedBy: variable?.updatedBy,
    deployed: variable?.updatedAt !== undefined && (await isDeployed(api, site.siteId, contexts, variable.updatedAt)),
  };
}

/** Branches that were never deployed have nothing that could run. */
async function isDeployed(api: Api, siteId: string, contexts: readonly Context[], since: string): Promise<boolean> {
  const newest = await Promise.all(
    branchesOf(contexts).map(async (branch) =>
      (await listDeploys(api, siteId, branch, 20)).find(({ state }) => state === 'ready'),
    ),
  );
  const present = newest.filter((deploy) => deploy !== undefined);
  return present.length > 0 && present.every(({ createdAt }) => Date.parse(createdAt) >= Date.parse(since));
}

/** The branches of staging's contexts. */
export function branchesOf(contexts: readonly Context[]): string[] {
  return contexts.filter((context) => context.startsWith('branch:')).map((context) => context.slice('branch:'.length));
}

import type { Api } from '../../services/http.ts';
import { listVariables } from '../../services/netlify.ts';
import { listDeploys, type LiveDeploy } from '../../services/netlifyDeploys.ts';
import type { SiteIds } from '../../services/netlifyVariable.ts';
import type { Context } from '../../settings/context.ts';
import { emergencyVariable } from '../../settings/names.ts';

/** Level 2: the variable in staging's contexts, and the deploys that read it. */
export interface NetlifySwitch {
  /** By context: the value, or `undefined` where it is not set (or secret, so that nobody can read it). */
  readonly values: Readonly<Partial<Record<Context, string>>>;
  /** What a branch without a value of its own reads: that of `branch-deploy`, else of `all`. */
  readonly inherited: string | undefined;
  /** Whether the branch of staging's newest deploy reads `true`; when nothing is deployed, whether every branch would. */
  readonly disabled: boolean;
  /** ISO 8601. */
  readonly changedAt: string | undefined;
  readonly changedBy: string | undefined;
  /** Whether staging's newest deploy is younger than the change: a variable needs a deploy to be read. */
  readonly deployed: boolean;
  /** ISO 8601: the first deploy after the change of the branch that is judged. */
  readonly deployedAt: string | undefined;
}

/** Reads level 2 as it is on Netlify. */
export async function readNetlify(api: Api, site: SiteIds, contexts: readonly Context[]): Promise<NetlifySwitch> {
  const variable = (await listVariables(api, site)).find(({ key }) => key === emergencyVariable);
  const valueIn = (context: Context) => variable?.values.find((one) => one.context === context)?.value;
  const values = Object.fromEntries(
    contexts.flatMap((context) => {
      const value = valueIn(context);
      return value === undefined ? [] : [[context, value]];
    }),
  );
  const inherited = valueIn('branch-deploy') ?? valueIn('all');
  const isTrue = (context: Context) => (valueIn(context) ?? inherited) === 'true';
  const changedAt = variable?.updatedAt;
  const deploys = await newestDeploys(api, site.siteId, branchesOf(contexts));
  const after = deploys.filter(
    ({ createdAt }) => changedAt !== undefined && Date.parse(createdAt) >= Date.parse(changedAt),
  );
  const [newest] = deploys;
  return {
    values,
    inherited,
    disabled: newest ? isTrue(`branch:${newest.branch}`) : contexts.every(isTrue),
    changedAt,
    changedBy: variable?.updatedBy,
    deployed: after.length > 0,
    deployedAt: after.at(-1)?.createdAt,
  };
}

/** The ready deploys, the newest first, of the one branch of these that was deployed last: the one that people see. */
async function newestDeploys(api: Api, siteId: string, branches: readonly string[]): Promise<LiveDeploy[]> {
  const ready = await Promise.all(
    branches.map(async (branch) =>
      (await listDeploys(api, siteId, branch, 100)).filter(({ state }) => state === 'ready'),
    ),
  );
  const age = (deploys: readonly LiveDeploy[]) => Date.parse(deploys[0]?.createdAt ?? '') || 0;
  return ready.sort((a, b) => age(b) - age(a))[0] ?? [];
}

/** The branches of staging's contexts. */
export function branchesOf(contexts: readonly Context[]): string[] {
  return contexts.filter((context) => context.startsWith('branch:')).map((context) => context.slice('branch:'.length));
}

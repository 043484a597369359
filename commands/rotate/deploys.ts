import { DeployFailed, waitForDeploy } from '../../deploys/build.ts';
import { readHistory } from '../../deploys/history.ts';
import { redeploy } from '../../deploys/redeploy.ts';
import { runSmoke } from '../../deploys/smoke.ts';
import type { StagingServices } from '../../deploys/stagingServices.ts';
import { childEnvironment } from '../../launch/childEnvironment.mjs';
import type { Plan } from '../../rotation/plan.ts';
import { WaitsError } from '../../rotation/ports.ts';
import { resolveReferences } from '../../secrets/vault.ts';
import { valueOf } from '../../secrets/valueOf.ts';
import type { VaultAccess } from '../../secrets/vaultAccess.ts';
import { ServiceError, type Api } from '../../services/door/http.ts';
import { branchHead } from '../../services/github/checks.ts';
import { cancelDeploy, readBuilds, readDeploy, startBuild } from '../../services/netlify/deploys.ts';
import { otherCommit, stopMs, whyNoBuild, type Fate } from './whyNoBuild.ts';

interface Options {
  readonly smoke: string | undefined;
  readonly timeoutMs: number;
  readonly report: (line: string) => void;
}

/** Deploys staging, and runs its smoke test with the values that the vault has now. Throws where either fails. */
export async function deployStaging(
  staging: StagingServices,
  plan: Plan,
  access: Exclude<VaultAccess, { kind: 'none' }>,
  { smoke, timeoutMs, report }: Options,
): Promise<void> {
  const { url } = await redeploy(staging, { via: 'auto', title: 'Rotation', timeoutMs, report });
  report(`Ready: ${url || '(GitHub recorded no address)'}`);
  if (smoke === undefined) return;
  if (url === '')
    throw new WaitsError(
      'The smoke test could not run, because GitHub recorded no address of the deploy. Test staging by hand, then: --resume --no-smoke',
    );
  const code = await runSmoke(smoke, url, staging, await expected(plan, access));
  if (code === 0) return;
  const why = code === 1 ? 'could not run (its words are above)' : 'failed';
  throw new DeployFailed(
    `The smoke test of ${url} ${why}. The old one still works. --resume deploys again; --back takes it back.`,
  );
}

/** What staging has to answer with: the values of its own names, as the vault has them now. */
async function expected(plan: Plan, access: Exclude<VaultAccess, { kind: 'none' }>): Promise<Record<string, string>> {
  const own = plan.holders.filter(({ place, isProductions }) => place === 'netlify' && !isProductions);
  const wanted = own.map(({ reference, name }) => ({ reference, wantedBy: `${name} (smoke test)` }));
  const values = await resolveReferences(access, wanted);
  // A test that never had the key does not get it now, nor one that a smoke test gets from no command.
  const hers = childEnvironment('smoke');
  const held = own.filter(({ name }) => (hers[name] ?? '') !== '');
  return Object.fromEntries(held.map(({ name, reference }) => [name, valueOf(values, reference)]));
}

/** Whether production serves a deploy that was made after a moment of this machine's clock. */
export async function productionServesSince(staging: StagingServices, moment: string): Promise<boolean> {
  const { api, site } = await staging.netlify();
  const { publishedDeploy, clockAhead } = await readBuilds(api, site.siteId);
  if (publishedDeploy === undefined) return false;
  const { createdAt } = await readDeploy(api, site.siteId, publishedDeploy);
  return isSince(createdAt, moment, clockAhead);
}

/**
 * Whether staging serves a deploy that was made after a moment of this machine's clock: of a site of its own the published
 * one, of a shared site the newest of its branches that is ready.
 */
export async function stagingServesSince(staging: StagingServices, moment: string): Promise<boolean> {
  if (staging.settings.netlify.mode === 'separate-site') return productionServesSince(staging, moment);
  const { deploys, site } = await readHistory(staging);
  const served = deploys.find(({ state }) => state === 'ready');
  return served !== undefined && isSince(served.createdAt, moment, site.clockAhead);
}

function isSince(createdAt: string, moment: string, clockAhead: number): boolean {
  return Date.parse(createdAt) >= Date.parse(moment) + clockAhead * 1000;
}

/**
 * Lets Netlify build production's branch anew, and waits until it is published. Throws a `WaitsError` where a person has to
 * deploy: above all where the branch holds other code than production serves, which a rotation must not release.
 */
export async function deployProduction(
  staging: Pick<StagingServices, 'settings' | 'netlify' | 'github'>,
  { timeoutMs, report }: Pick<Options, 'timeoutMs' | 'report'>,
): Promise<void> {
  const { api, site } = await staging.netlify();
  const builds = await readBuilds(api, site.siteId);
  const branch = builds.productionBranch ?? staging.settings.netlify.productionBranch;
  const [served, head] = await Promise.all([
    builds.publishedDeploy === undefined ? undefined : readDeploy(api, site.siteId, builds.publishedDeploy),
    headOf(staging, branch),
  ]);
  const why = whyNoBuild(builds, branch, served?.commit, head);
  if (why !== undefined)
    throw new WaitsError(`${why}: deploy production yourself, so that it reads what its places hold now.`);
  const id = await startBuild(api, site.siteId, branch, 'Rotation');
  report(`Netlify builds ${branch} for production: deploy ${id}.`);
  // The API takes a branch, no commit: what has landed there since the comparison is seen when Netlify has begun.
  await waitForDeploy(api, site.siteId, id, { timeoutMs, report }, async ({ commit, state }) => {
    if (commit === served?.commit || (commit === undefined && state !== 'ready')) return;
    if (state !== 'ready') await cancelDeploy(api, id);
    throw new WaitsError(otherCommit(branch, commit, served?.commit, await fateOf(api, site.siteId, id, report)));
  });
}

/** What becomes of a build that was cancelled, as far as Netlify says. */
async function fateOf(api: Api, siteId: string, id: string, report: Options['report']): Promise<Fate> {
  const states: string[] = [];
  try {
    await waitForDeploy(api, siteId, id, { timeoutMs: stopMs, report }, ({ state }) => {
      states.push(state);
      return Promise.resolve();
    }).catch((error: unknown) => {
      if (!(error instanceof DeployFailed)) throw error;
    });
    if ((await readBuilds(api, siteId)).publishedDeploy === id) return 'published';
    return ['ready', 'error'].includes(states.at(-1) ?? '') ? 'ended' : 'running';
  } catch (error) {
    if (error instanceof ServiceError) return 'running';
    throw error;
  }
}

/** The commit that a branch stands at; `undefined` where GitHub does not say. */
async function headOf(staging: Pick<StagingServices, 'github'>, branch: string): Promise<string | undefined> {
  try {
    const { api, name } = staging.github();
    return await branchHead(api, name, branch);
  } catch (error) {
    if (error instanceof ServiceError) return undefined;
    throw error;
  }
}

import { setTimeout as sleep } from 'node:timers/promises';
import type { Api } from '../services/door/http.ts';
import { readBuilds, readDeploy, startBuild, type LiveDeploy } from '../services/netlify/deploys.ts';
import { forStack } from '../settings/stack/stackCommand.ts';

/** The deploy did not become ready. */
export class DeployFailed extends Error {
  override readonly name = 'DeployFailed';
}

export interface BuildOptions {
  readonly branch: string;
  readonly title: string;
  /** How long to wait for it. */
  readonly timeoutMs: number;
  readonly report: (line: string) => void;
}

/**
 * Lets Netlify build the branch, and waits until the deploy is ready. Never the production branch; and it checks
 * afterwards that production serves what it served before.
 */
export async function buildBranch(api: Api, siteId: string, options: BuildOptions): Promise<LiveDeploy> {
  const before = await readBuilds(api, siteId);
  if (options.branch === (before.productionBranch ?? 'main')) {
    throw new Error(`${options.branch} is the site's production branch: a build of it is published. Nothing was done.`);
  }
  if (before.stopped || before.builtBranches?.includes(options.branch) === false) {
    throw new Error(
      `Netlify does not build ${options.branch} of this site${before.stopped ? ' (builds are stopped)' : ''}. ` +
        `Re-run the deploy job instead: ${forStack('npm run deploy:trigger -- --via github')}`,
    );
  }
  const id = await startBuild(api, siteId, options.branch, options.title);
  options.report(`Netlify builds ${options.branch}: deploy ${id}.`);
  const deploy = await waitForDeploy(api, siteId, id, options);
  const after = await readBuilds(api, siteId);
  if (after.publishedDeploy !== before.publishedDeploy && after.publishedDeploy === id) {
    throw new DeployFailed(
      `The deploy ${id} was published to production. Go back at once: ${forStack('npm run deploy:list')}`,
    );
  }
  return deploy;
}

/**
 * Reads the deploy until it has ended. A read that fails does not mean that the deploy failed; it is tried again. `seen` is
 * handed what each read found: what it throws ends the wait.
 */
export async function waitForDeploy(
  api: Api,
  siteId: string,
  id: string,
  { timeoutMs, report }: Pick<BuildOptions, 'timeoutMs' | 'report'>,
  seen: (deploy: LiveDeploy) => Promise<void> = () => Promise.resolve(),
): Promise<LiveDeploy> {
  const deadline = Date.now() + timeoutMs;
  let last = '';
  for (;;) {
    const deploy = await readDeploy(api, siteId, id);
    if (deploy.state !== last) report(`  ${id}: ${deploy.state}`);
    last = deploy.state;
    await seen(deploy);
    if (deploy.state === 'ready') return deploy;
    if (deploy.state === 'error') {
      throw new DeployFailed(`Netlify could not build ${id}: ${deploy.errorMessage || 'no reason given'}.`);
    }
    if (Date.now() >= deadline) {
      throw new DeployFailed(`The deploy ${id} is still ${deploy.state} after ${Math.round(timeoutMs / 1000)} s.`);
    }
    await sleep(Math.min(2000, Math.max(200, timeoutMs / 30)));
  }
}

import { listVariables } from '../services/netlify/netlify.ts';
import { readBuilds, restoreDeploy, setDeployLock } from '../services/netlify/deploys.ts';
import { ServiceError, type Api } from '../services/door/http.ts';
import { exitCode, UsageError } from '../cli/errors.ts';
import { confirm } from '../cli/confirm.ts';
import { missingConsent, refuseMissing } from '../cli/missing.ts';
import { DeployFailed } from './build.ts';
import { lastGood, readHistory, type History, type HistoryEntry } from './history.ts';
import type { StagingServices } from './stagingServices.ts';
import { rerunAndWait } from './runJob.ts';
import { deployRuns, noRunFor } from './runs.ts';
import type { DeployOptions } from './trigger.ts';
import { thisWill } from '../cli/dryRun.ts';
import { isBefore } from '../machine/times.ts';
import { forStack } from '../settings/stack/stackCommand.ts';

/**
 * Goes back to the last deploy whose smoke test passed. On a site of staging's own: by Netlify's restore, then a lock.
 * On the site that production shares a restore would publish staging to production, so the commit of that deploy is
 * deployed to staging again by the deploy job.
 */
export async function rollback(
  staging: StagingServices,
  options: DeployOptions & { readonly to: string | undefined },
): Promise<number> {
  const { report, print } = options;
  const { api, site } = await staging.netlify();
  const history = await readHistory(staging);
  if (history.withoutGithub !== undefined && options.to === undefined) {
    await refuseMissing({ script: 'deploy:rollback', args: process.argv.slice(3) }, [
      {
        add: '--to ID',
        why: `one of ${forStack('npm run deploy:list')}. Which deploy was good is recorded on GitHub: ${history.withoutGithub}`,
      },
      ...(options.dryRun ? [] : missingConsent(options)),
    ]);
  }
  const separate = staging.settings.netlify.mode === 'separate-site';
  const current = history.deploys.find((one) => (separate ? one.published : one.state === 'ready'));
  const target =
    options.to === undefined
      ? ((separate ? rolledBack(history) : undefined) ?? lastGood(history, current, !separate))
      : history.deploys.find(({ id }) => id === options.to);
  if (!target) {
    throw options.to === undefined
      ? new Error('No earlier deploy of staging has a passed smoke test on record. Name one: --to ID (deploy:list)')
      : new UsageError(`${options.to} is none of staging's deploys. See them: ${forStack('npm run deploy:list')}`);
  }
  if (separate && target.published && history.site.publishedLocked) {
    print(`Nothing to do: the site serves ${target.id}, locked. Further back: --to ID\n`, {
      target,
      published: target.id,
      locked: true,
    });
    return exitCode.fine;
  }
  if (target.state !== 'ready') throw new UsageError(`The deploy ${target.id} is ${target.state}, not ready.`);
  const changed = (await listVariables(api, site))
    .filter(({ updatedAt }) => updatedAt !== undefined && Date.parse(updatedAt) > Date.parse(target.createdAt))
    .map(({ key }) => key);
  report(intention(target, separate, changed, options.dryRun));
  if (options.dryRun) {
    print('Nothing was done (--dry-run).\n', { dryRun: true, target, changed });
    return exitCode.fine;
  }
  if (!(await confirm(`Go back to ${target.id}?`, options))) {
    report('Nothing was done.');
    return exitCode.error;
  }
  const publishedBefore = history.site.publishedDeploy;
  if (separate) await restoreAndLock(api, site.siteId, target.id, report);
  else await deployAgain(staging, target, options);
  const after = await readBuilds(api, site.siteId);
  if (!separate && after.publishedDeploy !== publishedBefore) {
    throw new DeployFailed(
      `Production serves ${after.publishedDeploy ?? 'nothing'} now and served ${publishedBefore ?? 'nothing'} before: somebody published meanwhile. Check it at once: ${forStack('npm run deploy:list')}`,
    );
  }
  print(
    separate
      ? `Restored and locked: the site serves ${target.id}. When it is fixed: ${forStack('npm run deploy:unlock')}\n`
      : `Deployed again from ${target.sha ?? target.id}; production still serves ${publishedBefore ?? 'nothing'}.\n`,
    { target, changed, published: after.publishedDeploy ?? null, locked: after.publishedLocked },
  );
  return exitCode.fine;
}

/** What an earlier rollback has restored: good, published, and older than another. To go further back it must be named. */
function rolledBack({ deploys }: History): HistoryEntry | undefined {
  const published = deploys.find((deploy) => deploy.published);
  const isBack = deploys.some(({ createdAt }) => published !== undefined && isBefore(published.createdAt, createdAt));
  return isBack && published?.smoke === 'passed' ? published : undefined;
}

function intention(target: HistoryEntry, separate: boolean, changed: readonly string[], dryRun: boolean): string {
  const runs = dryRun ? 'would run' : 'runs';
  const what = separate
    ? `${thisWill(dryRun)} make ${target.id} (${target.createdAt}, smoke ${target.smoke}) the deploy that the site serves, and lock it.`
    : `A restore on this site would publish staging to PRODUCTION, so it is not done. ` +
      `Instead the deploy job ${runs} again for the commit of ${target.id} (${target.createdAt}, smoke ${target.smoke}).`;
  if (changed.length === 0) return what;
  const environment = separate
    ? 'It keeps the environment it was made with, which differs from today’s in'
    : 'It is built with today’s environment; since then these changed:';
  return `${what}\n${environment} ${changed.join(', ')}.`;
}

/** Asked twice when the answer is lost: restoring and locking only set a state. */
async function restoreAndLock(api: Api, siteId: string, id: string, report: (line: string) => void): Promise<void> {
  await untilSo(
    () => restoreDeploy(api, siteId, id),
    async () => (await readBuilds(api, siteId)).publishedDeploy === id,
  );
  report(`Restored ${id}. Locking it, so that an automatic publish does not override it …`);
  await untilSo(
    () => setDeployLock(api, id, true),
    async () => (await readBuilds(api, siteId)).publishedLocked,
  );
}

/** Does a thing that may be repeated, until it is seen to be so; a refusal ends it at once. */
export async function untilSo(act: () => Promise<void>, isSo: () => Promise<boolean>): Promise<void> {
  let problem: unknown;
  for (let attempt = 1; attempt <= 3; attempt += 1) {
    try {
      await act();
      problem = undefined;
    } catch (error) {
      if (error instanceof ServiceError && error.status >= 400 && error.status < 500) throw error;
      problem = error;
    }
    if (await isSo()) return;
  }
  if (problem instanceof Error) throw problem;
  throw new Error(`Netlify took the request, and nothing changed. Check it: ${forStack('npm run deploy:list')}`);
}

async function deployAgain(staging: StagingServices, target: HistoryEntry, options: DeployOptions): Promise<void> {
  const github = staging.github();
  if (target.sha === undefined) {
    throw new Error(
      `GitHub recorded no commit for ${target.id}, so it cannot be deployed again. Choose another: deploy:list`,
    );
  }
  const [run] = await deployRuns(github.api, github.name, { branch: staging.branch, sha: target.sha });
  if (!run) {
    throw new Error(`${noRunFor(target.sha)} any more. Revert to it with git, and push to ${staging.branch}.`);
  }
  await rerunAndWait(github, run, { ...options, onlyFailed: false });
}

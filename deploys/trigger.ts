import { branchHead } from '../services/github/checks.ts';
import { recordDeploy } from '../services/github/deployments.ts';
import { exitCode } from '../cli/errors.ts';
import { confirm } from '../cli/confirm.ts';
import { readRuntimeConfig } from './runtimeConfig.ts';
import type { StagingServices } from './stagingServices.ts';
import { redeploy, type Way } from './redeploy.ts';
import { runSmoke } from './smoke.ts';
import { DeployFailed } from './build.ts';
import { thisWill } from '../cli/dryRun.ts';
import { forStack } from '../settings/stack/stackCommand.ts';
import { deployEnvironment } from '../settings/names/names.ts';

/** The options of every command that deploys. */
export interface DeployOptions {
  readonly yes: boolean;
  readonly dryRun: boolean;
  readonly timeoutMs: number;
  readonly report: (line: string) => void;
  readonly print: (text: string, data: unknown) => void;
}

/** Builds staging again, waits, checks what it reads, runs the smoke test, and records the result on GitHub. */
export async function trigger(
  staging: StagingServices,
  options: DeployOptions & { readonly via: Way; readonly smoke: string | undefined },
): Promise<number> {
  const { report, print } = options;
  report(
    `${thisWill(options.dryRun)} deploy ${staging.branch} to staging (${options.via}), wait for it, and ${options.smoke === undefined ? 'run no smoke test' : 'run the smoke test'}.`,
  );
  if (options.dryRun) {
    print('Nothing was done (--dry-run).\n', { dryRun: true });
    return exitCode.fine;
  }
  if (!(await confirm(`Deploy ${staging.branch}?`, options))) {
    report('Nothing was done.');
    return exitCode.error;
  }
  const head = await headOf(staging);
  let done;
  try {
    done = await redeploy(staging, { ...options, title: 'Triggered by deploy:trigger' });
  } catch (error) {
    if (!(error instanceof DeployFailed)) throw error;
    print(`${error.message}\nNext: ${forStack('npm run incident -- start')}\n`, {
      ready: false,
      problem: error.message,
    });
    return exitCode.findings;
  }
  report(`Ready: ${done.url || '(GitHub recorded no address)'}`);
  const smoke =
    options.smoke === undefined || done.url === '' ? undefined : await runSmoke(options.smoke, done.url, staging);
  const runtime = await readRuntimeConfig(done.url, 10_000).catch(() => undefined);
  if (done.by === 'netlify' && smoke !== undefined && smoke !== 1)
    await record(staging, head, done.url, smoke === 0, report);
  const result = { ready: true, ...done, runtimeEnv: runtime?.runtimeEnv ?? null, smoke: smoke ?? null };
  print(`${done.url}\n${verdict(smoke)}\n`, result);
  if (smoke === undefined) return exitCode.fine;
  return smoke === 0 ? exitCode.fine : smoke === 1 ? exitCode.error : exitCode.findings;
}

function verdict(smoke: number | undefined): string {
  if (smoke === undefined) return 'The deploy is ready; no smoke test was run.';
  if (smoke === 0) return 'The deploy is ready and its smoke test passed.';
  if (smoke === 1) return 'The deploy is ready; the smoke test could not run (its words are above).';
  return `The deploy is ready and its smoke test FAILED. Next: ${forStack('npm run deploy:rollback')}`;
}

/** The commit that is about to be built; `undefined` when GitHub does not say; the deploy goes on without it. */
async function headOf(staging: StagingServices): Promise<string | undefined> {
  try {
    const { api, name } = staging.github();
    return await branchHead(api, name, staging.branch);
  } catch {
    return undefined;
  }
}

/**
 * A rollback looks for deploys whose smoke test passed: without a record this one would not be among them. A push
 * meanwhile leaves it unknown which commit was built, and an untested one must not be recorded as passed.
 */
async function record(
  staging: StagingServices,
  head: string | undefined,
  url: string,
  passed: boolean,
  report: (line: string) => void,
): Promise<void> {
  if (head === undefined || head !== (await headOf(staging))) {
    report(`Not recorded on GitHub: ${staging.branch} moved meanwhile, or GitHub did not say where it stands.`);
    return;
  }
  try {
    const { api, name } = staging.github();
    const description = `Netlify build by deploy:trigger, smoke test ${passed ? 'passed' : 'failed'}`;
    await recordDeploy(api, name, { ref: head, environment: deployEnvironment, url, passed, description });
  } catch (error) {
    report(`Not recorded on GitHub: ${error instanceof Error ? error.message : String(error)}`);
  }
}

import { readBuilds, setDeployLock } from '../../services/netlify/deploys.ts';
import { exitCode, runCommand, seconds, UsageError } from '../../cli/command.ts';
import { confirm } from '../../cli/confirm.ts';
import { DeployFailed } from '../../deploys/build.ts';
import { historyText, readHistory } from '../../deploys/history.ts';
import { openStaging, type StagingServices } from '../../deploys/stagingServices.ts';
import { ways, type Way } from '../../deploys/redeploy.ts';
import { rollback, untilSo } from '../../deploys/rollback.ts';
import { rerunAndWait } from '../../deploys/runJob.ts';
import { deployRuns, noDeployRun } from '../../deploys/runs.ts';
import { defaultSmoke } from '../../deploys/smoke.ts';
import { trigger, type DeployOptions } from '../../deploys/trigger.ts';
import type { Deed } from '../../incidents/record.ts';
import { inTimeline } from '../../incidents/timeline.ts';
import { actor } from '../../cli/sharedProject.ts';
import { thisWill } from '../../cli/dryRun.ts';

const help = `
npm run deploy:list | deploy:trigger | deploy:rollback | deploy:unlock | deploy:rerun -- [options]

  list      staging's deploys, with the result of each one's smoke test, and what the site itself serves
  trigger   deploys staging anew with today's variables, waits, prints the address, runs the smoke test
  rollback  goes back to the last deploy whose smoke test passed. On a site that production shares nothing is restored
            (that would publish staging to production): the deploy job deploys that commit to staging again
  unlock    takes the lock of a rollback away, so that new deploys are published again
  rerun     runs the failed jobs of the last deploy run on GitHub again

  --via WAY          trigger: ${ways.join(', ')} (default auto: the deploy job on GitHub where it ever ran, else Netlify)
  --smoke COMMAND    trigger: run with --url ADDRESS (default: ${defaultSmoke})
  --no-smoke         trigger: no smoke test
  --to ID            rollback: this deploy
  --timeout SECONDS  default 900
  --yes --dry-run --json --stack NAME

It needs NETLIFY_API_TOKEN and GITHUB_TOKEN. Exit codes: 0 done and proved, 1 error, 2 the deploy or its smoke test failed.
`;

void runCommand({
  help,
  options: {
    via: { type: 'string', default: 'auto' },
    smoke: { type: 'string', default: defaultSmoke },
    'no-smoke': { type: 'boolean', default: false },
    to: { type: 'string' },
    timeout: { type: 'string', default: '900' },
    yes: { type: 'boolean', default: false },
    'dry-run': { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
    stack: { type: 'string', default: 'staging' },
  },
  numbers: { timeout: seconds },
  async run(values, [verb, ...further]) {
    if (further.length > 0) throw new UsageError(`There is one verb, and no ${further.join(' ')}.`);
    const timeoutMs = Number(values.timeout) * 1000;
    const via = ways.find((way) => way === values.via);
    if (!via) throw new UsageError(`--via is ${ways.join(', ')}.`);
    const options: DeployOptions = {
      yes: values.yes,
      dryRun: values['dry-run'],
      timeoutMs,
      report: (line) => process.stderr.write(`${line}\n`),
      print: (text, data) => process.stdout.write(values.json ? `${JSON.stringify(data, undefined, 2)}\n` : text),
    };
    const staging = openStaging(values.stack);
    const more = { via, to: values.to, smoke: values['no-smoke'] ? undefined : values.smoke };
    const work = () => act(staging, verb, options, more);
    const changes = verb !== 'list' && !options.dryRun;
    if (!changes) return work();
    const did = (code: number) => deedOf(verb, code, more.smoke !== undefined);
    return inTimeline(staging.root, actor(undefined), `deploy:${verb ?? ''}`, work, did);
  },
});

/** What a deploy did for an incident: without a smoke test nothing is proved, and unlocking deploys nothing. */
function deedOf(verb: string | undefined, code: number, proved: boolean): Deed | undefined {
  if (verb === 'unlock') return undefined;
  if (code === exitCode.findings) return 'deploy-failed';
  return code === exitCode.fine && proved ? 'deployed' : undefined;
}

async function act(
  staging: StagingServices,
  verb: string | undefined,
  options: DeployOptions,
  more: { readonly via: Way; readonly to: string | undefined; readonly smoke: string | undefined },
): Promise<number> {
  try {
    switch (verb) {
      case 'list': {
        const history = await readHistory(staging);
        options.print(historyText(history), history);
        return exitCode.fine;
      }
      case 'trigger':
        return await trigger(staging, { ...options, ...more });
      case 'rollback':
        return await rollback(staging, { ...options, ...more });
      case 'unlock':
        return await unlock(staging, options);
      case 'rerun':
        return await rerunLast(staging, options);
      default:
        throw new UsageError('The verb is list, trigger, rollback, unlock or rerun.');
    }
  } catch (error) {
    if (!(error instanceof DeployFailed)) throw error;
    process.stderr.write(`${error.message}\n`);
    return exitCode.findings;
  }
}

async function unlock(staging: StagingServices, options: DeployOptions): Promise<number> {
  const { api, site } = await staging.netlify();
  const { publishedDeploy, publishedLocked } = await readBuilds(api, site.siteId);
  if (publishedLocked && staging.settings.netlify.mode === 'shared-site') {
    throw new Error(
      'The lock on this site is production’s: deploy:rollback sets none here. Nothing was done. ' +
        'Production takes it away in Netlify: Deploys → Unlock',
    );
  }
  if (publishedDeploy === undefined || !publishedLocked) {
    options.print('Nothing is locked.\n', { unlocked: null });
    return exitCode.fine;
  }
  options.report(
    `${thisWill(options.dryRun)} unlock ${publishedDeploy}: the next deploy of the site's main branch is published again.`,
  );
  if (options.dryRun || !(await confirm('Unlock it?', options))) {
    options.print('Nothing was done.\n', { unlocked: null, dryRun: options.dryRun });
    return options.dryRun ? exitCode.fine : exitCode.error;
  }
  await untilSo(
    () => setDeployLock(api, publishedDeploy, false),
    async () => !(await readBuilds(api, site.siteId)).publishedLocked,
  );
  options.print(`Unlocked ${publishedDeploy}.\n`, { unlocked: publishedDeploy });
  return exitCode.fine;
}

async function rerunLast(staging: StagingServices, options: DeployOptions): Promise<number> {
  const github = staging.github();
  const [run] = await deployRuns(github.api, github.name, { branch: staging.branch });
  if (!run) throw new Error(`${noDeployRun(staging.branch)}.`);
  const onlyFailed = run.conclusion !== 'success';
  options.report(
    `${thisWill(options.dryRun)} run ${onlyFailed ? 'the failed jobs' : 'all jobs'} of ${run.url} (${run.conclusion ?? run.status}) again.`,
  );
  if (options.dryRun || !(await confirm('Run it again?', options))) {
    options.print('Nothing was done.\n', { run, dryRun: options.dryRun });
    return options.dryRun ? exitCode.fine : exitCode.error;
  }
  const ended = await rerunAndWait(github, run, { ...options, onlyFailed });
  options.print(`Succeeded: ${ended.url}\n`, { run: ended });
  return exitCode.fine;
}

import { Option } from '@commander-js/extra-typings';
import { readBuilds, setDeployLock } from '../../services/netlify/deploys.ts';
import { define, ends } from '../../cli/define.ts';
import { exitCode } from '../../cli/errors.ts';
import { choice, dryRun, json, stack, timeout, yes } from '../../cli/options.ts';
import { printer, report } from '../../cli/printer.ts';
import { program } from '../../cli/program.ts';
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

const timeoutSeconds = timeout('how long to wait for the deploy (default: 900)').default(900);

const list = define(
  'list',
  "Lists staging's deploys, with the result of each one's smoke test, and what the site itself serves.",
  { typed: 'deploy:list' },
)
  .addOption(json)
  .addOption(stack)
  .action(
    ends(async (options) => {
      const history = await readHistory(openStaging(options.stack));
      printer(options)(historyText(history), history);
      return exitCode.fine;
    }),
  );

const triggers = define(
  'trigger',
  "Deploys staging anew with today's variables, waits, prints the address, runs the smoke test.",
  { typed: 'deploy:trigger' },
)
  .addOption(
    choice(
      '--via <WAY>',
      ways,
      `${ways.join(', ')} (default auto: the deploy job on GitHub where it ever ran, else Netlify)`,
    ).default<Way>('auto'),
  )
  .addOption(new Option('--smoke <COMMAND>', `run with --url ADDRESS (default: ${defaultSmoke})`).default(defaultSmoke))
  .addOption(new Option('--no-smoke', 'no smoke test'))
  .addOption(timeoutSeconds)
  .addOption(yes)
  .addOption(dryRun)
  .addOption(json)
  .addOption(stack)
  .action(
    ends((options) => {
      const smoke = typeof options.smoke === 'string' ? options.smoke : undefined;
      return change(
        'trigger',
        options,
        (staging, how) => trigger(staging, { ...how, via: options.via, smoke }),
        smoke !== undefined,
      );
    }),
  );

const rollsBack = define(
  'rollback',
  'Goes back to the last deploy whose smoke test passed. On a site that production shares nothing is restored (that would ' +
    'publish staging to production): the deploy job deploys that commit to staging again.',
  { typed: 'deploy:rollback' },
)
  .addOption(new Option('--to <ID>', 'this deploy'))
  .addOption(timeoutSeconds)
  .addOption(yes)
  .addOption(dryRun)
  .addOption(json)
  .addOption(stack)
  .action(
    ends((options) => change('rollback', options, (staging, how) => rollback(staging, { ...how, to: options.to }))),
  );

const unlocks = define('unlock', 'Takes the lock of a rollback away, so that new deploys are published again.', {
  typed: 'deploy:unlock',
})
  .addOption(timeoutSeconds)
  .addOption(yes)
  .addOption(dryRun)
  .addOption(json)
  .addOption(stack)
  .action(ends((options) => change('unlock', options, unlock)));

const reruns = define('rerun', 'Runs the failed jobs of the last deploy run on GitHub again.', {
  typed: 'deploy:rerun',
})
  .addOption(timeoutSeconds)
  .addOption(yes)
  .addOption(dryRun)
  .addOption(json)
  .addOption(stack)
  .action(ends((options) => change('rerun', options, rerunLast)));

export const command = program(define('deploy', "Staging's deploys: what there is, a new one, and the way back."), {
  verbs: [list, triggers, rollsBack, unlocks, reruns],
  more: 'It needs NETLIFY_API_TOKEN and GITHUB_TOKEN. Exit codes: 0 done and proved, 1 error, 2 the deploy or its smoke test failed.',
});

/** What every verb that changes something is given. */
interface Given {
  readonly yes: boolean;
  readonly dryRun: boolean;
  readonly timeout: number;
  readonly json: boolean;
  readonly stack: string;
}

/** Runs a step that changes staging, for the timeline of an incident. `proves` says that a smoke test is part of it. */
async function change(
  verb: string,
  given: Given,
  step: (staging: StagingServices, options: DeployOptions) => Promise<number>,
  proves = true,
): Promise<number> {
  const options: DeployOptions = {
    yes: given.yes,
    dryRun: given.dryRun,
    timeoutMs: given.timeout * 1000,
    report,
    print: printer(given),
  };
  const staging = openStaging(given.stack);
  const work = () => step(staging, options).catch(failedDeploy);
  if (options.dryRun) return work();
  return inTimeline(staging.root, actor(undefined), `deploy:${verb}`, work, (code) => deedOf(verb, code, proves));
}

/** A deploy that failed is a finding, not an error of this command. */
function failedDeploy(error: unknown): number {
  if (!(error instanceof DeployFailed)) throw error;
  process.stderr.write(`${error.message}\n`);
  return exitCode.findings;
}

/** What a deploy did for an incident: without a smoke test nothing is proved, and unlocking deploys nothing. */
function deedOf(verb: string, code: number, proved: boolean): Deed | undefined {
  if (verb === 'unlock') return undefined;
  if (code === exitCode.findings) return 'deploy-failed';
  return code === exitCode.fine && proved ? 'deployed' : undefined;
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

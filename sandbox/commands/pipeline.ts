import { requiredCheck } from '../../settings/names/requiredCheck.ts';
import { existsSync, mkdirSync, rmSync } from 'node:fs';
import { join, relative } from 'node:path';
import { applicationStates, type ApplicationState } from '../application/layApplication.ts';
import { copyApplication, makeApplication, type Application } from '../actionsRunner/application.ts';
import { caseOf, cases, withChange, type Case } from '../actionsRunner/cases.ts';
import { runWorkflow } from '../actionsRunner/run.ts';
import { startSupabaseProject, type SupabaseProject } from '../actionsRunner/supabaseProject.ts';
import { startWorld } from '../actionsRunner/world.ts';
import { sandboxDir } from '../process/paths.ts';
import { define, ends } from '../../cli/define.ts';
import { UsageError } from '../../cli/errors.ts';
import { choice, json, several } from '../../cli/options.ts';
import { print, say } from './print.ts';
import { painter } from '../../machine/paint.ts';

/** How a run ended, for `--json`: what a team would see. */
function summary(name: string, found: Awaited<ReturnType<typeof runWorkflow>>, extra: Record<string, unknown>) {
  const jobs = Object.entries(found.jobs).map(([job, result]) => [
    job,
    {
      conclusion: result.conclusion,
      outputs: result.outputs,
      environmentUrl: result.environmentUrl,
      printedSecrets: result.printedSecrets,
      secretsInArguments: result.secretsInArguments,
      steps: result.steps.map(({ name: step, conclusion, log }) => ({ name: step, conclusion, log })),
    },
  ]);
  return {
    case: name,
    check: found.check,
    artefacts: found.artefacts,
    jobs: Object.fromEntries(jobs) as unknown,
    ...extra,
  };
}

/** What the cases of one call share: they take long to make, and no run changes them. */
interface Shared {
  readonly supabase: SupabaseProject;
  readonly application: Application;
}

async function runCase(name: string, chosen: Case, dir: string, shared: Shared, json: boolean): Promise<number> {
  const folder = join(dir, name);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  say(`${name}: ${chosen.what}`);
  const world = await startWorld({ dir: folder, supabase: shared.supabase, ...chosen.world });
  try {
    const application = withChange(copyApplication(shared.application, join(folder, 'application')), chosen);
    const production = world.production();
    world.faults.set(chosen.faults ?? []);
    const found = await runWorkflow({
      world,
      application,
      trigger: chosen.trigger,
      dir: join(folder, 'run'),
      ...(chosen.without && { without: chosen.without }),
      onStep: (job, step) => {
        const mark = { success: painter()('green', '✓'), failure: painter()('red', '✗'), skipped: '–' }[
          step.conclusion
        ];
        say(`${mark} ${job}: ${step.name} (${step.conclusion}, ${step.seconds.toFixed(1)} s)`);
        if (step.conclusion === 'failure') say(step.log.trimEnd().split('\n').slice(-25).join('\n'));
      },
    });
    const alerts = world.alerts().map(({ text }) => text);
    const untouched = world.production() === production;
    if (json) print(JSON.stringify(summary(name, found, { alerts, productionUntouched: untouched })));
    else report(found, alerts, untouched);
    const asExpected = found.check === chosen.check && untouched;
    if (!asExpected) say(`The check ended as ${found.check}; ${chosen.check} was expected.`);
    return asExpected ? 0 : 1;
  } finally {
    world.faults.set([]);
    await world.close();
  }
}

async function runCases(
  state: ApplicationState,
  chosen: readonly (readonly [name: string, what: Case])[],
  dir: string,
  json: boolean,
): Promise<number> {
  say(`Starting the services and the application’s repository (${state}) …`);
  rmSync(join(dir, 'application'), { recursive: true, force: true });
  const supabase = await startSupabaseProject(state);
  try {
    const shared = { supabase, application: makeApplication(join(dir, 'application'), state) };
    let code = 0;
    for (const [name, what] of chosen) code = Math.max(code, await runCase(name, what, dir, shared, json));
    return code;
  } finally {
    await supabase.close();
  }
}

function report(found: Awaited<ReturnType<typeof runWorkflow>>, alerts: readonly string[], untouched: boolean): void {
  const deploy = found.jobs[requiredCheck];
  print(`\nCheck ${requiredCheck}: ${found.check}`);
  if (deploy?.environmentUrl) print(`Deploy:      ${deploy.environmentUrl}`);
  const smoke = found.artefacts['staging-smoke'];
  if (smoke !== undefined) {
    const shown = relative(process.cwd(), smoke);
    const kept = { Report: 'report.html', Picture: 'dashboard.png', Trace: 'trace.zip' };
    for (const [what, file] of Object.entries(kept))
      if (existsSync(join(smoke, file))) print(`${`${what}:`.padEnd(12)} ${join(shown, file)}`);
  }
  print(`Alerts:      ${alerts.length === 0 ? 'none' : alerts.join('; ')}`);
  print(`Production:  ${untouched ? 'untouched' : 'CHANGED'}`);
}

const list = (state: ApplicationState): string[] =>
  Object.entries(cases[state]).map(([name, { what, check }]) => `  ${name.padEnd(24)} ${what} (${check})`);

const about = [
  "Runs the application's whole delivery pipeline, with the real Netlify command line.",
  '',
  "Installs the pipeline in a twin of the application's repository and runs its workflow as GitHub would, step by step,",
  'against services of its own. The first run installs the application and the command line (400 MB), and a browser if',
  'there is none.',
  '',
  "Cases of the playbook's state, whose deploy-staging is the team's, each with the conclusion that the check must have:",
  ...list('playbook'),
  'Cases of the newest state, where the job has a workflow of its own:',
  ...list('newest'),
  '',
  '--json prints one line a case. Exit code: 0 every check ended as its case says, 1 otherwise.',
].join('\n');

export const pipeline = define('pipeline', about)
  .summary("run the application's whole delivery pipeline, with the real Netlify command line")
  .addOption(
    choice(
      '--application <STATE>',
      applicationStates,
      `${applicationStates.join(' or ')} (default: playbook)`,
    ).default<ApplicationState>('playbook'),
  )
  .addOption(several('--case <CASE>', 'the case (default: green)'))
  .addOption(json)
  .action(
    ends(({ application: state, case: names, json: asJson }) => {
      const chosen = (names.length > 0 ? names : ['green']).map((name) => {
        const found = caseOf(state, name);
        if (!found) throw new UsageError(`--case is one of ${Object.keys(cases[state]).join(', ')}.`);
        return [name, found] as const;
      });
      return runCases(state, chosen, join(sandboxDir(), 'pipeline', state), asJson);
    }),
  );

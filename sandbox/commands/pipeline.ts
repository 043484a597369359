import { requiredCheck } from '../../settings/names/requiredCheck.ts';
import { existsSync, mkdirSync, rmSync } from 'node:fs';
import { join, relative } from 'node:path';
import { parseArgs, styleText } from 'node:util';
import { applicationStates, type ApplicationState } from '../application/layApplication.ts';
import { copyApplication, makeApplication, type Application } from '../actionsRunner/application.ts';
import { caseOf, cases, withChange, type Case } from '../actionsRunner/cases.ts';
import { runWorkflow } from '../actionsRunner/run.ts';
import { startSupabaseProject, type SupabaseProject } from '../actionsRunner/supabaseProject.ts';
import { startWorld } from '../actionsRunner/world.ts';
import { type Subcommand, print, say, UsageError } from './subcommand.ts';

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
        const mark = { success: styleText('green', '✓'), failure: styleText('red', '✗'), skipped: '–' }[
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

const isState = (name: string): name is ApplicationState => applicationStates.some((state) => state === name);

const list = (state: ApplicationState): string[] =>
  Object.entries(cases[state]).map(([name, { what, check }]) => `  ${name.padEnd(24)} ${what} (${check})`);

export const pipeline: Subcommand = {
  usage: `[--application ${applicationStates.join('|')}] [--case CASE]… [--json]`,
  summary: "run the application's whole delivery pipeline, with the real Netlify command line",
  details: [
    "Installs the pipeline in a twin of the application's repository and runs its workflow as GitHub would, step by step,",
    'against services of its own. The first run installs the application and the command line (400 MB), and a browser if',
    'there is none.',
    '',
    "Cases of the playbook's state, whose deploy-staging is the team's, each with the conclusion that the check must have:",
    ...list('playbook'),
    'Cases of the newest state, where the job has a workflow of its own:',
    ...list('newest'),
    '',
    '--case may be given several times; --json prints one line a case.',
    'Exit code: 0 every check ended as its case says, 1 otherwise.',
  ].join('\n'),
  async run(args, dir) {
    const { values } = parseArgs({
      args: [...args],
      options: {
        application: { type: 'string', default: 'playbook' },
        case: { type: 'string', multiple: true, default: ['green'] },
        json: { type: 'boolean', default: false },
      },
    });
    const state = values.application;
    if (!isState(state)) throw new UsageError(`--application is one of ${applicationStates.join(', ')}.`);
    const chosen = values.case.map((name) => {
      const found = caseOf(state, name);
      if (!found) throw new UsageError(`--case is one of ${Object.keys(cases[state]).join(', ')}.`);
      return [name, found] as const;
    });
    return runCases(state, chosen, join(dir, 'pipeline', state), values.json);
  },
};

import { Option } from '@commander-js/extra-typings';
import { printable } from '../../machine/printable.ts';
import { define, ends } from '../../cli/define.ts';
import { exitCode } from '../../cli/errors.ts';
import { missingConsent, refuseMissing } from '../../cli/missing.ts';
import { seconds } from '../../cli/numbers.ts';
import { by, choice, dryRun, flag, json, number, project, stack, text, timeout, yes } from '../../cli/options.ts';
import { printer, report } from '../../cli/printer.ts';
import { program } from '../../cli/program.ts';
import { actor } from '../../cli/sharedProject.ts';
import { openStaging } from '../../deploys/stagingServices.ts';
import { ways, type Way } from '../../deploys/redeploy.ts';
import { momentOf } from '../../incidents/moment.ts';
import { inTimeline, noteInIncidents } from '../../incidents/timeline.ts';
import { databaseHost, openDatabase } from '../../killSwitch/access.ts';
import { readStatus } from '../../killSwitch/status.ts';
import { changeEmergency, changeTable, type Change } from './change.ts';
import { statusText } from './statusText.ts';
import { thrownLevel } from './thrown.ts';
import { verificationText, verify } from './verify.ts';
import { killSwitchTable } from '../../settings/names/killSwitchTable.ts';

const about = `
Stops agents from acting, and lets them act again: those of ALL environments, production's too. The agents are Edge
Functions of the project that all environments share; there is no level for staging alone.
`;

const access = `
Access: level 1 and verify SUPABASE_SERVICE_ROLE_KEY (or SUPABASE_SECRET_KEY), level 2 SUPABASE_ACCESS_TOKEN, or 1Password
for either; Netlify's variable NETLIFY_API_TOKEN. The project is the shared one: SUPABASE_URL is not read;
STAGING_SUPABASE_URL stands for its address (a proxy).
Exit codes: 0 done and read back, or proved; 1 error; 2 not proved, or Netlify's variable was not set.
`;

const orZero = { ...seconds, least: 0 };
const reason = text('--reason <TEXT>', 'why; recorded beside who and when');
const emergency = flag('--emergency', 'level 2');
const direct = flag('--direct', "with --emergency: Netlify's variable not through the stack");
const redeploy = choice<'--redeploy <WAY>', Way | 'none'>(
  '--redeploy <WAY>',
  [...ways, 'none'],
  `with --emergency: deploy staging too: ${ways.join(', ')} or none (default none: nothing reads it)`,
).default('none');
const deployTimeout = timeout('--redeploy: how long to wait for the deploy (default: 900)', orZero).default(900);

const status = define(
  'status',
  'Shows each place of the switch, who reads it, since when and by whom, and what follows for the agents. Exit code 1 when ' +
    'a place that decides could not be read and nothing else stops them.',
)
  .addOption(json)
  .addOption(stack)
  .action(
    ends(async (options) => {
      const staging = openStaging(options.stack);
      const found = await readStatus(staging);
      printer(options)(statusText(found, staging), found);
      return [found.staging, found.production].includes('unknown') ? exitCode.error : exitCode.fine;
    }),
  );

const off = define(
  'off',
  `Stops agents. Level 1: the row of ${killSwitchTable.table} in the shared database; at once. --emergency: level 2 instead, the ` +
    'Edge Function secret AGENT_ACTIONS_DISABLED, which agents read before the row; at once, while the database, the vault ' +
    "or the stack's state is down. The variable of that name on Netlify is set with it, as the playbook says; nothing is " +
    'known to read it there.',
)
  .addOption(reason)
  .addOption(by)
  .addOption(yes)
  .addOption(project)
  .addOption(dryRun)
  .addOption(emergency)
  .addOption(direct)
  .addOption(redeploy)
  .addOption(deployTimeout)
  .addOption(json)
  .addOption(stack)
  .action(ends((options) => change('off', options)));

const restore = define('restore', 'Takes level 1 back; --emergency takes level 2 back (both values become false).')
  .addOption(reason)
  .addOption(by)
  .addOption(yes)
  .addOption(project)
  .addOption(dryRun)
  .addOption(emergency)
  .addOption(direct)
  .addOption(redeploy)
  .addOption(deployTimeout)
  .addOption(json)
  .addOption(stack)
  .action(ends((options) => change('restore', options)));

const verifies = define(
  'verify',
  'Proves by agent_execution_traces that the level that is on refuses agents; fails when one was let through, and when none ' +
    'was seen. Where both levels are on, agents name level 2.',
)
  .addOption(flag('--emergency', 'only level 2'))
  .addOption(
    new Option('--since <TIME>', 'from then, with its zone (default: when the level went off)').argParser(momentText),
  )
  .addOption(number('--grace <SECONDS>', orZero, 'what was under way before may still end (default: 5)').default(5))
  .addOption(timeout('wait for a refusal (default: 120)', orZero).default(120))
  .addOption(by)
  .addOption(json)
  .addOption(stack)
  .action(
    ends(async (options) => {
      const staging = openStaging(options.stack);
      const level = await thrownLevel(staging, { emergency: options.emergency, since: options.since, report });
      report(`Reading the traces at ${databaseHost(staging.settings)}.`);
      const database = await openDatabase(staging.settings);
      const waits = { graceMs: options.grace * 1000, timeoutMs: options.timeout * 1000 };
      const result = await verify(database, { ...level, ...waits, report });
      const isDenied = result.verdict === 'denied';
      noteInIncidents(
        staging.root,
        actor(options.by),
        `kill-switch verify: ${result.verdict}`,
        isDenied ? 'stop-proved' : undefined,
      );
      printer(options)(verificationText(result, staging), result);
      return isDenied ? exitCode.fine : exitCode.findings;
    }),
  );

export const command = program(define('kill-switch', about), {
  verbs: [status, off, restore, verifies],
  more: access,
});

/** What `off` and `restore` are given. */
interface Given {
  readonly reason?: string;
  readonly by?: string;
  readonly yes: boolean;
  readonly project?: string;
  readonly dryRun: boolean;
  readonly emergency: boolean;
  readonly direct: boolean;
  readonly redeploy: Way | 'none';
  readonly timeout: number;
  readonly json: boolean;
  readonly stack: string;
}

/** Throws a level, or takes it back. */
async function change(verb: 'off' | 'restore', given: Given): Promise<number> {
  const staging = openStaging(given.stack);
  const otherwise = verb === 'off' ? 'AGENTS STILL ACT' : 'agents stay as they are';
  await refuseMissing({ script: 'kill-switch', args: process.argv.slice(2), otherwise }, [
    !given.reason?.trim() && { add: '--reason TEXT', why: 'why; it is recorded' },
    ...(given.dryRun ? [] : missingConsent(given, staging.project.ref)),
  ]);
  if (!given.reason) return exitCode.error; // refused above
  const what: Change = {
    disabled: verb === 'off',
    reason: printable(given.reason).trim(),
    by: actor(given.by),
    yes: given.yes,
    project: given.project,
    dryRun: given.dryRun,
    direct: given.direct,
    redeploy: given.redeploy,
    timeoutMs: given.timeout * 1000,
    report,
    print: printer(given),
  };
  const work = () => (given.emergency ? changeEmergency(staging, what) : changeTable(staging, what));
  if (what.dryRun) return work();
  const line = `kill-switch ${verb}${given.emergency ? ' --emergency' : ''}: ${what.reason}`;
  // What agents read was set also where Netlify's variable was not; a question that was declined did nothing.
  const did = what.disabled ? 'agents-stopped' : 'agents-let-act';
  return inTimeline(staging.root, what.by, line, work, (code) => (code === exitCode.error ? undefined : did));
}

function momentText(given: string): string {
  momentOf('--since', given); // wants a zone
  return new Date(given.trim()).toISOString();
}

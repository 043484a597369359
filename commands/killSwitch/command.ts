import { printable } from '../../machine/printable.ts';
import { exitCode, runCommand, seconds, UsageError } from '../../cli/command.ts';
import { openStaging } from '../../deploys/stagingServices.ts';
import { ways, type Way } from '../../deploys/redeploy.ts';
import { momentOf } from '../../incidents/moment.ts';
import { inTimeline, noteInIncidents } from '../../incidents/timeline.ts';
import { databaseHost, openDatabase } from '../../killSwitch/access.ts';
import { changeEmergency, changeTable, type Change } from './change.ts';
import { readStatus } from '../../killSwitch/status.ts';
import { statusText } from './statusText.ts';
import { thrownLevel } from './thrown.ts';
import { verificationText, verify } from './verify.ts';
import { missingConsent, refuseMissing } from '../../cli/missing.ts';
import { actor } from '../../cli/sharedProject.ts';

const help = `
npm run kill-switch -- status | off | restore | verify [options]

Stops agents from acting, and lets them act again: those of ALL environments, production's too. The agents are Edge
Functions of the project that all environments share; there is no level for staging alone.

  status    each place of the switch, who reads it, since when and by whom; what follows for the agents; exit code 1 when
            a place that decides could not be read and nothing else stops them
  off       level 1: the row of agent_runtime_config in the shared database; at once
            --emergency: level 2 instead: the Edge Function secret AGENT_ACTIONS_DISABLED, which agents read before the
            row; at once, while the database, the vault or the stack's state is down. The variable of that name on
            Netlify is set with it, as the playbook says; nothing is known to read it there
  restore   takes level 1 back; --emergency takes level 2 back (both values become false)
  verify    proves by agent_execution_traces that the level that is on refuses agents; fails when one was let through, and
            when none was seen. Where both levels are on, agents tell of level 2

  --reason TEXT        why; recorded beside who and when (off and restore want one)
  --by NAME            who (default: this account)
  --yes --project REF  no question: the shared project's reference stands for the one that is typed
  --dry-run            say what would be done
  --json               the result as JSON
  --emergency          level 2; verify: only level 2
  --direct             with --emergency: Netlify's variable not through the stack
  --redeploy WAY       with --emergency: deploy staging too: ${ways.join(', ')} or none (default none: nothing reads it)
  --since TIME         verify: from then, with its zone (default: when the level went off)
  --grace SECONDS      verify: what was under way before may still end (default 5)
  --timeout SECONDS    verify: wait for a refusal (default 120); --redeploy: for the deploy (default 900)
  --stack NAME         default: staging

Access: level 1 and verify SUPABASE_SERVICE_ROLE_KEY (or SUPABASE_SECRET_KEY), level 2 SUPABASE_ACCESS_TOKEN, or 1Password
for either; Netlify's variable NETLIFY_API_TOKEN. The project is the shared one: SUPABASE_URL is not read; STAGING_SUPABASE_URL stands for its
address (a proxy).
Exit codes: 0 done and read back, or proved; 1 error; 2 not proved, or Netlify's variable was not set.
`;

void runCommand({
  help,
  options: {
    reason: { type: 'string' },
    by: { type: 'string' },
    yes: { type: 'boolean', default: false },
    project: { type: 'string' },
    'dry-run': { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
    emergency: { type: 'boolean', default: false },
    direct: { type: 'boolean', default: false },
    redeploy: { type: 'string', default: 'none' },
    since: { type: 'string' },
    grace: { type: 'string', default: '5' },
    timeout: { type: 'string' },
    stack: { type: 'string', default: 'staging' },
  },
  texts: ['reason', 'by'],
  numbers: { timeout: { ...seconds, least: 0 }, grace: { ...seconds, least: 0 } },
  async run(values, [verb, ...more]) {
    if (more.length > 0) throw new UsageError(`There is one verb, and no ${more.join(' ')}.`);
    // Every option before anything is read: a mistake in one must not depend on what is found.
    const timeoutMs = Number(values.timeout ?? (verb === 'verify' ? 120 : 900)) * 1000;
    const graceMs = Number(values.grace) * 1000;
    const given = values.since === undefined ? undefined : time(values.since);
    const { redeploy } = values;
    if (!isWay(redeploy)) throw new UsageError(`--redeploy is ${ways.join(', ')} or none.`);
    const staging = openStaging(values.stack);
    const print = (text: string, data: unknown) =>
      process.stdout.write(values.json ? `${JSON.stringify(data, undefined, 2)}\n` : text);
    switch (verb) {
      case 'status': {
        const status = await readStatus(staging);
        print(statusText(status, staging), status);
        return [status.staging, status.production].includes('unknown') ? exitCode.error : exitCode.fine;
      }
      case 'verify': {
        const level = await thrownLevel(staging, { emergency: values.emergency, since: given, report });
        report(`Reading the traces at ${databaseHost(staging.settings)}.`);
        const database = await openDatabase(staging.settings);
        const result = await verify(database, { ...level, graceMs, timeoutMs, report });
        noteInIncidents(
          staging.root,
          actor(values.by),
          `kill-switch verify: ${result.verdict}`,
          result.verdict === 'denied' ? 'stop-proved' : undefined,
        );
        print(verificationText(result, staging), result);
        return result.verdict === 'denied' ? exitCode.fine : exitCode.findings;
      }
      case 'off':
      case 'restore': {
        const otherwise = verb === 'off' ? 'AGENTS STILL ACT' : 'agents stay as they are';
        await refuseMissing({ script: 'kill-switch', args: process.argv.slice(2), otherwise }, [
          !values.reason?.trim() && { add: '--reason TEXT', why: 'why; it is recorded' },
          ...(values['dry-run'] ? [] : missingConsent(values, staging.project.ref)),
        ]);
        if (!values.reason) return exitCode.error; // refused above
        const change: Change = {
          disabled: verb === 'off',
          reason: printable(values.reason).trim(),
          by: actor(values.by),
          yes: values.yes,
          project: values.project,
          dryRun: values['dry-run'],
          direct: values.direct,
          redeploy,
          timeoutMs,
          report,
          print,
        };
        const work = () => (values.emergency ? changeEmergency(staging, change) : changeTable(staging, change));
        if (change.dryRun) return work();
        const what = `kill-switch ${verb}${values.emergency ? ' --emergency' : ''}: ${change.reason}`;
        // What agents read was set also where Netlify's variable was not; a question that was declined did nothing.
        const did = change.disabled ? 'agents-stopped' : 'agents-let-act';
        return inTimeline(staging.root, change.by, what, work, (code) => (code === exitCode.error ? undefined : did));
      }
      default:
        throw new UsageError(`The verb is status, off, restore or verify${verb === undefined ? '' : `, not ${verb}`}.`);
    }
  },
});

function report(line: string): void {
  process.stderr.write(`${line}\n`);
}

function isWay(text: string): text is Way | 'none' {
  return text === 'none' || (ways as readonly string[]).includes(text);
}

function time(text: string): string {
  momentOf('--since', text); // wants a zone
  return new Date(text.trim()).toISOString();
}

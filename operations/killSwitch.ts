import { exitCode, runCommand, seconds, UsageError } from './cli.ts';
import { openPlace } from './deploys/place.ts';
import { ways, type Way } from './deploys/redeploy.ts';
import { databaseHost, openDatabase } from './killSwitch/access.ts';
import { changeNetlify, changeTable, type Change } from './killSwitch/change.ts';
import { readNetlify } from './killSwitch/netlify.ts';
import { readStatus, statusText } from './killSwitch/status.ts';
import { readTable } from './killSwitch/table.ts';
import { verificationText, verify } from './killSwitch/verify.ts';
import { actor } from './project.ts';

const help = `
npm run kill-switch -- status | off | restore | verify [options]

Stops agents from acting, and lets them act again.

  status    both levels, and which of them decides; exit code 1 when one that decides could not be read
  off       level 1: agent_runtime_config in the shared database. At once, and for PRODUCTION's agents too
            --emergency: level 2 instead: AGENT_ACTIONS_DISABLED=true on Netlify, for staging alone. It overrides the
            table, and works while the database, the vault or the stack's state is down. It needs a redeploy, which it does
  restore   takes level 1 back; --emergency takes level 2 back (the variable becomes false: only true overrides)
  verify    proves by agent_execution_traces that agents are refused since the switch went off; fails when one acted.
            The traces do not tell environments apart: with level 2 alone production's agents may still act

  --reason TEXT        why; recorded beside who and when (off and restore want one)
  --by NAME            who (default: this account)
  --yes                no question; level 1 also wants --project REF, the shared project's reference
  --project REF        stands for the typed reference
  --dry-run            say what would be done
  --json               the result as JSON
  --emergency          level 2
  --direct             with --emergency: not through the stack
  --redeploy WAY       with --emergency: ${ways.join(', ')} or none (default auto)
  --since TIME         verify: from then (default: when the table went off; level 2: its first deploy)
  --grace SECONDS      verify: what the gate let through before may still end (default 5)
  --timeout SECONDS    verify: wait for a refusal (default 120); off/restore: for the redeploy (default 900)
  --stack NAME         default: staging

Access: SUPABASE_SERVICE_ROLE_KEY, or 1Password; NETLIFY_API_TOKEN for level 2. The table is the shared project's:
SUPABASE_URL is not read; STAGING_SUPABASE_URL stands for its address (a proxy).
Exit codes: 0 done and proved, 1 error, 2 not proved (verify: an action ran, or nobody tried).
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
    redeploy: { type: 'string', default: 'auto' },
    since: { type: 'string' },
    grace: { type: 'string', default: '5' },
    timeout: { type: 'string' },
    stack: { type: 'string', default: 'staging' },
  },
  numbers: { timeout: { ...seconds, least: 0 }, grace: { ...seconds, least: 0 } },
  async run(values, [verb, ...more]) {
    if (more.length > 0) throw new UsageError(`There is one verb, and no ${more.join(' ')}.`);
    // Every option before anything is read: a mistake in one must not depend on what is found.
    const timeoutMs = Number(values.timeout ?? (verb === 'verify' ? 120 : 900)) * 1000;
    const graceMs = Number(values.grace) * 1000;
    const given = values.since === undefined ? undefined : time(values.since);
    const { redeploy } = values;
    if (!isWay(redeploy)) throw new UsageError(`--redeploy is ${ways.join(', ')} or none.`);
    const place = openPlace(values.stack);
    const print = (text: string, data: unknown) =>
      process.stdout.write(values.json ? `${JSON.stringify(data, undefined, 2)}\n` : text);
    switch (verb) {
      case 'status': {
        const status = await readStatus(place);
        print(statusText(status), status);
        return [status.staging, status.production].includes('unknown') ? exitCode.error : exitCode.fine;
      }
      case 'verify': {
        const database = await openDatabase(place.settings);
        const table = await readTable(database);
        const since = given ?? (await switchedOffAt());
        report(`Reading the traces at ${databaseHost()}.`);
        const result = await verify(database, {
          since,
          byTable: table?.disabled === true,
          graceMs,
          timeoutMs,
          report,
        });
        print(verificationText(result), result);
        return result.verdict === 'denied' ? exitCode.fine : exitCode.findings;

        async function switchedOffAt(): Promise<string> {
          if (table?.disabled === true) return table.at;
          const { api, site } = await place.netlify();
          const level2 = await readNetlify(api, site, place.settings.netlify.contexts);
          if (level2.disabled && level2.deployedAt !== undefined) return level2.deployedAt;
          if (level2.disabled) throw new Error('Level 2 has no effect before a deploy: npm run deploy:trigger');
          throw new Error('Neither level is off, so there is nothing to prove. Look: npm run kill-switch -- status');
        }
      }
      case 'off':
      case 'restore': {
        if (!values.reason?.trim()) throw new UsageError(`--reason TEXT is missing: why ${verb}? It is recorded.`);
        const change: Change = {
          disabled: verb === 'off',
          reason: values.reason.trim(),
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
        return values.emergency ? changeNetlify(place, change) : changeTable(place, change);
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
  const at = Date.parse(text);
  if (Number.isNaN(at)) throw new UsageError('--since is a time like 2026-01-31T22:00:00Z.');
  return new Date(at).toISOString();
}

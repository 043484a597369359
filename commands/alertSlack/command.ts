import { Option } from '@commander-js/extra-typings';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { workflowCommand, writeAsItIs } from '../../machine/output.ts';
import { printableLines } from '../../machine/printable.ts';
import { fingerprint, slackPayload, type Alert } from '../../alerts/message.ts';
import { policyFile, policyOrDefault } from '../../alerts/policy.ts';
import { webhookProblem } from '../../alerts/refusal.ts';
import { SentAlerts } from '../../alerts/repeats.ts';
import { sendToWebhook } from '../../alerts/send.ts';
import { severities, severityOf, severityWords } from '../../alerts/severity.ts';
import { originOf, throttle } from '../../alerts/throttle.ts';
import { define, ends } from '../../cli/define.ts';
import { UsageError } from '../../cli/errors.ts';
import { numberOf } from '../../cli/numbers.ts';
import { flag, number } from '../../cli/options.ts';
import { bareProgram, sayProblem } from '../../cli/bareProgram.ts';
import { actor } from '../../cli/sharedProject.ts';
import { createRedactor, sensitiveValues } from '../../detection/redact.ts';
import { painter } from '../../machine/paint.ts';

const about = `
Sends an alert to the team's channel in Slack.

In a job of GitHub Actions the branch decides: main alerts always; every other branch once an hour; a pull request only
when it blocks a merge: by --merge-blocked, or by a job that ${policyFile} names. That file (ALERT_POLICY names another)
has the team's times and escalations: docs/OBSERVABILITY_RUNBOOK.md.
`;

const more = `
Environment: SLACK_WEBHOOK_URL (required), SLACK_ALERTS_CHANNEL, ALERT_POLICY, ALERT_STATE_DIR (where sent alerts are
remembered), ALERT_TIMEOUT_SECONDS (default 10), ALERT_ATTEMPTS (default 4).

Exit codes: 0 sent, dropped as the rule says, or undeliverable inside a CI job, which has failed for a better reason
already; 1 wrong arguments, or undeliverable elsewhere.
`;

const levels = Object.entries(severities)
  .map(([name, { level }]) => `${name} (${level})`)
  .join(', ');

export const command = bareProgram(
  define('alert:slack', about)
    .addOption(new Option('--title <TITLE>', 'what is wrong, in a line'))
    .addOption(new Option('--text <TEXT>', 'the details'))
    .addOption(new Option('--severity <SEVERITY>', `${levels}; default medium`))
    .addOption(new Option('--source <SOURCE>', 'who says it (default: the workflow and its job, else the person)'))
    .addOption(new Option('--runbook <PATH-OR-URL>', 'what to do'))
    .addOption(
      new Option(
        '--channel <CHANNEL>',
        "instead of the webhook's own channel, where the webhook allows it (default: SLACK_ALERTS_CHANNEL)",
      ),
    )
    .addOption(flag('--merge-blocked', 'the alert of a pull request that cannot be merged because of it'))
    .addOption(
      number(
        '--window <MINUTES>',
        { unit: 'minutes', least: 0, most: 525_600 },
        'in which the same title, severity, source and branch is not sent again; 0 sends always (default 0 on main, else 60)',
      ),
    )
    .addOption(flag('--dry-run', 'print the message instead of sending it'))
    .addOption(flag('--strict', 'exit 1 when it could not be delivered, in a CI job too'))
    .action(ends(alert)),
  { more, dashes: true, sayError },
);

interface Given extends Partial<Record<'title' | 'text' | 'severity' | 'source' | 'runbook' | 'channel', string>> {
  readonly mergeBlocked: boolean;
  readonly window?: number;
  readonly dryRun: boolean;
  readonly strict: boolean;
}

/** What was given, or `fallback` where it is missing or blank: a job's expression may be empty. */
function textOr(given: string | undefined, fallback: string): string {
  return printableLines(given?.trim() ? given : fallback);
}

function readAlert(values: Given): Alert {
  const { env } = process;
  const severity = severityOf(textOr(values.severity, 'medium'));
  if (severity === undefined) throw new UsageError(`--severity is one of ${severityWords}`);
  const run = [env.GITHUB_WORKFLOW, env.GITHUB_JOB].filter((part) => part !== undefined && part !== '').join(': ');
  const channel = textOr(values.channel, env.SLACK_ALERTS_CHANNEL ?? '').trim();
  return {
    title: textOr(values.title, 'Alert without a title'),
    text: textOr(values.text, 'No details were given.'),
    severity,
    source: textOr(values.source, run === '' ? actor(undefined) : run),
    ...(values.runbook?.trim() && { runbook: printableLines(values.runbook) }),
    ...(channel !== '' && { channel }),
  };
}

function positive(name: string, fallback: number): number {
  const text = process.env[name];
  if (text === undefined || text === '') return fallback;
  return numberOf(name, text, { most: 3600 });
}

function stateFolder(): string {
  const cache = process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache');
  return process.env.ALERT_STATE_DIR ?? join(cache, 'allincompassing-staging', 'alerts');
}

const inJob = process.env.GITHUB_ACTIONS === 'true' || process.env.CI === 'true';

/** A line that GitHub shows on the run's page. */
function warn(text: string): void {
  if (process.env.GITHUB_ACTIONS === 'true') {
    writeAsItIs(process.stderr, `${workflowCommand('warning', 'Alert', text)}\n`);
  } else process.stderr.write(`${text}\n`);
}

async function alert(values: Given): Promise<number> {
  const alert = readAlert(values);
  const policy = policyOrDefault(process.env, warn);
  const redact = createRedactor(sensitiveValues(process.env));
  const payload = slackPayload(alert, redact, policy, process.env);
  if (values.dryRun) {
    const { channel, text, blocks } = payload;
    process.stdout.write(`${JSON.stringify({ channel, text, blocks }, undefined, 2)}\n`);
    return 0;
  }
  const origin = originOf(process.env);
  const rule =
    values.window === undefined ? throttle(origin, policy, values.mergeBlocked) : { windowMinutes: values.window };
  if ('dropped' in rule) {
    process.stdout.write(`Dropped: ${rule.dropped}\n`);
    return 0;
  }
  try {
    return await send(alert, payload, { windowMs: rule.windowMinutes * 60_000, branch: origin.branch }, redact);
  } catch (error) {
    const reason = redact(error instanceof Error ? error.message : String(error));
    warn(`The alert "${redact(alert.title)}" was not delivered: ${reason}`);
    return inJob && !values.strict ? 0 : 1;
  }
}

async function send(
  alert: Alert,
  payload: ReturnType<typeof slackPayload>,
  { windowMs, branch }: { readonly windowMs: number; readonly branch: string | undefined },
  redact: (text: string) => string,
): Promise<number> {
  const webhook = process.env.SLACK_WEBHOOK_URL?.trim();
  const problem = webhookProblem(webhook);
  if (webhook === undefined || problem !== undefined) throw new Error(problem);
  const sent = new SentAlerts(stateFolder());
  const id = fingerprint(alert, branch);
  const age = sent.age(id, Date.now());
  if (age !== undefined && age < windowMs) {
    process.stdout.write(`Dropped: the same alert was sent ${Math.round(age / 60_000)} min ago.\n`);
    return 0;
  }
  await sendToWebhook(webhook, payload, {
    timeoutMs: positive('ALERT_TIMEOUT_SECONDS', 10) * 1000,
    attempts: positive('ALERT_ATTEMPTS', 4),
    pauseMs: 500,
    onRetry: (reason) => process.stderr.write(`Slack: ${redact(reason)}\n`),
  });
  try {
    sent.record(id, Date.now(), 24 * 3600_000);
  } catch (error) {
    process.stderr.write(`Sent, but not remembered: ${error instanceof Error ? error.message : String(error)}\n`);
  }
  process.stdout.write(
    `${painter()('green', 'Sent')} to Slack: ${redact(alert.title)} (${severities[alert.severity].level}).\n`,
  );
  return 0;
}

/** An error may hold what is secret: it is masked. One that nobody foresaw comes with its place. */
function sayError(error: unknown): void {
  const redact = createRedactor(sensitiveValues(process.env));
  const isForeseen = error instanceof UsageError || !(error instanceof Error);
  sayProblem(isForeseen ? redacted(error, redact) : new Error(redact(error.stack ?? error.message)));
}

function redacted(error: unknown, redact: (text: string) => string): unknown {
  return error instanceof UsageError ? new UsageError(redact(error.message)) : redact(String(error));
}

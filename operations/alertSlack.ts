import { parseArgs, styleText } from 'node:util';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { fingerprint, slackPayload, type Alert } from './alert/message.ts';
import { SentAlerts } from './alert/repeats.ts';
import { sendToWebhook } from './alert/send.ts';
import { isSeverity, severities } from './alert/severity.ts';
import { callProblem } from './cli.ts';
import { createRedactor, sensitiveValues } from './redact.ts';

const usage = `Sends an alert to the #deployments channel.

  npm run alert:slack -- --title TITLE --text TEXT --severity SEVERITY --source SOURCE [--runbook PATH-OR-URL]

  --severity   ${Object.entries(severities)
    .map(([name, { level }]) => `${name} (${level})`)
    .join(', ')}
  --window     minutes in which the same title, severity and source is not sent again (default 30; 0 sends always)
  --dry-run    print the message instead of sending it
  --strict     exit 1 when it could not be delivered, in a CI job too
  --help

Environment: SLACK_WEBHOOK_URL (required), ALERT_STATE_DIR (where sent alerts are remembered),
ALERT_TIMEOUT_SECONDS (default 10), ALERT_ATTEMPTS (default 4).

Exit code: 0 sent, dropped as a repeat, or undeliverable inside a CI job, which has failed for a better reason already;
1 wrong arguments, or undeliverable elsewhere.
`;

class UsageError extends Error {}

function required(values: Readonly<Record<string, unknown>>, name: string): string {
  const value = values[name];
  if (typeof value !== 'string' || value.trim() === '') throw new UsageError(`--${name} is missing or empty`);
  return value;
}

function readAlert(values: Readonly<Record<string, unknown>>): Alert {
  const severity = required(values, 'severity').toLowerCase();
  if (!isSeverity(severity)) {
    throw new UsageError(`--severity is one of ${Object.keys(severities).join(', ')}`);
  }
  const runbook = typeof values.runbook === 'string' && values.runbook !== '' ? values.runbook : undefined;
  return {
    title: required(values, 'title'),
    text: required(values, 'text'),
    severity,
    source: required(values, 'source'),
    ...(runbook !== undefined && { runbook }),
  };
}

function positive(name: string, fallback: number): number {
  const text = process.env[name];
  if (text === undefined || text === '') return fallback;
  const value = Number(text);
  if (!(value > 0)) throw new UsageError(`${name} is not a positive number`);
  return value;
}

function stateFolder(): string {
  const cache = process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache');
  return process.env.ALERT_STATE_DIR ?? join(cache, 'allincompassing-staging', 'alerts');
}

const inJob = process.env.GITHUB_ACTIONS === 'true' || process.env.CI === 'true';

/** A line that GitHub shows on the run's page. */
function warn(text: string): void {
  const githubSafe = text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
  process.stderr.write(process.env.GITHUB_ACTIONS === 'true' ? `::warning title=Alert::${githubSafe}\n` : `${text}\n`);
}

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      title: { type: 'string' },
      text: { type: 'string' },
      severity: { type: 'string' },
      source: { type: 'string' },
      runbook: { type: 'string' },
      window: { type: 'string', default: '30' },
      'dry-run': { type: 'boolean', default: false },
      strict: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  if (values.help) {
    process.stdout.write(usage);
    return 0;
  }
  const alert = readAlert(values);
  const window = Number(values.window) * 60_000;
  if (!(window >= 0)) throw new UsageError('--window is a number of minutes');
  const redact = createRedactor(sensitiveValues(process.env));
  const payload = slackPayload(alert, redact, process.env);
  if (values['dry-run']) {
    process.stdout.write(`${JSON.stringify(payload, undefined, 2)}\n`);
    return 0;
  }
  try {
    return await send(alert, payload, window, redact);
  } catch (error) {
    const reason = redact(error instanceof Error ? error.message : String(error));
    warn(`The alert "${redact(alert.title)}" was not delivered: ${reason}`);
    return inJob && !values.strict ? 0 : 1;
  }
}

async function send(
  alert: Alert,
  payload: ReturnType<typeof slackPayload>,
  window: number,
  redact: (text: string) => string,
): Promise<number> {
  const webhook = process.env.SLACK_WEBHOOK_URL;
  if (webhook === undefined || !/^https?:\/\//.test(webhook)) {
    throw new Error(
      'SLACK_WEBHOOK_URL is missing or no URL. Set it as an Actions secret (Settings → Secrets and variables → Actions) or in your shell',
    );
  }
  const sent = new SentAlerts(stateFolder());
  const id = fingerprint(alert);
  const age = sent.age(id, Date.now());
  if (age !== undefined && age < window) {
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
    `${styleText('green', 'Sent')} to Slack: ${redact(alert.title)} (${severities[alert.severity].level}).\n`,
  );
  return 0;
}

main().then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    const usageProblem = error instanceof UsageError ? error.message : callProblem(error);
    const text = usageProblem ?? (error instanceof Error ? (error.stack ?? error.message) : String(error));
    process.stderr.write(
      `${createRedactor(sensitiveValues(process.env))(text)}\n${usageProblem === undefined ? '' : `\n${usage}`}`,
    );
    process.exitCode = 1;
  },
);

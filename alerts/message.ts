import { createHash } from 'node:crypto';
import { responseTo, type AlertPolicy } from './policy.ts';
import { severities, type Severity } from './severity.ts';

/** What a person or a job has to say. */
export interface Alert {
  readonly title: string;
  readonly text: string;
  readonly severity: Severity;
  /** Who says it, as `ci:staging:smoke`. */
  readonly source: string;
  /** Path or URL of the document that says what to do. */
  readonly runbook?: string;
  /** Where it shall go instead of the webhook's own channel; only Slack's older webhooks follow it. */
  readonly channel?: string;
}

/** A Slack message: `text` for notifications, blocks for the channel, `plain` for where blocks are not taken. */
export interface SlackPayload {
  readonly channel?: string;
  readonly text: string;
  readonly plain: string;
  readonly blocks: readonly Readonly<Record<string, unknown>>[];
}

/** Slack's control characters, so that a text cannot mention a channel or forge a link. */
function escape(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

/** Cuts at Slack's limit, and says so. */
function cut(text: string, limit: number): string {
  return text.length <= limit ? text : `${text.slice(0, limit - 1)}…`;
}

/** A path of the repository as a link where the job says which repository it is. */
function runbookLink(runbook: string, environment: Readonly<Record<string, string | undefined>>): string {
  const { GITHUB_SERVER_URL: server, GITHUB_REPOSITORY: repository, GITHUB_SHA: commit } = environment;
  const url = /^https?:\/\//.test(runbook)
    ? runbook
    : server && repository && commit
      ? `${server}/${repository}/blob/${commit}/${runbook}`
      : undefined;
  return url === undefined ? escape(runbook) : `<${encodeURI(url)}|${escape(runbook)}>`;
}

/** Block Kit: a header, the text, and who, how bad, what to do. */
export function slackPayload(
  alert: Alert,
  redact: (text: string) => string,
  policy: AlertPolicy,
  environment: Readonly<Record<string, string | undefined>> = {},
): SlackPayload {
  const { level, colour } = severities[alert.severity];
  const title = redact(alert.title);
  const context = [
    `*Severity:* ${alert.severity} (${level})`,
    `*Source:* ${escape(redact(alert.source))}`,
    ...(alert.runbook === undefined ? [] : [`*Runbook:* ${runbookLink(redact(alert.runbook), environment)}`]),
    `*Response:* ${responseTo(alert.severity, policy)}`,
  ];
  const text = escape(redact(alert.text));
  const headline = cut(`${colour} [${level}] ${escape(title)}`, 3000);
  return {
    ...(alert.channel !== undefined && { channel: alert.channel }),
    text: headline,
    plain: [headline, text, ...context].join('\n'),
    blocks: [
      { type: 'header', text: { type: 'plain_text', text: cut(`${colour} ${title}`, 150), emoji: true } },
      { type: 'section', text: { type: 'mrkdwn', text: cut(text, 3000) } },
      { type: 'context', elements: context.map((text) => ({ type: 'mrkdwn', text: cut(text, 3000) })) },
    ],
  };
}

/** What makes two alerts the same one: all but the text, which names a run and so differs each time; and the branch. */
export function fingerprint(alert: Alert, branch: string | undefined): string {
  return createHash('sha256')
    .update(JSON.stringify([alert.title, alert.severity, alert.source, alert.channel ?? null, branch ?? null]))
    .digest('hex')
    .slice(0, 16);
}

import { counted } from '../../machine/counted.ts';
import { slackPayload, type Alert } from '../../alerts/message.ts';
import { policyOrDefault } from '../../alerts/policy.ts';
import { webhookProblem } from '../../alerts/refusal.ts';
import { sendToWebhook } from '../../alerts/send.ts';
import { requestTimeoutMs } from '../../services/door/http.ts';
import { createRedactor, sensitiveValues } from '../../detection/redact.ts';
import { hintOf, type Finding } from './finding.ts';
import type { Memory } from './history.ts';
import type { Look } from './observed.ts';

/** What has to be said now: what is new since the last run that sent alerts, and what is fixed. */
export interface News {
  readonly fresh: readonly Finding[];
  readonly fixed: readonly Finding[];
}

/**
 * Compares with what was sent before. A finding counts as fixed only if this run checked its place: an incomplete run, or
 * one without the vault, reports nothing as fixed that it could not check.
 */
export function news(
  told: Memory['told'],
  { findings, unseen, errors }: Pick<Look, 'findings' | 'unseen' | 'errors'>,
): News {
  const known = new Set(told.map(({ id }) => id));
  const now = new Set(findings.map(({ id }) => id));
  return {
    fresh: findings.filter(({ id }) => !known.has(id)),
    fixed: told.filter(({ id, where }) => !now.has(id) && errors.length === 0 && !unseen.includes(where.target)),
  };
}

/** The alert of a new finding. */
function freshAlert({ id, severity, what, since, by, fix }: Finding): Alert {
  const changed = [since && `since ${since}`, by && `by ${by}`].filter((part) => part).join(' ');
  const note = fix.note === undefined ? '' : `\n${fix.note}`;
  return {
    title: `Staging drifted: ${id}`,
    text: `${what}${changed === '' ? '' : ` (${changed})`}\n${fix.by === 'ask' && fix.production !== undefined ? hintOf(fix) : fix.by === 'person' ? 'For a person' : 'Fix it'}: ${fix.command}${note}`,
    severity,
    source: 'drift',
    runbook: 'docs/drift.md',
  };
}

/** The notice that a finding is gone. */
function fixedAlert({ id, what }: Finding): Alert {
  return {
    title: `Staging fixed: ${id}`,
    text: `No longer so: ${what}`,
    severity: 'info',
    source: 'drift',
    runbook: 'docs/drift.md',
  };
}

/** The alert that the look itself could not see everything, and the notice that it can again. */
function lookAlert(errors: readonly string[]): Alert {
  const failed = errors.length > 0;
  return {
    title: failed ? 'The look for drift fails' : 'The look for drift works again',
    text: failed
      ? `${errors.join('\n')}\nUntil it works again, nothing that it cannot check is reported as fixed.`
      : 'It has seen everything again.',
    severity: failed ? 'medium' : 'info',
    source: 'drift',
    runbook: 'docs/drift.md',
  };
}

/** Sends one alert for each piece of news; yields what has been told after it. Throws when nobody can be told. */
export async function tell(
  memory: Memory,
  seen: Pick<Look, 'findings' | 'unseen' | 'errors'>,
  env: NodeJS.ProcessEnv = process.env,
): Promise<Memory> {
  const { fresh, fixed } = news(memory.told, seen);
  const fails = seen.errors.length > 0;
  if (fresh.length === 0 && fixed.length === 0 && fails === memory.failing) return memory;
  const webhook = env.SLACK_WEBHOOK_URL?.trim();
  const problem = webhookProblem(webhook);
  if (webhook === undefined || problem !== undefined) {
    const changes = fresh.length + fixed.length + Number(fails !== memory.failing);
    throw new Error(`${counted(changes, 'change')} not sent to Slack: ${problem ?? ''}.`);
  }
  const redact = createRedactor(sensitiveValues(env));
  const policy = policyOrDefault(env, (text) => process.stderr.write(`${text}\n`));
  const channel = env.SLACK_ALERTS_CHANNEL?.trim();
  const send = (alert: Alert) =>
    sendToWebhook(webhook, slackPayload({ ...alert, ...(channel && { channel }) }, redact, policy, env), {
      timeoutMs: requestTimeoutMs(10_000),
      attempts: 4,
      pauseMs: 500,
      onRetry: (reason) => process.stderr.write(`Slack: ${redact(reason)}\n`),
    });
  let { told, failing } = memory;
  try {
    if (fails !== failing) {
      await send(lookAlert(seen.errors));
      failing = fails;
    }
    for (const finding of fresh) {
      await send(freshAlert(finding));
      told = [...told, finding];
    }
    for (const finding of fixed) {
      await send(fixedAlert(finding));
      told = told.filter(({ id }) => id !== finding.id);
    }
  } catch (error) {
    // What was told stays told: the next run begins where this one stopped.
    throw new PartlyTold(redact(error instanceof Error ? error.message : String(error)), { ...memory, told, failing });
  }
  return { ...memory, told, failing };
}

/** Some alerts went out, then one did not. */
export class PartlyTold extends Error {
  readonly memory: Memory;

  constructor(reason: string, memory: Memory) {
    super(`An alert was not delivered: ${reason}`);
    this.memory = memory;
  }
}

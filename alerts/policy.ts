import { requiredCheck } from '../settings/names/requiredCheck.ts';
import { existsSync, readFileSync } from 'node:fs';
import { z } from 'zod';
import { severities, type Level, type Severity } from './severity.ts';

const minutes = z.number().min(0).max(10_080);

const level = z.strictObject({
  /** Within how many minutes somebody answers. */
  respondMinutes: minutes,
  /** Who is called at once; no one when absent. */
  atOnce: z.string().min(1).optional(),
  /** After how many minutes without an answer it is escalated, and how. */
  escalateMinutes: minutes,
  escalation: z.string().min(1),
});

const schema = z.strictObject({
  levels: z
    .strictObject({
      SEV1: level.prefault({
        respondMinutes: 15,
        atOnce: 'page the person on call',
        escalateMinutes: 15,
        escalation: 'page the person on call again, and the platform team',
      }),
      SEV2: level.prefault({
        respondMinutes: 30,
        escalateMinutes: 30,
        escalation: 'tag the team leads in the channel',
      }),
      SEV3: level.prefault({
        respondMinutes: 240,
        escalateMinutes: 120,
        escalation: 'open a GitHub issue labelled `incident`',
      }),
    })
    .prefault({}),
  /** Branches whose alerts are always sent, at once. */
  alwaysBranches: z.array(z.string().min(1)).default(['main']),
  /** Every other alert: how many minutes the same one is not sent again. */
  repeatMinutes: minutes.default(60),
  /** Jobs without which nothing is merged: only they alert for a pull request. */
  mergeBlockingJobs: z.array(z.string().min(1)).default([requiredCheck]),
});

/** How a team answers alerts, and when it wants none. */
export type AlertPolicy = z.output<typeof schema>;

/** The team's own policy is in this file of the folder where the command runs, unless `ALERT_POLICY` names another. */
export const policyFile = 'alert-policy.json';

/** The policy of a team that has written none. */
const defaultPolicy: AlertPolicy = schema.parse({});

/** The policy file is wrong: the message names the file and each key. */
class PolicyError extends Error {
  override readonly name = 'PolicyError';
}

/** Reads the team's policy, as docs/OBSERVABILITY_RUNBOOK.md describes it. Throws a {@link PolicyError}. */
function readPolicy(env: Readonly<Record<string, string | undefined>>): AlertPolicy {
  const named = env.ALERT_POLICY?.trim() ? env.ALERT_POLICY.trim() : undefined;
  const file = named ?? policyFile;
  if (!existsSync(file)) {
    if (named === undefined) return defaultPolicy;
    throw new PolicyError(`ALERT_POLICY names ${file}, which does not exist.`);
  }
  let given: unknown;
  try {
    given = JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    throw new PolicyError(`${file} is not JSON.`);
  }
  const parsed = schema.safeParse(given);
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map(({ path, message }) => `${path.join('.') || 'the file'}: ${message}`);
  throw new PolicyError(`${file}: ${problems.join('; ')}`);
}

/** The team's policy; a broken one must not keep an alert from being sent: it counts as none, and `warn` says so. */
export function policyOrDefault(
  env: Readonly<Record<string, string | undefined>>,
  warn: (text: string) => void,
): AlertPolicy {
  try {
    return readPolicy(env);
  } catch (error) {
    if (!(error instanceof PolicyError)) throw error;
    warn(`${error.message} The default policy is used instead.`);
    return defaultPolicy;
  }
}

/** Who answers an alert of this severity, how soon, and what happens when there is no answer. */
export function responseTo(severity: Severity, policy: AlertPolicy): string {
  return answerAt(severities[severity].level, policy);
}

function answerAt(name: Level, policy: AlertPolicy): string {
  if (name === 'notice') return 'none is needed';
  const { respondMinutes, atOnce, escalateMinutes, escalation } = policy.levels[name];
  const first = `within ${duration(respondMinutes)}${atOnce === undefined ? '' : `, ${atOnce}`}`;
  return `${first}; no answer in ${duration(escalateMinutes)}: ${escalation}`;
}

/** `15 minutes`, `4 hours`, `1 minute`. */
function duration(total: number): string {
  const hours = total / 60;
  const [amount, unit] = total >= 120 && Number.isInteger(hours) ? [hours, 'hour'] : [total, 'minute'];
  return `${amount} ${unit}${amount === 1 ? '' : 's'}`;
}

/** What docs/OBSERVABILITY_RUNBOOK.md says of each level: the answers of a team that has written no policy. */
export const defaultAnswers: Readonly<Record<Level, string>> = {
  SEV1: answerAt('SEV1', defaultPolicy),
  SEV2: answerAt('SEV2', defaultPolicy),
  SEV3: answerAt('SEV3', defaultPolicy),
  notice: answerAt('notice', defaultPolicy),
};

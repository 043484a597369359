import type { Written } from '../../rotation/ports.ts';
import { madeAt } from '../../secrets/expiry.ts';
import type { Secret } from '../../secrets/secret.ts';

/** The clocks of two services may be so far from each other, in milliseconds. */
const slackMs = 10 * 60_000;

/**
 * Before when none of these values existed (ISO 8601), so that nothing that was written earlier is one of them: by their own
 * word, or by Supabase's of its keys. `undefined` where it is not known of each.
 */
export function firstMade(
  values: readonly Secret[],
  keys: readonly { readonly value: Secret; readonly createdAt: string | undefined }[],
): string | undefined {
  const times = values.map((value) => {
    const text = value.reveal();
    const { createdAt } = keys.find((key) => key.value.reveal() === text) ?? {};
    return createdAt === undefined ? madeAt(text)?.getTime() : Date.parse(createdAt);
  });
  const known = times.flatMap((time) => (time === undefined || Number.isNaN(time) ? [] : [time]));
  if (known.length === 0 || known.length < times.length) return undefined;
  return new Date(Math.min(...known) - slackMs).toISOString();
}

/** When a service says that what is looked for was written, by a clock of its own; never before the value was `made`. */
export function writtenBetween({ since, before, ...rest }: Written, made: string | undefined): Written {
  const from = latest(moved(since, -slackMs), made);
  const to = moved(before, slackMs);
  return { ...rest, ...(from !== undefined && { since: from }), ...(to !== undefined && { before: to }) };
}

function moved(time: string | undefined, by: number): string | undefined {
  return time === undefined ? undefined : new Date(Date.parse(time) + by).toISOString();
}

/** The later of two moments; one that is not known counts as none. */
function latest(one: string | undefined, other: string | undefined): string | undefined {
  if (one === undefined || other === undefined) return one ?? other;
  return Date.parse(one) < Date.parse(other) ? other : one;
}

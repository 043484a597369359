import { setTimeout as sleep } from 'node:timers/promises';
import type { SupabaseDatabase } from '../../services/supabase/supabase.ts';
import { emergencyCommand, levelOneCommand, type Named } from '../../killSwitch/next.ts';
import { meaningOf, readSteps, type Source, type TraceStep } from './traces.ts';

export interface VerifyOptions {
  /** The level that was thrown, and whose refusals prove it: the secret where both were, as agents read it first. */
  readonly source: Source;
  /** ISO 8601: when it was thrown. */
  readonly since: string;
  /** Milliseconds after it in which nothing counts: requests of before are still under way. */
  readonly graceMs: number;
  readonly timeoutMs: number;
  readonly report: (line: string) => void;
}

/** A step that shows that an agent was not refused. */
interface LetThrough {
  readonly step: string;
  readonly what: string;
  readonly requestId: string;
  readonly at: string;
}

/** What the traces prove. */
export interface Verification {
  readonly source: Source;
  readonly since: string;
  /** Refusals by this level after the grace. */
  readonly denied: number;
  /** Refusals by the other level, or by one that is not named: they prove nothing for this one. */
  readonly deniedOtherwise: number;
  readonly ran: readonly LetThrough[];
  /** `denied`: refused by this level, and none was let through. `acted`: one was. `silent`: nothing is proved. */
  readonly verdict: 'denied' | 'acted' | 'silent';
}

/** What steps of after the grace prove for a level. */
export function judge(
  steps: readonly TraceStep[],
  source: Source,
): Pick<Verification, 'denied' | 'deniedOtherwise' | 'ran' | 'verdict'> {
  let denied = 0;
  let deniedOtherwise = 0;
  const ran: LetThrough[] = [];
  for (const { step, payload, requestId, at } of steps) {
    const meaning = meaningOf({ step, payload });
    if (meaning.kind === 'refused' && meaning.source === source) denied += 1;
    else if (meaning.kind === 'refused') deniedOtherwise += 1;
    else if (meaning.kind === 'open') ran.push({ step, what: meaning.what, requestId, at });
  }
  return { denied, deniedOtherwise, ran, verdict: ran.length > 0 ? 'acted' : denied > 0 ? 'denied' : 'silent' };
}

/** Watches the traces until a refusal is there, an agent was let through, or the time is over. */
export async function verify(database: SupabaseDatabase, options: VerifyOptions): Promise<Verification> {
  const { source, since, graceMs, timeoutMs, report } = options;
  const afterGrace = new Date(Date.parse(since) + graceMs).toISOString();
  const started = Date.now();
  for (let round = 1; ; round += 1) {
    const found = { source, since, ...judge(await readSteps(database, afterGrace), source) };
    const waited = Date.now() - started;
    if (found.verdict !== 'silent' || waited >= timeoutMs) return found;
    if (round === 1 || round % 5 === 0) {
      report(
        `  no agent has tried anything since ${afterGrace}; waiting (${Math.round(waited / 1000)} of ${timeoutMs / 1000} s)`,
      );
    }
    await sleep(Math.min(2000, timeoutMs - waited));
  }
}

const nameOf: Readonly<Record<Source, string>> = { db: 'level 1, the row', env: 'level 2, the Edge Function secret' };

/** How many of those that were let through are named. */
const shown = 20;

/** The verdict for people. */
export function verificationText(
  { verdict, denied, deniedOtherwise, ran, since, source }: Verification,
  named: Named,
): string {
  const level = nameOf[source];
  if (verdict === 'denied')
    return `Proved: ${denied} refused by ${level} (execution.gate.denied), and no agent was let through since ${since}.\n`;
  if (verdict === 'silent') {
    const other =
      deniedOtherwise > 0 ? `${deniedOtherwise} refused, yet not by ${level}: that proves nothing for it. ` : '';
    return (
      `Not proved: since ${since} no agent was seen that ${level} refused. ${other}` +
      'Silence proves nothing: a trace may be lost. Let an agent try, then run it again, or wait longer (--timeout).\n'
    );
  }
  const lines = ran
    .slice(0, shown)
    .map(({ step, what, requestId, at }) => `  ${at}  ${step}: ${what}, request ${requestId}`);
  return [
    `AGENTS STILL ACT: let through since ${since} (${ran.length}${denied > 0 ? `, ${denied} refused` : ''}):`,
    ...lines,
    ...(ran.length > shown ? [`  and ${ran.length - shown} more`] : []),
    `Stop them by the other level: ${source === 'db' ? emergencyCommand('off', named) : levelOneCommand('off', named)}`,
    '',
  ].join('\n');
}

import { setTimeout as sleep } from 'node:timers/promises';
import type { SupabaseDatabase } from '../../services/supabase.ts';
import { readEvidence, type Evidence } from './traces.ts';

export interface VerifyOptions {
  /** ISO 8601: only what happened after it counts. */
  readonly since: string;
  readonly graceMs: number;
  readonly timeoutMs: number;
  readonly report: (line: string) => void;
}

/** What the traces prove. */
export interface Verification extends Evidence {
  readonly since: string;
  /** `denied`: an agent tried and was refused, none acted. `acted`: one did. `silent`: none tried, so nothing is proved. */
  readonly verdict: 'denied' | 'acted' | 'silent';
}

/** Watches the traces until a refusal is there, an action ran, or the time is over. */
export async function verify(database: SupabaseDatabase, options: VerifyOptions): Promise<Verification> {
  const { since, graceMs, timeoutMs, report } = options;
  const started = Date.now();
  for (let round = 1; ; round += 1) {
    const evidence = await readEvidence(database, since, graceMs);
    if (evidence.ran.length > 0) return { ...evidence, since, verdict: 'acted' };
    if (evidence.denied > 0) return { ...evidence, since, verdict: 'denied' };
    const waited = Date.now() - started;
    if (waited >= timeoutMs) return { ...evidence, since, verdict: 'silent' };
    if (round === 1 || round % 5 === 0) {
      report(
        `  no agent has tried anything since ${since}; waiting (${Math.round(waited / 1000)} of ${timeoutMs / 1000} s)`,
      );
    }
    await sleep(Math.min(2000, timeoutMs - waited));
  }
}

/** The verdict for people. */
export function verificationText({ verdict, denied, ran, since }: Verification): string {
  if (verdict === 'denied')
    return `Proved: ${denied} refused (execution.gate.denied) and no action ran since ${since}.\n`;
  if (verdict === 'silent') {
    return `Not proved: since ${since} no agent tried anything. Let one try, then run it again, or wait longer (--timeout).\n`;
  }
  const lines = ran.map(({ step, requestId, at }) => `  ${at}  ${step}  request ${requestId}`);
  return [
    `ACTIONS STILL RAN since ${since} (${ran.length}${denied > 0 ? `, ${denied} refused` : ''}):`,
    ...lines,
    'Stop them by the second level: npm run kill-switch -- off --emergency',
    '',
  ].join('\n');
}

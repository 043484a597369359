import { setTimeout as sleep } from 'node:timers/promises';
import type { SupabaseDatabase } from '../../services/supabase.ts';
import { readEvidence, type Evidence } from './traces.ts';

export interface VerifyOptions {
  /** Whether the table is off: then production's agents are refused, too, and no action may run at all. */
  readonly byTable: boolean;
  /** ISO 8601: only what happened after it counts. */
  readonly since: string;
  readonly graceMs: number;
  readonly timeoutMs: number;
  readonly report: (line: string) => void;
}

/** What the traces prove. */
export interface Verification extends Evidence {
  readonly since: string;
  readonly byTable: boolean;
  /** `denied`: an agent tried and was refused, none acted. `acted`: one did. `silent`: none tried, so nothing is proved. */
  readonly verdict: 'denied' | 'acted' | 'silent';
}

/** Watches the traces until a refusal is there, an action ran, or the time is over. */
export async function verify(database: SupabaseDatabase, options: VerifyOptions): Promise<Verification> {
  const { since, byTable, graceMs, timeoutMs, report } = options;
  const started = Date.now();
  for (let round = 1; ; round += 1) {
    const evidence = await readEvidence(database, since, graceMs);
    const found = { ...evidence, since, byTable };
    if (evidence.ran.length > 0) return { ...found, verdict: 'acted' };
    if (evidence.denied > 0) return { ...found, verdict: 'denied' };
    const waited = Date.now() - started;
    if (waited >= timeoutMs) return { ...found, verdict: 'silent' };
    if (round === 1 || round % 5 === 0) {
      report(
        `  no agent has tried anything since ${since}; waiting (${Math.round(waited / 1000)} of ${timeoutMs / 1000} s)`,
      );
    }
    await sleep(Math.min(2000, timeoutMs - waited));
  }
}

/** The verdict for people. */
export function verificationText(result: Verification): string {
  return `${verdictText(result)}${result.byTable ? '' : sharedTraces}`;
}

const sharedTraces =
  "The table is not off, and the traces do not tell environments apart: production's agents may still act.\n";

function verdictText({ verdict, denied, ran, since, byTable }: Verification): string {
  if (verdict === 'denied')
    return `Proved: ${denied} refused (execution.gate.denied) and no action ran since ${since}.\n`;
  if (verdict === 'silent') {
    return `Not proved: since ${since} no agent tried anything. Let one try, then run it again, or wait longer (--timeout).\n`;
  }
  const lines = ran.map(({ step, requestId, at }) => `  ${at}  ${step}  request ${requestId}`);
  return [
    `ACTIONS STILL RAN since ${since} (${ran.length}${denied > 0 ? `, ${denied} refused` : ''}):`,
    ...lines,
    byTable
      ? 'Stop them by the second level: npm run kill-switch -- off --emergency --reason TEXT'
      : "Stop them all, production's too, by the first level: npm run kill-switch -- off --reason TEXT",
    '',
  ].join('\n');
}

import { counted } from '../machine/counted.ts';
import { printable } from '../machine/printable.ts';
import type { KeyUses } from '../services/supabase/keyUses.ts';
import type { Journal } from './journal.ts';
import { indented } from './hidden.ts';
import { WaitsError, type Used } from './ports.ts';
import { oldValues } from './vault/steps.ts';
import type { Work } from './work.ts';

/** How long Supabase's logs may be behind before nobody waits for them any more, and how often they are asked, in milliseconds. */
const mostLateMs = 120_000;
const pauseMs = 10_000;
/** Two clocks may differ so much. */
const clocksMs = 5_000;
/** So many ways of asking are named. */
const mostNamed = 10;

/**
 * Throws a {@link WaitsError} where requests came with the old key when nobody should need it any more: in the second half of
 * the overlap, or since the last ones that a person was told of. Functions and jobs that began before have the first half to end.
 * Where Supabase cannot say it, that is reported, and nothing is held up.
 */
export async function checkUnused(
  { ports, journal }: Pick<Work, 'ports' | 'journal'>,
  overlapBegan: number,
  keep: (changes: Pick<Journal, 'used'>) => void,
): Promise<void> {
  if (journal.overlapSeconds === 0 && journal.used === undefined) return; // a leak: nothing holds its end up
  const since = journal.used ?? new Date(overlapBegan + journal.overlapSeconds * 500).toISOString();
  const old = await oldValues(ports, journal);
  const end = Date.now();
  let used = await ports.usesOf(old, since);
  // A log that is late would show nothing: its newest line says how far it has come.
  for (let waited = 0; isSilent(used) && isLate(used, end) && waited < mostLateMs; waited += pauseMs) {
    if (waited === 0) ports.report('Supabase’s logs are behind: waiting for them, for two minutes at most');
    await ports.wait(pauseMs);
    used = await ports.usesOf(old, since);
  }
  if ('unknown' in used) {
    ports.report(`Not checked: whether the old one is still used. ${used.unknown}`);
    return;
  }
  if (isSilent(used)) {
    const late = isLate(used, end) ? `; of what came after ${used.newest ?? since} they know nothing yet` : '';
    ports.report(`Supabase’s logs have no request with the old one since ${since}${late}`);
    return;
  }
  const lines = usesLines(used);
  if (await ports.mayEndUsed(lines)) return;
  keep({ used: used.uses[0]?.last ?? since });
  throw new WaitsError(
    `The old one is not revoked, because it is still used: ${lines[0] ?? ''}\n${indented(lines.slice(1))}\n` +
      'Give whoever sends these the new one, then: --resume (it asks for later requests). Where they may stop: --resume --although-used',
  );
}

function isSilent(used: Used): boolean {
  return !('unknown' in used) && used.uses.length === 0;
}

function isLate(used: Used, end: number): boolean {
  return !('unknown' in used) && (used.newest === undefined || Date.parse(used.newest) < end - clocksMs);
}

/** What the logs tell, for people: how many, when last, then by whom, the last first. Never a key. */
export function usesLines({ uses, since, isCut }: KeyUses): string[] {
  const all = uses.reduce((sum, { requests }) => sum + requests, 0);
  const rest = uses.length - mostNamed;
  return [
    `${isCut ? 'at least ' : ''}${counted(all, 'request')} since ${since}, the last at ${uses[0]?.last ?? ''}`,
    ...uses.slice(0, mostNamed).map(({ path, agent, network, requests, last }) => {
      const from = network === '' ? '' : ` from ${shortened(network)}`;
      return `${shortened(path)} by ${agent === '' ? 'an unnamed client' : shortened(agent)}${from}: ${counted(requests, 'request')}, the last at ${last}`;
    }),
    ...(rest > 0 ? [`and ${counted(rest, 'more client or path', 'more clients or paths')}`] : []),
  ];
}

function shortened(text: string): string {
  const line = printable(text);
  return line.length > 100 ? `${line.slice(0, 99)}…` : line;
}

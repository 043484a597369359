import { counted } from '../machine/counted.ts';
import { printable } from '../machine/printable.ts';
import type { KeyUses } from '../services/supabase/keyUses.ts';
import type { Journal } from './journal.ts';
import { indented } from './hidden.ts';
import { WaitsError, type Used } from './ports.ts';
import type { Secret } from '../secrets/secret.ts';
import { heldValues, oldValues } from './vault/steps.ts';
import type { Work } from './work.ts';

/** How long Supabase's logs may be behind before nobody waits for them any more, and how often they are asked, in milliseconds. */
const mostLateMs = 120_000;
const pauseMs = 30_000;
/** Two clocks may differ so much. */
const clocksMs = 5_000;
/** So many ways of asking are named. */
const mostNamed = 10;

/**
 * Throws a {@link WaitsError} where requests came with the old key when nobody should need it any more: in the second half of
 * the overlap, or since the last ones that a person was told of. Functions and jobs that began before have the first half to end.
 * Where Supabase can never say it, that is reported, and nothing is held up; but a key that was seen in use waits for a person.
 */
export async function checkUnused(
  { ports, journal }: Pick<Work, 'ports' | 'journal'>,
  overlapBegan: number,
  keep: (changes: Pick<Journal, 'used'>) => void,
): Promise<void> {
  if (journal.overlapSeconds === 0) {
    ports.report('Not asked: whether the old one is still used, because there is no overlap');
    return;
  }
  const since = journal.used ?? new Date(overlapBegan + journal.overlapSeconds * 500).toISOString();
  const old = await oldValues(ports, journal);
  const end = Date.now();
  const used = await whenCaughtUp(ports, old, since, end);
  if (!('unknown' in used) && used.uses.length > 0) {
    const [sum = '', ...ways] = usesLines(used);
    if (await ports.mayEndUsed([sum, ...ways])) return;
    keep({ used: used.uses[0]?.last ?? since });
    throw new WaitsError(
      `The old one is not revoked, because it is still used: ${sum}\n${indented(ways)}\n` +
        'Give whoever sends these the new one, then: --resume (it asks for later requests). Where they may stop: --resume --although-used',
    );
  }
  const doubt = await doubtOf({ ports, journal }, used, end);
  if (doubt === undefined) {
    ports.report(`Supabase’s logs have no request with the old one since ${since}`);
    return;
  }
  if (journal.used === undefined && !('unknown' in used && used.isPassing)) {
    ports.report(`Not checked: whether the old one is still used. ${doubt}`);
    return;
  }
  const before = journal.used === undefined ? '' : ` It was, at ${journal.used}.`;
  const line = `nobody can say whether it is still used.${before} ${doubt}`;
  if (await ports.mayEndUsed([line])) return;
  throw new WaitsError(
    `The old one is not revoked, because ${line}\nAsk again: --resume. Where whoever still uses it may stop: --resume --although-used`,
  );
}

/** What the logs have of the old ones, once they have come as far as `end`, or after two minutes. */
async function whenCaughtUp(ports: Work['ports'], old: readonly Secret[], since: string, end: number): Promise<Used> {
  let used = await ports.usesOf(old, since);
  for (let waited = 0; isSilent(used) && lateness(used, end) !== undefined && waited < mostLateMs; waited += pauseMs) {
    if (waited === 0) ports.report('Supabase’s logs are behind: waiting for them, for two minutes at most');
    await ports.wait(pauseMs);
    used = await ports.usesOf(old, since);
  }
  return used;
}

/**
 * Why logs without a request of the old one do not show that there was none; `undefined` where they do. A log that does not have
 * the requests of this very rotation with the new one would not have those with the old one either.
 */
async function doubtOf(
  { ports, journal }: Pick<Work, 'ports' | 'journal'>,
  used: Used,
  end: number,
): Promise<string | undefined> {
  if ('unknown' in used) return used.unknown;
  const limits = limitsOf(used, end);
  if (limits !== undefined) return `Supabase’s logs have no request with it, and ${limits}.`;
  const fresh = await newOnes({ ports, journal });
  const control = await ports.usesOf(fresh, journal.since);
  if ('unknown' in control) return control.unknown;
  if (control.uses.length > 0) return undefined;
  return 'Supabase’s logs do not have this rotation’s own requests with the new one, so that they would not have those with the old one.';
}

async function newOnes({ ports, journal }: Pick<Work, 'ports' | 'journal'>): Promise<Secret[]> {
  const found: Secret[] = [];
  for (const member of journal.members) {
    const { fresh } = await heldValues(ports, journal, member);
    if (fresh !== undefined) found.push(fresh);
  }
  return found;
}

function isSilent(used: Used): used is Exclude<Used, { unknown: string }> {
  return !('unknown' in used) && used.uses.length === 0;
}

/** How far logs have come that should have come to a moment; `undefined` where they have. */
function lateness({ newest }: { readonly newest: string | undefined }, end: number): string | undefined {
  if (newest === undefined) return 'they have nothing of the last minutes';
  return Date.parse(newest) < end - clocksMs ? `of what came after ${newest} they know nothing yet` : undefined;
}

/** What logs cannot show, as they are: they are behind a moment, or have more than one answer holds. */
export function limitsOf(used: Exclude<Used, { unknown: string }>, end: number): string | undefined {
  return lateness(used, end) ?? (used.isCut ? 'they have more than one answer holds' : undefined);
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

import type { CheckedLine } from '../../audit/chain.ts';
import type { Outcome } from '../../audit/line.ts';
import type { DeclaredPlace } from './places.ts';
import { updateAt, type Held, type Update } from './state.ts';

/** One write of one place, as the audit trail has it. */
export interface Event {
  /** The number of its line. */
  readonly n: number;
  readonly time: string;
  readonly by: string;
  readonly from: string;
  readonly command: string;
  readonly approval?: string;
  readonly action: string;
  /** `begun`: nothing more was recorded, as after a kill. */
  readonly outcome: Outcome;
  readonly fingerprint?: string;
  /** Whether the stack's key signed its line; absent where that was not checked. */
  readonly isSigned?: boolean;
}

/** Since when a place has what it has. */
export interface Since {
  readonly title: string;
  readonly place: string;
  readonly name: string;
  readonly in?: string;
  /** What says so: the audit trail, or the stack's state with Pulumi's history. Absent where neither knows the place. */
  readonly source?: 'trail' | 'state';
  readonly since?: string;
  readonly fingerprint?: string;
  /** The write, where the trail has it. */
  readonly write?: Event;
  /** The update, where only the state has it. */
  readonly update?: Update;
  /** Other writes of the place, the newest first. */
  readonly earlier: readonly Event[];
}

/** Two clocks, or a resource and its line, may be so far apart. */
const slackMs = 60_000;

/** The writes of one place, the oldest first. What has ended stands for its beginning. */
export function eventsOf(lines: readonly CheckedLine[], place: Pick<DeclaredPlace, 'place' | 'name' | 'in'>): Event[] {
  return ended(lines).flatMap(({ n, time, by, from, command, approval, action, outcome, writes, isSigned }) =>
    writes
      .filter((each) => each.place === place.place && each.name === place.name && isIn(each.in, place.in))
      .map(({ fingerprint }) => ({
        ...{ n, time, by, from, command, action, outcome },
        ...(approval !== undefined && { approval }),
        ...(fingerprint !== undefined && { fingerprint }),
        ...(isSigned !== undefined && { isSigned }),
      })),
  );
}

function isIn(written: string | undefined, wanted: string | undefined): boolean {
  return written === wanted || (wanted !== undefined && written === 'every context');
}

/** The lines without the beginnings of writes whose end is known. */
export function ended(lines: readonly CheckedLine[]): CheckedLine[] {
  const over = new Set(lines.map(({ begun }) => begun));
  return lines.filter(({ n, outcome }) => outcome !== 'begun' || !over.has(n));
}

/** Since when, from what the trail and the state say. The state goes before a trail that does not have the last write. */
export function since(
  place: DeclaredPlace,
  lines: readonly CheckedLine[],
  held: Held | undefined,
  updates: readonly Update[],
): Since {
  const events = eventsOf(lines, place);
  const last = events.findLast(({ outcome }) => outcome !== 'refused');
  const about = {
    title: place.title,
    place: place.place,
    name: place.name,
    ...(place.in !== undefined && { in: place.in }),
  };
  const others = (one: Event | undefined) => events.filter((each) => each !== one).reverse();
  if (last !== undefined && isLastWord(last, held)) {
    const fingerprint = last.fingerprint ?? held?.fingerprint;
    return {
      ...{ ...about, source: 'trail', since: last.time },
      ...(fingerprint !== undefined && { fingerprint }),
      ...{ write: last, earlier: others(last) },
    };
  }
  if (held === undefined) return { ...about, earlier: others(undefined) };
  const update = updateAt(updates, held.at);
  return {
    ...{ ...about, source: 'state', since: held.at },
    ...(held.fingerprint !== undefined && { fingerprint: held.fingerprint }),
    ...(update && { update }),
    earlier: others(undefined),
  };
}

/** Whether nothing was written by an update after this: by the fingerprint, else by the time. */
function isLastWord({ fingerprint, time }: Event, held: Held | undefined): boolean {
  if (held === undefined) return true;
  const late = Date.parse(held.at) - Date.parse(time);
  // Another value was written by another write: then the later one counts, by however little.
  if (fingerprint !== undefined && held.fingerprint !== undefined) return fingerprint === held.fingerprint || late <= 0;
  // An update that failed leaves no outputs, and `drift --fix` and the kill switch write between two updates.
  return late <= slackMs;
}

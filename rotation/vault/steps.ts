import { Secret } from '../../secrets/secret.ts';
import { UnwrittenError } from '../../secrets/vault.ts';
import { fingerprint, UnderWayError, type Journal } from '../journal.ts';
import type { Ports } from '../ports.ts';
import { fieldOf, markOf, previous } from './fields.ts';

type Member = Journal['members'][number];

/**
 * Marks each field that the rotation changes, where everybody's rotation sees it. Throws an {@link UnderWayError} where another
 * rotation has marked one, and where this one's mark was taken away after its first step: somebody has given it up, and may
 * have put the old value back.
 */
export async function markItems(ports: Ports, journal: Journal): Promise<void> {
  for (const { reference } of journal.members) {
    const label = markOf(reference);
    await ports.changeItem(reference, ({ get }) => {
      const mark = get(label)?.reveal();
      if (mark !== undefined && !isOwn(mark, journal)) {
        throw new UnderWayError(
          `${journal.value} is being rotated ${mark.replace(/ \(\w+\)$/, '')}. Nothing was done. When that rotation is lost for good, ` +
            `compare ${fieldOf(reference)} with ${previous(reference)} in 1Password, and take the field ${label} away.`,
        );
      }
      if (mark !== undefined) return [];
      if (Object.keys(journal.started).length > 0) throw givenUp(journal, reference);
      const text = `by ${journal.by} since ${journal.since} (${journal.id})`;
      return [{ label, value: new Secret(text), plain: true }];
    });
  }
}

/** Takes this rotation's marks away. */
export async function unmarkItems(ports: Ports, journal: Journal): Promise<void> {
  for (const { reference } of journal.members) {
    const label = markOf(reference);
    await ports.changeItem(reference, ({ get }) => {
      const mark = get(label)?.reveal();
      return mark !== undefined && isOwn(mark, journal) ? [{ label, value: undefined }] : [];
    });
  }
}

function isOwn(mark: string, { id }: Journal): boolean {
  return mark.endsWith(`(${id})`);
}

function givenUp({ value }: Journal, reference: string): UnwrittenError {
  return new UnwrittenError(
    `The mark ${markOf(reference)} of this rotation is not in the vault any more: somebody gave it up, or another one began. ` +
      `Nothing was done. Compare ${fieldOf(reference)} with ${previous(reference)} in 1Password; begin anew when it is clear which one is right: ` +
      `take the journal of ${value} away (.rotations).`,
  );
}

/** Writes the new value into a field; the old one stays beside it. What is so already is left as it is. */
export async function replaceField(ports: Ports, journal: Journal, member: Member, value: Secret): Promise<void> {
  const { reference, old } = member;
  const label = fieldOf(reference);
  await ports.changeItem(reference, ({ get }) => {
    const now = get(label);
    if (now?.reveal() === value.reveal()) return [];
    if (now === undefined || !fits(journal, old, now)) throw changedMeanwhile(reference);
    return [
      { label: previous(reference), value: now },
      { label, value },
    ];
  });
}

/** Puts the old value back into a field, and takes its copy away. */
export async function restoreField(ports: Ports, journal: Journal, { reference, old, fresh }: Member): Promise<void> {
  const label = fieldOf(reference);
  await ports.changeItem(reference, ({ get }) => {
    const [now, kept] = [get(label), get(previous(reference))];
    if (fits(journal, old, now)) return [];
    // A value that somebody put there since is not this rotation's to take away.
    if (!fits(journal, old, kept) || fresh === undefined || !fits(journal, fresh, now))
      throw changedMeanwhile(reference);
    return [
      { label, value: kept },
      { label: previous(reference), value: undefined },
    ];
  });
}

/** The old value and the new one of a field, as far as the vault has them. */
export async function heldValues(
  ports: Ports,
  journal: Journal,
  { reference, old }: Member,
): Promise<{ readonly old: Secret | undefined; readonly fresh: Secret | undefined }> {
  const found: { old: Secret | undefined; fresh: Secret | undefined } = { old: undefined, fresh: undefined };
  await ports.changeItem(reference, ({ get }) => {
    const [now, kept] = [get(fieldOf(reference)), get(previous(reference))];
    found.old = [now, kept].find((value) => fits(journal, old, value));
    found.fresh = found.old === now ? undefined : now;
    return [];
  });
  return found;
}

/** Whether a field's value is the one of a fingerprint: that which was there before the rotation, or the new one. */
function fits(journal: Journal, print: string, value: Secret | undefined): boolean {
  return value !== undefined && fingerprint(journal, value) === print;
}

/** Somebody has put a third value into a field: which one is right, a person has to say. */
export function changedMeanwhile(reference: string): UnwrittenError {
  return new UnwrittenError(
    `${reference} holds neither the old value nor the new one: somebody changed it meanwhile. Nothing of it was written. ` +
      'Put the one of the two that is right there, then --resume or --back.',
  );
}

/**
 * Each old value once, from the fields that keep it. Throws where none of them has one any more: what is not known can neither
 * be searched for nor be shown to be refused.
 */
export async function oldValues(ports: Ports, journal: Journal): Promise<Secret[]> {
  const found = new Map<string, Secret>();
  for (const member of journal.members) {
    if (found.has(member.old)) continue;
    const { old } = await heldValues(ports, journal, member);
    if (old !== undefined) found.set(member.old, old);
  }
  const lost = journal.members.find(({ old }) => !found.has(old));
  if (lost !== undefined) {
    throw new Error(
      `The item of ${lost.reference} has no field ${previous(lost.reference)} any more, so the old one is not known, and nothing was revoked. ` +
        'Put it back from the item’s history in 1Password, then: --resume',
    );
  }
  return [...found.values()];
}

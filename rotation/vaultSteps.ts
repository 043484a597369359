import { Secret } from '../secrets/secret.ts';
import { UnwrittenError } from '../secrets/vault.ts';
import { namesIn } from '../settings/reference.ts';
import { fingerprint, UnderWayError, type Journal } from './journal.ts';
import type { Ports } from './ports.ts';

type Member = Journal['members'][number];

function fieldOf(reference: string): string {
  return namesIn(reference).at(-1) ?? '';
}

/** The field that keeps the old value of another one. */
export const previous = (reference: string) => `previous_${fieldOf(reference)}`;

/**
 * Marks the value's item in the vault, where everybody's rotation sees it. Throws an {@link UnderWayError} where another
 * rotation has marked it.
 */
export async function markItem(ports: Ports, journal: Journal, reference: string): Promise<void> {
  const label = `rotating_${fieldOf(reference)}`;
  await ports.changeItem(reference, ({ get }) => {
    const mark = get(label)?.reveal();
    if (mark !== undefined && !mark.endsWith(`(${journal.id})`)) {
      throw new UnderWayError(
        `${journal.value} is being rotated ${mark.replace(/ \(\w+\)$/, '')}. Nothing was done. When that rotation is lost for good, ` +
          `compare ${fieldOf(reference)} with ${previous(reference)} in 1Password, and take the field ${label} away.`,
      );
    }
    const text = `by ${journal.by} since ${journal.since} (${journal.id})`;
    return mark === undefined ? [{ label, value: new Secret(text), plain: true }] : [];
  });
}

/** Takes this rotation's mark away. */
export async function unmarkItem(ports: Ports, journal: Journal, reference: string): Promise<void> {
  const label = `rotating_${fieldOf(reference)}`;
  await ports.changeItem(reference, ({ get }) =>
    get(label)?.reveal().endsWith(`(${journal.id})`) === true ? [{ label, value: undefined }] : [],
  );
}

/** Writes the new value into a field; the old one stays beside it. What is so already is left as it is. */
export async function replaceField(ports: Ports, journal: Journal, member: Member, value: Secret): Promise<void> {
  const { reference, old } = member;
  const label = fieldOf(reference);
  await ports.changeItem(reference, ({ get }) => {
    const now = get(label);
    if (now?.reveal() === value.reveal()) return [];
    if (now === undefined || fingerprint(journal, now) !== old) throw changedMeanwhile(reference);
    return [
      { label: previous(reference), value: now },
      { label, value },
    ];
  });
}

/** Puts the old value back into a field, and takes its copy away. */
export async function restoreField(ports: Ports, journal: Journal, { reference, old }: Member): Promise<void> {
  const label = fieldOf(reference);
  await ports.changeItem(reference, ({ get }) => {
    const [now, kept] = [get(label), get(previous(reference))];
    const isOld = (value: Secret | undefined) => value !== undefined && fingerprint(journal, value) === old;
    if (isOld(now)) return [];
    if (!isOld(kept)) throw changedMeanwhile(reference);
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
    const isOld = (value: Secret | undefined) => value !== undefined && fingerprint(journal, value) === old;
    found.old = [now, kept].find(isOld);
    found.fresh = isOld(now) ? undefined : now;
    return [];
  });
  return found;
}

function changedMeanwhile(reference: string): UnwrittenError {
  return new UnwrittenError(
    `${reference} holds neither the old value nor the new one: somebody changed it meanwhile. Nothing of it was written. ` +
      'Put the one of the two that is right there, then --resume or --back.',
  );
}

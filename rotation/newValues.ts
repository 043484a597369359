import { otherForm } from '../leaks/tokenForm.ts';
import type { Secret } from '../secrets/secret.ts';
import type { Work } from './work.ts';
import { fingerprint, type Journal } from './journal.ts';
import { changedMeanwhile, heldValues, oldValues } from './vault/steps.ts';

type NewKey = Journal['members'][number]['key'];
type Values = ReadonlyMap<NewKey, Secret>;

/** The name of a rotation's keys at Supabase: a run after a kill finds them by it. */
export function keyNamed({ id }: Pick<Journal, 'id'>): string {
  return `rotated_${id}`;
}

/**
 * The new values of a rotation: made where they are not there yet, read again where an earlier run made them. Nothing is kept
 * on disk: Supabase shows its keys, and what a person gave or what is random is in the vault from the next step on.
 */
export function newValues({ plan, ports, journal }: Work): () => Promise<Values> {
  let known: Values | undefined;
  const roles = [...new Set(journal.members.map(({ key }) => key))];

  async function ofSupabase(): Promise<Values> {
    const name = keyNamed(journal);
    const ofRole = (role: NewKey, keys: Awaited<ReturnType<typeof ports.listKeys>>) =>
      keys.find((key) => key.name === name && key.value.reveal().startsWith(`sb_${role}_`));
    const before = await ports.listKeys();
    for (const role of roles) if (role !== 'value' && !ofRole(role, before)) await ports.createKey(role, name);
    const keys = await ports.listKeys();
    return new Map(
      roles.map((role) => {
        const key = ofRole(role, keys);
        if (!key) throw new Error(`Supabase does not list the new ${role} key ${name}. Run it again: --resume`);
        return [role, key.value] as const;
      }),
    );
  }

  async function ofOthers(): Promise<Values> {
    const held = await heldFresh();
    if (held?.isKnown === true) return new Map([['value', held.value]]);
    const made = held?.value ?? (await ports.newValue());
    const { kind } = plan.subject;
    if (kind.how === 'person') await checkNew(made, kind.vendor);
    else if (held !== undefined) checkText(made);
    return new Map([['value', made]]);
  }

  /** What a field has in place of the old one: this rotation's new value, or one that somebody has put there by hand. */
  async function heldFresh(): Promise<{ readonly value: Secret; readonly isKnown: boolean } | undefined> {
    const found: { readonly value: Secret; readonly isKnown: boolean }[] = [];
    for (const member of journal.members) {
      const { fresh } = await heldValues(ports, journal, member);
      if (fresh === undefined) continue;
      const isKnown = member.fresh !== undefined && fingerprint(journal, fresh) === member.fresh;
      if (member.fresh !== undefined && !isKnown) throw changedMeanwhile(member.reference);
      found.push({ value: fresh, isKnown });
    }
    return found.find(({ isKnown }) => isKnown) ?? found[0];
  }

  function checkText(made: Secret): void {
    const text = made.reveal();
    if (text.trim() === '' || /\s/.test(text))
      throw new Error(`The new ${plan.subject.value} is empty, or has blanks in it. ${unwritten}`);
  }

  /** A person may paste the old one, a part of it, or something else: it is checked and tried before the first write. */
  async function checkNew(made: Secret, vendor: string): Promise<void> {
    const text = made.reveal();
    const { value } = plan.subject;
    checkText(made);
    const old = await oldValues(ports, journal);
    if (old.some((each) => each.reveal() === text)) throw new Error(`That is the old ${value}. ${unwritten}`);
    const reason = old.map((each) => otherForm(each, made, vendor)).find((each) => each !== undefined);
    if (reason !== undefined && !(await ports.isRightForm(`The new ${value} ${reason}.`)))
      throw new Error(
        `The new ${value} ${reason}. ${unwritten}. Where it is the right one all the same, say so on a terminal.`,
      );
    if ((await ports.takesToken(made)) === false)
      throw new Error(`${vendor} refuses the new ${value}: was it copied whole, and is it valid yet? ${unwritten}`);
  }

  return async () => (known ??= await (plan.subject.kind.how === 'supabase-key' ? ofSupabase() : ofOthers()));
}

const unwritten = 'Nothing was written. Give the new one: --resume';

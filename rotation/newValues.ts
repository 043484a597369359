import { otherForm } from '../leaks/tokenForm.ts';
import type { Secret } from '../secrets/secret.ts';
import type { Work } from './work.ts';
import type { Journal } from './journal.ts';
import { heldValues, oldValues } from './vault/steps.ts';

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
    for (const member of journal.members) {
      const { fresh } = await heldValues(ports, journal, member);
      if (fresh !== undefined) return new Map([['value', fresh]]);
    }
    const made = await ports.newValue();
    const { kind } = plan.subject;
    if (kind.how === 'person') await checkNew(made, kind.vendor);
    return new Map([['value', made]]);
  }

  /** A person may paste the old one, a part of it, or something else: it is checked and tried before the first write. */
  async function checkNew(made: Secret, vendor: string): Promise<void> {
    const text = made.reveal();
    const { value } = plan.subject;
    if (text.trim() === '' || /\s/.test(text))
      throw new Error(`The new ${value} is empty, or has blanks in it. ${unwritten}`);
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

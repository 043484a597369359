import type { Secret } from '../secrets/secret.ts';
import type { Work } from './work.ts';
import type { Journal } from './journal.ts';
import { heldValues } from './vaultSteps.ts';

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
    return new Map([['value', await ports.newValue()]]);
  }

  return async () => (known ??= await (plan.subject.kind.how === 'supabase-key' ? ofSupabase() : ofOthers()));
}

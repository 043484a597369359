import type { Secret } from '../secrets/secret.ts';
import { UnderWayError, type Journal } from './journal.ts';
import { keyNamed, newValues } from './newValues.ts';
import type { StepId } from './plan.ts';
import { WaitsError, type Ports } from './ports.ts';
import type { Work } from './work.ts';
import { heldValues, markItem, previous, replaceField, unmarkItem } from './vaultSteps.ts';

/** How long Supabase may take until a key that was revoked is refused everywhere, in milliseconds. */
const revocationMs = 60_000;

/**
 * Goes through the steps that are not done yet. Each may be cut short at any point: the next run does it again, and what is
 * so already is left as it is. Throws a {@link WaitsError} where a person has to do something first.
 */
export async function rotateForward(work: Work): Promise<void> {
  const { plan, ports, journals } = work;
  let { journal } = work;
  const keep = (changes: Partial<Pick<Journal, 'started' | 'done'>>) => {
    journal = { ...journal, ...changes };
    journals.save(journal);
  };
  await markItem(ports, journal, plan.subject.reference).catch((error: unknown) => {
    // Somebody else's rotation came first, and this one has done nothing that could be resumed.
    if (error instanceof UnderWayError && Object.keys(journal.started).length === 0) journals.remove(journal.value);
    throw error;
  });
  const fresh = newValues(work);
  for (const [index, { id, does, isProductions }] of plan.steps.entries()) {
    if (journal.done[id] !== undefined) continue;
    if (isProductions && !(await ports.mayWriteProduction())) {
      throw new WaitsError('Stopped before production. Go on: --resume; take it back: --back');
    }
    ports.report(`${index + 1}/${plan.steps.length} ${id}: ${does}`);
    keep({ started: { ...journal.started, [id]: journal.started[id] ?? now() } });
    await steps[id]({ ...work, journal }, fresh);
    keep({ done: { ...journal.done, [id]: now() } });
  }
  await unmarkItem(ports, journal, plan.subject.reference);
  journals.remove(journal.value);
}

type Fresh = ReturnType<typeof newValues>;

const steps: Readonly<Record<StepId, (work: Work, fresh: Fresh) => Promise<void>>> = {
  async make({ ports, plan }, fresh) {
    const values = await fresh();
    if (plan.subject.kind.how !== 'supabase-key') return;
    for (const value of values.values()) await prove(ports, value);
  },
  'staging-vault': (work, fresh) => writeFields(work, fresh, false),
  'staging-places': (work, fresh) => updatePlaces(work, fresh, work.plan.phases.staging, false),
  'staging-deploy': ({ ports }) => ports.deployStaging(),
  'production-vault': (work, fresh) => writeFields(work, fresh, true),
  'production-places': (work, fresh) => updatePlaces(work, fresh, work.plan.phases.production, true),
  async 'production-deploy'({ ports, journal }) {
    const written = journal.done['production-places'] ?? now();
    if (await ports.productionServesSince(written)) return;
    await ports.deployProduction();
    if (!(await ports.productionServesSince(written)))
      throw new WaitsError('Production does not serve the new deploy yet. Deploy production, then: --resume');
  },
  async overlap({ ports, journal, overlapSeconds }) {
    const begin = Date.parse(journal.started.overlap ?? now());
    const left = begin + overlapSeconds * 1000 - Date.now();
    if (left > 0) await ports.wait(left);
    const old = await oldValues({ ports, journal });
    const held = await ports.stillHeld(old, journal.since);
    if (held.length > 0) {
      throw new WaitsError(
        `The old one is not revoked, because it is still held, or may be, by\n${held.map((each) => `  ${each}`).join('\n')}\n` +
          'Give each of them the new one from 1Password, then: --resume',
      );
    }
  },
  async revoke({ ports, plan, journal }) {
    const { how } = plan.subject.kind;
    if (how === 'random') return;
    if (how === 'person') {
      if (!(await ports.revokedByPerson()))
        throw new WaitsError('The old one is not revoked yet. Revoke it, then: --resume');
      return;
    }
    const old = await oldValues({ ports, journal });
    if (journal.legacy) await disableLegacy({ ports, journal });
    else {
      const keys = await ports.listKeys();
      for (const value of old) {
        const key = keys.find((each) => each.value.reveal() === value.reveal());
        if (key !== undefined && key.name !== keyNamed(journal)) await ports.deleteKey(key.id);
      }
    }
    for (const value of old) await proveRefused(ports, value);
  },
};

async function writeFields({ ports, journal }: Work, fresh: Fresh, production: boolean): Promise<void> {
  const values = await fresh();
  for (const member of journal.members.filter((each) => each.isProductions === production)) {
    const value = values.get(member.key);
    if (value === undefined)
      throw new Error(`There is no new value for ${member.reference}. Nothing of it was written.`);
    await replaceField(ports, journal, member, value);
  }
}

async function updatePlaces({ ports, plan }: Work, fresh: Fresh, resources: readonly string[], production: boolean) {
  await ports.update(resources, production);
  if (plan.subject.kind.how !== 'supabase-key') return;
  for (const value of (await fresh()).values()) await prove(ports, value);
}

/** Both legacy keys end at once; where a new one is refused after that, they are enabled again. */
async function disableLegacy({ ports, journal }: Pick<Work, 'ports' | 'journal'>): Promise<void> {
  await ports.setLegacyKeys(false);
  const fresh = (await ports.listKeys()).filter(({ name }) => name === keyNamed(journal));
  for (const { value } of fresh) {
    if (await ports.accepts(value)) continue;
    await ports.setLegacyKeys(true);
    throw new Error('A new key was refused once the legacy keys were disabled: they are enabled again.');
  }
}

async function prove(ports: Ports, value: Secret): Promise<void> {
  if (!(await ports.accepts(value))) throw new Error('A request with the new key is refused. The old one still works.');
}

async function proveRefused(ports: Ports, value: Secret): Promise<void> {
  const deadline = Date.now() + revocationMs;
  while (await ports.accepts(value)) {
    if (Date.now() >= deadline)
      throw new Error('The old key was revoked, and a request with it is still answered. --resume looks again.');
    await ports.wait(1000);
  }
}

/**
 * Each old value once, from the fields that keep it. Throws where none of them has one any more: what is not known can neither
 * be searched for nor be shown to be refused.
 */
async function oldValues({ ports, journal }: Pick<Work, 'ports' | 'journal'>): Promise<Secret[]> {
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

function now(): string {
  return new Date().toISOString();
}

import type { Secret } from '../secrets/secret.ts';
import { forStack } from '../settings/stack/stackCommand.ts';
import { fingerprint, mayGoBack, UnderWayError, type Journal } from './journal.ts';
import { keyNamed, newValues } from './newValues.ts';
import type { StepId } from './plan.ts';
import { checkHidden, indented } from './hidden.ts';
import { WaitsError, type Ports } from './ports.ts';
import type { Subject } from './subject.ts';
import { checkUnused } from './uses.ts';
import { changedMeanwhile, heldValues, markItems, oldValues, replaceField, unmarkItems } from './vault/steps.ts';
import { hasStep, type Work } from './work.ts';

/** How long Supabase may take until a key that was revoked is refused everywhere, in milliseconds. */
const revocationMs = 60_000;

/**
 * Goes through the steps that are not done yet. Each may be cut short at any point: the next run does it again, and what is
 * so already is left as it is. Throws a {@link WaitsError} where a person has to do something first.
 */
export async function rotateForward(work: Work): Promise<void> {
  const { plan, ports, journals } = work;
  let { journal } = work;
  const keep: Keep = (changes) => {
    journal = { ...journal, ...changes };
    journals.save(journal);
  };
  if (journal.ended !== true) {
    await markItems(ports, journal).catch((error: unknown) => {
      // Somebody else's rotation came first, and this one has done nothing that could be resumed.
      if (error instanceof UnderWayError && Object.keys(journal.started).length === 0) journals.remove(journal.value);
      throw error;
    });
  }
  const fresh = newValues(work);
  for (const [index, { id, does, isProductions }] of plan.steps.entries()) {
    // Whether the old one may end is asked anew by every run: days may have gone by.
    if (journal.done[id] !== undefined && (id !== 'overlap' || journal.done.revoke !== undefined)) continue;
    if (isProductions && !(await ports.mayWriteProduction())) {
      throw new WaitsError(
        `Stopped before production. Go on: --resume${mayGoBack(journal) ? '; take it back: --back' : ''}`,
      );
    }
    ports.report(`${index + 1}/${plan.steps.length} ${id}: ${does}`);
    keep({ started: { ...journal.started, [id]: journal.started[id] ?? now() } });
    try {
      await steps[id]({ ...work, journal }, fresh, keep);
    } catch (error) {
      // Who gets the new one from now on has the old one in use for as long again.
      if (id === 'overlap' && error instanceof WaitsError) keep({ started: without(journal.started, id) });
      throw error;
    }
    keep({ done: { ...journal.done, [id]: now() } });
  }
  keep({ ended: true });
  await unmarkItems(ports, journal);
  journals.remove(journal.value);
}

type Fresh = ReturnType<typeof newValues>;
type Keep = (changes: Partial<Pick<Journal, 'started' | 'done' | 'ended' | 'members' | 'used' | 'dead'>>) => void;

function without(times: Journal['started'], id: StepId): Journal['started'] {
  return Object.fromEntries(Object.entries(times).filter(([each]) => each !== id));
}

const steps: Readonly<Record<StepId, (work: Work, fresh: Fresh, keep: Keep) => Promise<void>>> = {
  async make({ ports, plan }, fresh) {
    const values = await fresh();
    if (plan.subject.kind.how !== 'supabase-key') return;
    for (const value of values.values()) await prove(ports, value);
  },
  'staging-vault': (work, fresh, keep) => writeFields(work, fresh, keep, false),
  'staging-places': (work, fresh) => updatePlaces(work, fresh, work.plan.phases.staging, false),
  'staging-deploy': ({ ports }) => ports.deployStaging(),
  'production-vault': (work, fresh, keep) => writeFields(work, fresh, keep, true),
  'production-places': (work, fresh) => updatePlaces(work, fresh, work.plan.phases.production, true),
  async 'production-deploy'({ ports, journal }) {
    const written = journal.done['production-places'] ?? now();
    if (await ports.productionServesSince(written)) return;
    await ports.deployProduction();
    if (!(await ports.productionServesSince(written)))
      throw new WaitsError('Production does not serve the new deploy yet. Deploy production, then: --resume');
  },
  async overlap(work, _, keep) {
    const { ports, plan, journal } = work;
    const begin = Date.parse(journal.started.overlap ?? now());
    const left = begin + journal.overlapSeconds * 1000 - Date.now();
    if (left > 0) await ports.wait(left);
    await checkReplaced(work, keep);
    // What an earlier run has begun to revoke it ends.
    if (plan.subject.kind.how === 'supabase-key' && journal.started.revoke === undefined)
      await checkUnused(work, begin, keep);
  },
  async revoke({ ports, plan, journal }) {
    const { how } = plan.subject.kind;
    if (how === 'random') return;
    const old = await oldValues(ports, journal);
    if (how === 'person') {
      if (!(await ports.revokedByPerson(old)))
        throw new WaitsError('The old one is not revoked yet. Revoke it, then: --resume');
      for (const value of old) await checkRevoked(value, plan.subject, ports);
      return ports.noteRevoked(old);
    }
    if (journal.legacy) await disableLegacy({ ports, journal });
    else {
      const keys = await ports.listKeys();
      for (const value of old) {
        const key = keys.find((each) => each.value.reveal() === value.reveal());
        if (key !== undefined && key.name !== keyNamed(journal)) await ports.deleteKey(key);
      }
    }
    for (const value of old) await proveRefused(ports, value);
  },
};

/**
 * Throws unless the old one may end: every field has the new one, which is accepted; production serves a deploy that was made
 * with it; and no place is known that still holds the old one.
 */
async function checkReplaced({ ports, plan, journal }: Work, keep: Keep): Promise<void> {
  const takeBack = mayGoBack(journal) ? ' Take the rotation back: --back' : '';
  for (const member of journal.members) {
    const { fresh } = await heldValues(ports, journal, member);
    if (fresh === undefined)
      throw new WaitsError(`${member.reference} does not hold the new value. Put it there, then: --resume.${takeBack}`);
    if (member.fresh !== undefined && fingerprint(journal, fresh) !== member.fresh)
      throw changedMeanwhile(member.reference);
    if (plan.subject.kind.how !== 'supabase-key' || (await ports.accepts(fresh))) continue;
    // An earlier run may have been killed while it disabled the legacy keys.
    if (journal.legacy && journal.started.revoke !== undefined)
      await ports.setLegacyKeys(true, await legacyKeys(ports, journal));
    keep({ dead: 'new' });
    throw new Error(`A request with the new key is refused, so the old one stays. Was the new key deleted?${takeBack}`);
  }
  const { 'staging-places': given = journal.since, 'production-places': written = journal.since } = journal.done;
  if (hasStep(plan, 'staging-deploy') && !(await ports.stagingServesSince(given)))
    throw new WaitsError(
      `Staging serves a deploy that was made before it got the new one (was it rolled back?). Deploy staging: ${forStack('npm run deploy:trigger')}, then: --resume`,
    );
  if (hasStep(plan, 'production-deploy') && !(await ports.productionServesSince(written)))
    throw new WaitsError(
      'Production serves a deploy that was made before it got the new one (was it rolled back?). Deploy production, then: --resume',
    );
  const old = await oldValues(ports, journal);
  // As long as a field of the vault gave the old one, somebody may have copied it.
  const before = journal.done['production-vault'] ?? journal.done['staging-vault'] ?? journal.since;
  const { held, hidden } = await ports.stillHeld(old, { before, mayBeNew: journal.since });
  const all = [...(await ports.inTheWay(old)), ...held];
  if (all.length > 0) {
    throw new WaitsError(
      `The old one is not revoked, because it is still held, or may be, by\n${indented(all)}\n` +
        'Give each of them the new one from 1Password, then: --resume',
    );
  }
  // A random value opens nothing by itself: nothing of it ends here.
  if (plan.subject.kind.how !== 'random') await checkHidden(ports, hidden, 'The old one is not revoked', '--resume');
}

async function writeFields(
  { ports, journal, plan }: Work,
  fresh: Fresh,
  keep: Keep,
  production: boolean,
): Promise<void> {
  const values = await fresh();
  if (plan.subject.kind.how === 'supabase-key') for (const value of values.values()) await prove(ports, value);
  keep({
    members: journal.members.map((member) => {
      const value = values.get(member.key);
      return value === undefined ? member : { ...member, fresh: fingerprint(journal, value) };
    }),
  });
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

/** The old keys that are legacy ones. */
async function legacyKeys(ports: Ports, journal: Journal): Promise<Secret[]> {
  return (await oldValues(ports, journal)).filter((key) => !key.reveal().startsWith('sb_'));
}

/** Both legacy keys end at once; where a new one is refused after that, or nobody answers, they are enabled again. */
async function disableLegacy({ ports, journal }: Pick<Work, 'ports' | 'journal'>): Promise<void> {
  const fresh = (await ports.listKeys()).filter(({ name }) => name === keyNamed(journal));
  if (fresh.length === 0) throw new Error('Supabase does not list the new keys, so the legacy keys stay enabled.');
  const old = await legacyKeys(ports, journal);
  await ports.setLegacyKeys(false, old);
  try {
    for (const { value } of fresh)
      if (!(await ports.accepts(value))) throw new Error('A new key was refused once the legacy keys were disabled');
  } catch (error) {
    await ports.setLegacyKeys(true, old);
    throw new Error(`${error instanceof Error ? error.message : String(error)}: they are enabled again.`, {
      cause: error,
    });
  }
}

/** A person's word is checked where the vendor can be asked. */
async function checkRevoked(value: Secret, { kind, value: name }: Subject, ports: Ports): Promise<void> {
  if (kind.how !== 'person' || (await ports.takesToken(value)) !== true) return;
  throw new WaitsError(
    `${kind.vendor} still takes the old ${name}, so it is not revoked: ${kind.revoke}. Revoke it, then: --resume`,
  );
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

function now(): string {
  return new Date().toISOString();
}

import type { Secret } from '../secrets/secret.ts';
import { mayGoBack, type Journal } from './journal.ts';
import { checkHidden, indented } from './hidden.ts';
import { keyNamed } from './newValues.ts';
import { WaitsError } from './ports.ts';
import { heldValues, markItems, oldValues, restoreField, unmarkItems } from './vault/steps.ts';
import { hasStep, type Work } from './work.ts';

/**
 * Takes a rotation back: the old value into every field and place, then the new one is revoked. Until the old one was revoked;
 * legacy keys can be enabled again even then. May be cut short at any point, as the way forward may.
 */
export async function rotateBack(work: Work): Promise<void> {
  const { plan, ports, journals } = work;
  let { journal } = work;
  const keep = (changes: Partial<Journal>) => {
    journal = { ...journal, ...changes };
    journals.save(journal);
  };
  const { started } = journal;
  if (journal.ended === true && journal.direction === 'forward')
    throw new Error('The rotation has come to its end: the old one is over. Take its marks away: --resume');
  if (journal.ended !== true && !mayGoBack(journal)) {
    throw new Error('The revocation of the old one has begun, so that it cannot be put back. Go on: --resume');
  }
  // A write that was begun may have arrived, and an update by anybody since may have carried it on.
  const reached = {
    staging: started['staging-vault'] !== undefined || started['staging-places'] !== undefined,
    production: started['production-vault'] !== undefined || started['production-places'] !== undefined,
  };
  if (journal.ended !== true) {
    if (Object.keys(started).length > 0) await markItems(ports, journal);
    if (reached.production && !(await ports.mayWriteProduction()))
      throw new WaitsError('Stopped before production, which has the new one. Go on: --back');
    if (started.revoke !== undefined && journal.legacy) {
      ports.report('Enabling the legacy keys again');
      await ports.setLegacyKeys(true, await oldValues(ports, journal));
    }
    if ((reached.staging || reached.production) && !(await worksStill(work))) {
      if (!(await newOneWorks(work)))
        throw new Error(
          'A request with the old key is refused, and one with the new one too, so that nobody knows which of them has ended. Nothing was put back. Try again: --back',
        );
      // The new one is the only one left, so that every step of the way forward is to be done, again where it was taken back.
      const again = { direction: 'forward', done: {}, started: reachedAnew(started), restored: undefined } as const;
      keep({ dead: 'old', ...(journal.direction === 'back' && again) });
      throw new Error(
        'A request with the old key is refused: somebody ended it, so it is not put back. Go on: --resume',
      );
    }
    keep({ direction: 'back' });
    // Where nothing was written there is nothing to put back: what the vault has by now is somebody else's.
    if (reached.staging || reached.production) await restore({ ...work, journal }, reached, keep);
    if (plan.subject.kind.how === 'supabase-key') await deleteNew({ ...work, journal });
    keep({ ended: true });
  }
  await unmarkItems(ports, journal);
  journals.remove(journal.value);
}

/** Whether the old one may be put back: somebody may have ended it meanwhile. */
async function worksStill({ plan, ports, journal }: Work): Promise<boolean> {
  const { how } = plan.subject.kind;
  if (how === 'random') return true;
  for (const value of await oldValues(ports, journal)) {
    const isTaken = how === 'person' ? await ports.takesToken(value) : await ports.accepts(value);
    if (isTaken === false) return false;
  }
  return true;
}

/** Whether the new one works: a service that refuses both says nothing of the old one. */
async function newOneWorks({ plan, ports, journal }: Work): Promise<boolean> {
  if (plan.subject.kind.how === 'supabase-key') {
    const fresh = (await ports.listKeys()).filter(({ name }) => name === keyNamed(journal));
    for (const { value } of fresh) if (!(await ports.accepts(value))) return false;
    return fresh.length > 0;
  }
  for (const member of journal.members) {
    const { fresh } = await heldValues(ports, journal, member);
    if (fresh !== undefined && (await ports.takesToken(fresh)) === false) return false;
  }
  return true;
}

/** What was begun stays begun, but for what waits and ends: the old one is in use until the new one is everywhere again. */
function reachedAnew(started: Journal['started']): Journal['started'] {
  return Object.fromEntries(Object.entries(started).filter(([step]) => step !== 'overlap' && step !== 'revoke'));
}

async function restore(
  { plan, ports, journal }: Work,
  reached: { readonly staging: boolean; readonly production: boolean },
  keep: (changes: Partial<Journal>) => void,
): Promise<void> {
  ports.report('Putting the old value back into the vault');
  for (const member of journal.members) await restoreField(ports, journal, member);
  const places = [
    ...(reached.staging ? plan.phases.staging : []),
    ...(reached.production ? plan.phases.production : []),
  ];
  if (places.length > 0) {
    ports.report('Putting the old value back into the places');
    await ports.update([...new Set(places)], reached.production);
  }
  const restored = journal.restored ?? new Date().toISOString();
  keep({ restored });
  if (reached.staging && hasStep(plan, 'staging-deploy')) {
    ports.report('Deploying staging with the old value');
    await ports.deployStaging();
  }
  if (!reached.production || !hasStep(plan, 'production-deploy')) return;
  if (await ports.productionServesSince(restored)) return;
  ports.report('Deploying production with the old value');
  await ports.deployProduction();
  if (!(await ports.productionServesSince(restored)))
    throw new WaitsError('Production does not serve the new deploy yet. Deploy production, then: --back');
}

async function deleteNew({ ports, journal }: Work): Promise<void> {
  const fresh = (await ports.listKeys()).filter(({ name }) => name === keyNamed(journal));
  if (fresh.length === 0) return;
  const values: Secret[] = fresh.map(({ value }) => value);
  if (journal.overlapSeconds > 0) await ports.wait(journal.overlapSeconds * 1000);
  const { held, hidden } = await ports.stillHeld(values, { since: journal.since });
  if (held.length > 0) {
    throw new WaitsError(
      `The new key is not deleted, because it is still held, or may be, by\n${indented(held)}\n` +
        'Give each of them the old one from 1Password, then: --back',
    );
  }
  await checkHidden(ports, hidden, 'The new key is not deleted', '--back');
  ports.report('Deleting the new key');
  for (const key of fresh) await ports.deleteKey(key);
}

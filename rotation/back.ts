import type { Journal } from './journal.ts';
import { keyNamed } from './newValues.ts';
import type { Work } from './work.ts';
import { WaitsError } from './ports.ts';
import { restoreField, unmarkItem } from './vaultSteps.ts';

/**
 * Takes a rotation back: the old value into every field and place, then the new one is revoked. Until the old one was revoked;
 * legacy keys can be enabled again even then. May be cut short at any point, as the way forward may.
 */
export async function rotateBack({ plan, ports, journals, journal: given }: Work): Promise<void> {
  if (given.started.revoke !== undefined && !given.legacy && plan.subject.kind.how !== 'random') {
    throw new Error('The revocation of the old one has begun, so that it cannot be put back. Go on: --resume');
  }
  const journal: Journal = { ...given, direction: 'back' };
  journals.save(journal);
  const { started } = journal;
  const reachedProduction = started['production-vault'] !== undefined || started['production-places'] !== undefined;
  if (reachedProduction && !(await ports.mayWriteProduction()))
    throw new WaitsError('Stopped before production, which has the new one. Go on: --back');

  if (started.revoke !== undefined && journal.legacy) {
    ports.report('Enabling the legacy keys again');
    await ports.setLegacyKeys(true);
  }
  ports.report('Putting the old value back into the vault');
  for (const member of journal.members) await restoreField(ports, journal, member);
  const places = [
    ...(started['staging-places'] === undefined ? [] : plan.phases.staging),
    ...(started['production-places'] === undefined ? [] : plan.phases.production),
  ];
  if (places.length > 0) {
    ports.report('Putting the old value back into the places');
    await ports.update([...new Set(places)], started['production-places'] !== undefined);
  }
  if (started['staging-deploy'] !== undefined) {
    ports.report('Deploying staging with the old value');
    await ports.deployStaging();
  }
  if (started['production-deploy'] !== undefined) {
    const written = new Date().toISOString();
    ports.report('Deploying production with the old value');
    await ports.deployProduction();
    if (!(await ports.productionServesSince(written)))
      throw new WaitsError('Production does not serve the new deploy yet. Deploy production, then: --back');
  }
  if (plan.subject.kind.how === 'supabase-key') {
    ports.report('Deleting the new key');
    const fresh = (await ports.listKeys()).filter(({ name }) => name === keyNamed(journal));
    for (const { id } of fresh) await ports.deleteKey(id);
  }
  await unmarkItem(ports, journal, plan.subject.reference);
  journals.remove(journal.value);
}

import type { StagingServices } from '../../deploys/stagingServices.ts';
import { readStatus } from '../../killSwitch/status.ts';
import { rowBefore } from './agentsAfterRestore.ts';
import { lastDeed, type Incident } from '../../incidents/record.ts';
import { forStack } from '../../settings/stack/stackCommand.ts';

const off = () => forStack('npm run kill-switch -- off --reason TEXT');
const letAct = () =>
  `once the cause is repaired: ${forStack('npm run kill-switch -- restore --reason TEXT')} (with --emergency where that level was thrown)`;
const closing = () => forStack('npm run incident -- close --root-cause TEXT --url ADDRESS');

/** The command that comes next, by what the incident is about and by what is done already; read anew each time. */
export async function nextStep(
  incident: Incident,
  staging: StagingServices,
  areStopped = agentsAreStopped,
): Promise<string> {
  const { kind, restoredAt, migratedAt, smokePassedAt } = incident;
  if (kind === 'deploy') {
    return smokePassedAt === undefined && lastDeed(incident, 'deployed', 'deploy-failed') !== 'deployed'
      ? `${forStack('npm run deploy:rollback')}   (or, when secrets are fixed: ${forStack('npm run deploy:rerun')}); when it is well: ${forStack('npm run incident -- close')}`
      : closing();
  }
  if (kind === 'leak')
    return `${forStack('npm run rotate -- --leaked')}; when every finding is rotated: ${forStack('npm run incident -- close --root-cause TEXT')}`;
  if (kind === 'agents') {
    const last = lastDeed(incident, 'agents-stopped', 'stop-proved', 'agents-let-act');
    // Somebody let them act again on purpose: to stop them once more would stop production's, too.
    if (!(await areStopped(staging))) return last === 'agents-let-act' ? closing() : off();
    return last === 'stop-proved'
      ? `${letAct()}; then: ${closing()}`
      : `prove it: ${forStack('npm run kill-switch -- verify')}`;
  }
  if (restoredAt !== undefined && migratedAt === undefined)
    return forStack('npm run incident -- migrate --application PATH');
  if (restoredAt !== undefined || migratedAt !== undefined) return `prove it and close: ${closing()}`;
  return (await areStopped(staging))
    ? forStack('npm run incident -- restore')
    : `stop the agents first, by the level that no restore sets back: ${forStack('npm run kill-switch -- off --emergency --reason TEXT')}; then: ${forStack('npm run incident -- restore')}`;
}

/** Only what is read to be off stops anybody: unknown counts as not stopped. */
async function agentsAreStopped(staging: StagingServices): Promise<boolean> {
  try {
    const { staging: here } = await readStatus(staging);
    if (here === 'disabled') return true;
  } catch {
    // The row alone still decides.
  }
  const row = await rowBefore(staging);
  return row !== 'unknown' && row !== 'missing' && row.disabled;
}

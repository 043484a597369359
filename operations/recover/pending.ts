import type { LiveVariable } from '../../services/netlify.ts';
import type { Adoption, Existing } from '../adopt/plan.ts';
import { nameOf, type Export, type ExportedResource } from '../adopt/deployment.ts';

/** An operation that a run had begun and did not end, as the state holds it. */
export interface PendingOperation {
  readonly resource: ExportedResource;
  readonly type: 'creating' | 'updating' | 'deleting' | 'reading' | 'importing';
}

/** What recovery does about one interrupted operation. It only ever changes the state. */
export interface Decision {
  readonly urn: string;
  /** The resource's logical name. */
  readonly name: string;
  readonly interrupted: PendingOperation['type'];
  /**
   * `adopt`: it was created and the state does not know it. `forget`: it was deleted and the state still has it.
   * `acknowledge`: the update arrived, its time is recorded. `clear`: the next update does it (again).
   */
  readonly action: 'adopt' | 'forget' | 'acknowledge' | 'clear';
  /** What a person should know before they agree. */
  readonly note: string;
  /** When the service recorded the interrupted update; with `acknowledge` only. */
  readonly updatedAt?: string;
}

/** The decisions, and what must be settled first. */
export interface RecoveryPlan {
  readonly decisions: readonly Decision[];
  readonly problems: readonly string[];
}

/** How far the clocks of this machine and the service may differ, and how long a request may have been under way. */
const sameMomentMs = 5 * 60_000;

/** The operations that a state holds as begun and not ended. */
export function pendingOperations(state: Export): readonly PendingOperation[] {
  return (state.deployment.pending_operations as readonly PendingOperation[] | undefined) ?? [];
}

/** Decides about every interrupted operation. `adoptions` are what the declared resources are on the services, by id. */
export function planRecovery(state: Export, existing: Existing, adoptions: readonly Adoption[]): RecoveryPlan {
  const problems: string[] = [];
  const decisions = pendingOperations(state).map(({ resource, type }): Decision => {
    const about = { urn: resource.urn, name: nameOf(resource.urn), interrupted: type };
    const known = (state.deployment.resources ?? []).find(({ urn }) => urn === resource.urn);
    switch (type) {
      case 'creating':
        return { ...about, ...interruptedCreate(about.name, known, adoptions) };
      case 'updating': {
        const live = liveVariable(resource, existing);
        const objection = live && known && laterChange(live, known, writtenAt(state));
        if (objection !== undefined) problems.push(objection);
        return { ...about, ...interruptedUpdate(live, known) };
      }
      case 'deleting':
        return isLive(resource, existing)
          ? { ...about, action: 'clear', note: 'it is still there; the next update decides about it again' }
          : { ...about, action: 'forget', note: 'it is gone, so the state forgets it' };
      default:
        return { ...about, action: 'clear', note: 'it only read' };
    }
  });
  return { decisions, problems };
}

type Outcome = Pick<Decision, 'action' | 'note' | 'updatedAt'>;

function interruptedCreate(name: string, known: ExportedResource | undefined, adoptions: readonly Adoption[]): Outcome {
  if (known)
    return { action: 'clear', note: 'it replaces one that the state has; the next update replaces it (again)' };
  if (adoptions.some((adoption) => adoption.name === name)) {
    return { action: 'adopt', note: 'it was created: the state takes it over' };
  }
  return { action: 'clear', note: 'it was not created, or is not declared any more' };
}

function interruptedUpdate(live: LiveVariable | undefined, known: ExportedResource | undefined): Outcome {
  if (!live || !known || !isNewer(live, known)) return { action: 'clear', note: 'the next update writes it (again)' };
  const by = live.updatedBy === undefined ? '' : ` by ${live.updatedBy}`;
  return {
    action: 'acknowledge',
    note: `it arrived at ${live.updatedAt ?? ''}${by}; the next update writes it again`,
    ...(live.updatedAt !== undefined && { updatedAt: live.updatedAt }),
  };
}

/** Why the live change cannot be the interrupted one: somebody else's must not be overwritten unseen. */
function laterChange(live: LiveVariable, known: ExportedResource, interruptedAt: number): string | undefined {
  if (!isNewer(live, known) || !(Math.abs(Date.parse(live.updatedAt ?? '') - interruptedAt) > sameMomentMs))
    return undefined;
  return (
    `${live.key} was changed on Netlify at ${live.updatedAt ?? ''}${live.updatedBy === undefined ? '' : ` by ${live.updatedBy}`}, ` +
    `but the interrupted run was there at ${new Date(interruptedAt).toISOString()}. Look what changed, bring the vault up to date, ` +
    'then accept it: pulumi refresh --run-program=false'
  );
}

/** When the state was last written: just before the interrupted operations began. */
function writtenAt({ deployment }: Export): number {
  return Date.parse((deployment.manifest as { time?: string } | undefined)?.time ?? '');
}

/** Whether Netlify changed the key after what the state records; the state knows whole seconds. */
function isNewer({ updatedAt }: LiveVariable, { outputs }: ExportedResource): boolean {
  const recorded = typeof outputs?.lastUpdated === 'string' ? Date.parse(outputs.lastUpdated) : Number.NaN;
  return updatedAt !== undefined && Math.floor(Date.parse(updatedAt) / 1000) > Math.floor(recorded / 1000);
}

function liveVariable({ type, inputs }: ExportedResource, { variables }: Existing): LiveVariable | undefined {
  return type.startsWith('netlify:') ? variables.find(({ key }) => key === inputs?.key) : undefined;
}

/** Whether the thing is there. What cannot be told counts as there: nothing is forgotten on a guess. */
function isLive({ type, id, inputs }: ExportedResource, existing: Existing): boolean {
  const kind = type.split(':').at(-1);
  if (kind === 'EnvironmentVariable') {
    const elsewhere = inputs?.siteId !== existing.siteId;
    return elsewhere || existing.variables.some(({ key }) => key === inputs.key);
  }
  if (kind === 'ActionsSecret' || kind === 'ActionsEnvironmentSecret') {
    return existing.secrets.includes(String(inputs?.secretName));
  }
  if (kind === 'BranchProtectionV3') return existing.protection !== undefined;
  if (kind === 'RepositoryRuleset') return existing.rulesets.some((ruleset) => String(ruleset.id) === id);
  return true;
}

import { changedSinceRecord } from '../guards/plannedWrite.ts';
import type { LiveVariable } from '../services/netlify/netlify.ts';
import type { Adoption, Existing } from '../adoption/existing.ts';
import { nameOf, stackOf, type Export, type ExportedResource } from '../engine/deployment.ts';
import { findNamed, placeOfType, placeResources } from '../places/places.ts';
import type { Settings } from '../settings/settings.ts';
import { allowOnce, isUnreadable } from './secretChange.ts';
import { forStack } from '../settings/stack/stackCommand.ts';

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
   * `acknowledge`: the update arrived, its time is recorded. `leave`: something arrived whose value cannot be read, and no
   * time is recorded, so that the guard refuses the next write. `clear`: the next update does it (again).
   */
  readonly action: 'adopt' | 'forget' | 'acknowledge' | 'leave' | 'clear';
  /** What a person should know before they agree. */
  readonly note: string;
  /** The key on Netlify, when it was changed there and by whom, as far as Netlify says; with `acknowledge` and `leave`. */
  readonly key?: string;
  readonly updatedAt?: string;
  readonly by?: string;
  /** The change may be the interrupted one: a person may say so. With `leave` only. */
  readonly confirmable?: boolean;
}

/** What to do, for every operation that was interrupted. */
export interface RecoveryPlan {
  readonly decisions: readonly Decision[];
}

/** How far the clocks of this machine and the service may differ, and how long a request may have been under way. */
const sameMomentMs = 5 * 60_000;

/** The operations that a state holds as begun and not ended. */
export function pendingOperations(state: Export): readonly PendingOperation[] {
  return (state.deployment.pending_operations as readonly PendingOperation[] | undefined) ?? [];
}

/** Decides about every interrupted operation. `adoptions` are what the declared resources are on the services, by id. */
export function planRecovery(
  state: Export,
  existing: Existing,
  adoptions: readonly Adoption[],
  netlify: Settings['netlify'],
): RecoveryPlan {
  const decisions = pendingOperations(state).map(({ resource, type }): Decision => {
    const about = { urn: resource.urn, name: nameOf(resource.urn), interrupted: type };
    const known = (state.deployment.resources ?? []).find(({ urn }) => urn === resource.urn);
    switch (type) {
      case 'creating':
        return { ...about, ...interruptedCreate(about.name, known, adoptions) };
      case 'updating': {
        const live = liveVariable(resource, existing);
        return live && known && isNewer(live, known)
          ? { ...about, ...changedVariable(stackOf(resource.urn), live, writtenAt(state), netlify) }
          : { ...about, action: 'clear', note: 'the next update writes it (again)' };
      }
      case 'deleting':
        return isLive(resource, existing)
          ? { ...about, action: 'clear', note: 'it is still there; the next update decides about it again' }
          : { ...about, action: 'forget', note: 'it is gone, so the state forgets it' };
      default:
        return { ...about, action: 'clear', note: 'it only read' };
    }
  });
  return { decisions };
}

type Outcome = Omit<Decision, 'urn' | 'name' | 'interrupted'>;

function interruptedCreate(name: string, known: ExportedResource | undefined, adoptions: readonly Adoption[]): Outcome {
  if (known)
    return { action: 'clear', note: 'it replaces one that the state has; the next update replaces it (again)' };
  if (adoptions.some((adoption) => adoption.name === name)) {
    return { action: 'adopt', note: 'it was created: the state takes it over' };
  }
  return { action: 'clear', note: 'it was not created, or is not declared any more' };
}

/** A variable that was changed on Netlify after what the state records: by the interrupted update, or by somebody. */
export function changedVariable(
  stack: string,
  live: LiveVariable,
  interruptedAt: number,
  netlify: Settings['netlify'],
  withinMs = sameMomentMs,
): Outcome {
  const { key, updatedAt, updatedBy: by } = live;
  const unreadable = isUnreadable(live, netlify);
  const bySomebody = (about: Pick<Outcome, 'key' | 'updatedAt' | 'by'>, note: string): Outcome =>
    unreadable
      ? { ...about, action: 'leave', note: `${note}. The next update refuses to write it: ${allowOnce(stack)}` }
      : {
          action: 'clear',
          note: `${note}; the next update writes it again. See what differs: ${forStack('npm run drift')}`,
        };
  if (updatedAt === undefined) return bySomebody({ key }, 'Netlify gives no time of its last change');
  const change = { key, updatedAt, ...(by !== undefined && { by }) };
  const what = `it was changed on Netlify at ${updatedAt}${by === undefined ? '' : ` by ${by}`}`;
  if (Math.abs(Date.parse(updatedAt) - interruptedAt) > withinMs) {
    const there = new Date(interruptedAt).toISOString();
    return bySomebody(change, `${what}, but the interrupted run was there at ${there}`);
  }
  if (!unreadable) return { ...change, action: 'acknowledge', note: `${what}; the next update writes it again` };
  const note =
    `${what}. It is secret, and only a person can say whether the killed run did that (--arrived ${key}). Unless one does, ` +
    `the next update refuses to write it: ${allowOnce(stack)}`;
  return { ...change, action: 'leave', confirmable: true, note };
}

/** When the state was last written: just before the interrupted operations began. */
export function writtenAt({ deployment }: Export): number {
  return Date.parse((deployment.manifest as { time?: string } | undefined)?.time ?? '');
}

/** Whether Netlify changed the key after what the state records, or either does not know; the state knows whole seconds. */
export function isNewer(live: LiveVariable, { outputs }: ExportedResource): boolean {
  return changedSinceRecord(live, typeof outputs?.lastUpdated === 'string' ? outputs.lastUpdated : undefined, 0);
}

function liveVariable({ type, inputs }: ExportedResource, { variables }: Existing): LiveVariable | undefined {
  return type.startsWith('netlify:') ? variables.find(({ key }) => key === inputs?.key) : undefined;
}

/** Whether the thing is there. What is not known counts as there: nothing is forgotten on a guess. */
function isLive({ type, id, inputs }: ExportedResource, existing: Existing): boolean {
  const kind = type.split(':').at(-1);
  if (kind === 'EnvironmentVariable') {
    const elsewhere = inputs?.siteId !== existing.siteId;
    return elsewhere || existing.variables.some(({ key }) => key === inputs.key);
  }
  const place = placeOfType(type);
  if (place !== undefined) {
    const { name, environment } = placeResources[place].thingIn(inputs ?? {});
    const list = existing.places.list(place, typeof environment === 'string' ? environment : undefined);
    return list === undefined || findNamed(place, list, name) !== undefined;
  }
  if (kind === 'BranchProtectionV3') return existing.protection !== undefined;
  if (kind === 'RepositoryRuleset') return existing.rulesets.some((ruleset) => String(ruleset.id) === id);
  return true;
}

import type { LiveVariable } from '../services/netlify/netlify.ts';
import type { Context } from '../settings/context.ts';
import { contextSetting, optionSetting } from '../settings/declared.ts';
import { emergencyEnds, type EmergencyRules } from './emergencyRules.ts';
import { changedSinceRecord, clockLimit, concreteContexts, type PlannedWrite } from './plannedWrite.ts';
import { forStack } from '../settings/stack/stackCommand.ts';

export type { PlannedWrite, Values } from './plannedWrite.ts';

/** Which contexts are staging's own, and what a write may do to the others. */
export interface SiteRules extends EmergencyRules {
  /** The site is staging's alone: each of its contexts may be taken out again, as a branch may on a shared one. */
  readonly isOwnSite: boolean;
  readonly productionChanges: 'refuse' | 'allow';
  readonly contextRemovals: 'refuse' | 'allow';
  /** The declared keys that have a live value in a context which no longer is declared for them. */
  readonly losing: ReadonlyMap<Context, readonly string[]>;
  /** The whole commands that allow for one run what a refusal names. */
  readonly commands: Readonly<Record<'productionChanges' | 'contextRemovals', string>>;
}

/**
 * The live contexts of a key that a write of `planned` contexts would remove. A live `all` counts as kept when every
 * context that it stands for is there by name.
 */
export function droppedContexts(live: LiveVariable, planned: Iterable<Context>): Context[] {
  const kept = new Set(planned);
  return live.values
    .map(({ context }) => context)
    .filter(
      (context) => !kept.has(context) && !(context === 'all' && concreteContexts.every((each) => kept.has(each))),
    );
}

/** Why the write must not happen: one sentence a reason, with the fix; empty when it may. Never names a value. */
export function objections(write: PlannedWrite, rules: SiteRules): string[] {
  const { key, live, planned, previous } = write;
  if (live && !previous) {
    return [
      `${key} is on Netlify already, but not in this stack. Take it over without a write: ${forStack('npm run adopt')} (--dry-run lists ` +
        `every such key); after an update that was killed: ${forStack('npm run recover')}`,
    ];
  }
  const empty = [...planned].filter(([, value]) => value === '').map(([context]) => context);
  return [
    ...(empty.length > 0 ? [`${key} would be empty in ${empty.join(' and ')}: nobody has read its value`] : []),
    ...(live ? removals(write, live, rules) : []),
    ...emergencyEnds(write, rules),
    ...(rules.productionChanges === 'allow' ? [] : productionChanges(write, rules).map(({ reason }) => reason)),
  ];
}

/** The live values that the write would take away without anybody having meant it. */
function removals({ planned, previous, key, declared }: PlannedWrite, live: LiveVariable, rules: SiteRules): string[] {
  return droppedContexts(live, planned.keys()).flatMap((context) => {
    const isStagings = previous?.has(context) === true && (rules.isOwnSite || isOwnBranch(context, rules));
    if (!isStagings) {
      return [
        `${key} has a value in ${context} on Netlify that this write would remove. ` +
          `Declare it: ${contextSetting(declared, context)}, by its own reference`,
      ];
    }
    if (rules.contextRemovals === 'allow') return [];
    const keys = rules.losing.get(context) ?? [key];
    const what = keys.length === 1 ? `the live value of ${keys.join()}` : `the live values of ${keys.length} keys`;
    return [
      `${context} is no longer declared${keys.length === 1 ? ` for ${keys.join()}` : ''}: this run would take ${what} in it away from Netlify` +
        `${keys.length === 1 ? '' : ` (${keys.join(', ')})`}. Check the spelling in allincompassing:netlify.contexts. ` +
        `If that is meant: ${rules.commands.contextRemovals}`,
    ];
  });
}

/** Whether a context is a branch that a declaration may leave out again: any but production's. */
export function isOwnBranch(context: Context, { productionBranch }: Pick<SiteRules, 'productionBranch'>): boolean {
  return context.startsWith('branch:') && context !== `branch:${productionBranch}`;
}

/** One change of what production reads: the contexts, and why it must be allowed. */
export interface ProductionChange {
  readonly contexts: readonly Context[];
  readonly reason: string;
}

/** The values outside staging's contexts that the write would change, or could. */
export function productionChanges(write: PlannedWrite, rules: SiteRules): ProductionChange[] {
  const { key, live, planned, previous, secret } = write;
  const foreign = [...planned].filter(([context]) => !rules.stagingContexts.includes(context));
  const contexts = foreign.map(([context]) => context);
  if (foreign.length === 0) return [];
  const allow = `If that is meant: ${rules.commands.productionChanges}`;
  const scopes =
    live && otherScopes(live, write.scopes, secret) ? [{ contexts, reason: scopeObjection(write, live) }] : [];
  if (live?.secret !== true && !secret) {
    const changed = foreign
      .filter(([context, value]) => value !== undefined && liveValue(live, context) !== value)
      .map(([context]) => ({
        contexts: [context],
        reason: `${key} in ${context}: the declared value is not the one on Netlify, so this write would change it. ${allow}`,
      }));
    return [...scopes, ...changed];
  }
  const changed = foreign
    .filter(([context, value]) => value !== undefined && differs(previous?.get(context), value, live, context))
    .map(([context]) => ({
      contexts: [context],
      reason:
        live?.secret === true && previous !== undefined && previous.get(context) === undefined
          ? `${key} in ${context}: Netlify does not show the value that is there, and nobody has confirmed that the vault's is the same. ${allow}`
          : `${key} in ${context}: the secret value differs from what the last update wrote. ${allow}`,
    }));
  const names = contexts.join(' or ');
  if (live?.secret === false) {
    changed.push({
      contexts,
      reason:
        `${key} is plain on Netlify, and this write would make it secret in ${names} too. Nobody can undo that, and Netlify ` +
        `fails a build whose bundle holds a secret value. ${allow}`,
    });
  }
  const since = changedSince(write, names, rules.clockAhead, allow);
  return [...scopes, ...changed, ...since.map((reason) => ({ contexts, reason }))];
}

/** Whether somebody may have changed a secret key, whose values nobody can read, since this stack saw it last. */
function changedSince(
  { key, live, recordedUpdate }: PlannedWrite,
  names: string,
  clockAhead: number,
  allow: string,
): string[] {
  if (live?.secret !== true) return [];
  if (live.updatedAt === undefined) {
    return [
      `${key} is secret on Netlify, and Netlify gives no time of its last change: nobody can see whether ${names} changed. ` +
        `Bring the vault up to date first. ${allow}`,
    ];
  }
  if (Math.abs(clockAhead) > clockLimit) {
    return [
      `${key} is secret and has a value in ${names}: whether somebody changed it since is known by the time alone, and this ` +
        `machine's clock is ${Math.abs(clockAhead)} s ${clockAhead > 0 ? 'behind' : 'ahead of'} Netlify's. Set the clock, then run again`,
    ];
  }
  if (!changedSinceRecord(live, recordedUpdate, clockAhead)) return [];
  const by = live.updatedBy === undefined ? '' : ` by ${live.updatedBy}`;
  const since =
    recordedUpdate === undefined
      ? 'and this stack has no record of an earlier change'
      : "after this stack's last update";
  return [
    `${key} was changed on Netlify at ${live.updatedAt}${by}, ${since}. It is secret there, so nobody can see whether ` +
      `${names} changed. Bring the vault up to date first. ${allow}`,
  ];
}

/** What a context reads on Netlify now: its own value, or the one for all contexts. */
function liveValue(live: LiveVariable | undefined, context: Context): string | undefined {
  const own = live?.values.find((value) => value.context === context);
  const shared = concreteContexts.includes(context) ? live?.values.find((value) => value.context === 'all') : undefined;
  return (own ?? shared)?.value;
}

const allScopes = ['builds', 'functions', 'post-processing', 'runtime'];

/**
 * Whether a write would change where a key's values are read. Making a key secret takes post-processing away: Netlify
 * has no such scope for a secret one.
 */
export function otherScopes(live: LiveVariable, planned: readonly string[], secret: boolean): boolean {
  const spelled = live.scopes.map((scope) => scope.replace('_', '-'));
  const kept = spelled.filter((scope) => !(secret && scope === 'post-processing'));
  return live.scopes.length > 0 && [...kept].sort().join() !== [...planned].sort().join();
}

function scopeObjection({ key, declared }: PlannedWrite, live: LiveVariable): string {
  return (
    `${key} has the scopes ${live.scopes.join(', ')} on Netlify, and this write would change them for production too. ` +
    `Declare them: ${optionSetting(declared, 'scopes')}`
  );
}

/** The scopes that a key gets: the declared ones, or what the provider sends when none are. */
export function effectiveScopes(declared: readonly string[] | undefined): readonly string[] {
  return declared ?? allScopes;
}

/**
 * A secret value cannot be read: it is compared with the last written one, or with a still plain live one. Adoption
 * records the vault's value as the last written one only where a person has confirmed that it is production's.
 */
function differs(
  previous: string | undefined,
  planned: string,
  live: LiveVariable | undefined,
  context: Context,
): boolean {
  return (live?.secret === false ? liveValue(live, context) : previous) !== planned;
}

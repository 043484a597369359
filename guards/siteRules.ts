import type { LiveVariable } from '../services/netlify.ts';
import { namedContexts, type Context } from '../settings/context.ts';
import { emergencyVariable } from '../settings/names.ts';

/** A key's values as a resource's inputs hold them; `undefined` where this run does not know the value. */
export type Values = ReadonlyMap<Context, string | undefined>;

/** One write that is about to happen to one key, and what is known around it. */
export interface PlannedWrite {
  readonly key: string;
  readonly secret: boolean;
  /** What the write would put on Netlify: all of it, the provider owns whole keys. */
  readonly planned: Values;
  /** The scopes that the write would set, in the configuration's spelling. */
  readonly scopes: readonly string[];
  /** What the last update wrote; `undefined` when the stack does not have the key yet. */
  readonly previous: Values | undefined;
  /** When the last update or the adoption saw or made the key's last change (ISO 8601). */
  readonly recordedUpdate: string | undefined;
  /** The key as it is on Netlify; `undefined` when it is not there. */
  readonly live: LiveVariable | undefined;
}

/** Which contexts are staging's own, and whether a write may change the others. */
export interface SiteRules {
  readonly stagingContexts: readonly Context[];
  /** The branch that Netlify deploys to production: its value is production's. */
  readonly productionBranch: string;
  readonly productionChanges: 'refuse' | 'allow';
  /** How far Netlify's clock is ahead of this machine's, in whole seconds; negative when it is behind. */
  readonly clockAhead: number;
  /** The run belongs to `kill-switch`: it may end the agents' emergency. */
  readonly endsEmergency: boolean;
}

/** What `all` stands for. */
const concreteContexts: readonly Context[] = namedContexts.filter((context) => context !== 'all');

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
      `${key} is on Netlify already, but not in this stack. Take it over without a write: npm run adopt (--dry-run lists ` +
        'every such key); after an update that was killed: npm run recover',
    ];
  }
  const reasons: string[] = [];
  for (const context of live ? droppedContexts(live, planned.keys()) : []) {
    const takenOutOnPurpose = isOwnBranch(context, rules) && previous?.has(context) === true;
    if (!takenOutOnPurpose) {
      reasons.push(
        `${key} has a value in ${context} on Netlify that this write would remove. ` +
          `Declare it: allincompassing:netlify.variables.${key}.otherContexts.${context}, by its own reference`,
      );
    }
  }
  reasons.push(...emergencyEnds(write, rules));
  return rules.productionChanges === 'allow' ? reasons : [...reasons, ...productionChanges(write, rules)];
}

/**
 * An emergency ends by the command that is made for it, and by no update: not by a configuration that is behind, nor after
 * a refresh, which makes somebody's emergency on Netlify look like the stack's own.
 */
function emergencyEnds({ key, live, planned }: PlannedWrite, rules: SiteRules): string[] {
  if (key !== emergencyVariable || !live || rules.endsEmergency) return [];
  const ended = rules.stagingContexts.filter(
    (context) =>
      liveValue(live, context) === 'true' && planned.get(context) !== undefined && planned.get(context) !== 'true',
  );
  if (ended.length === 0) return [];
  return [
    `${key} is true in ${ended.join(' and ')} on Netlify: this write would let agents act again. ` +
      'If the emergency goes on: npm run kill-switch -- off --emergency; if it is over: npm run kill-switch -- restore --emergency',
  ];
}

/** Whether a context is a branch that a declaration may leave out again: any but production's. */
export function isOwnBranch(context: Context, { productionBranch }: Pick<SiteRules, 'productionBranch'>): boolean {
  return context.startsWith('branch:') && context !== `branch:${productionBranch}`;
}

/** The values outside staging's contexts that the write would change, or could. */
function productionChanges(write: PlannedWrite, { stagingContexts, clockAhead }: SiteRules): string[] {
  const { key, live, planned, previous, secret } = write;
  const foreign = [...planned].filter(([context]) => !stagingContexts.includes(context));
  if (foreign.length === 0) return [];
  const scopes = live && otherScopes(live, write.scopes, secret) ? [scopeObjection(key, live)] : [];
  const names = foreign.map(([context]) => context).join(' or ');
  if (live?.secret !== true && !secret) {
    const changed = foreign
      .filter(([context, value]) => value !== undefined && liveValue(live, context) !== value)
      .map(
        ([context]) =>
          `${key} in ${context}: the declared value is not the one on Netlify, so this write would change it. ${allow}`,
      );
    return [...scopes, ...changed];
  }
  const reasons = foreign
    .filter(([context, value]) => value !== undefined && differs(previous?.get(context), value, live, context))
    .map(([context]) =>
      live?.secret === true && previous !== undefined && previous.get(context) === undefined
        ? `${key} in ${context}: Netlify does not show the value that is there, and nobody has confirmed that the vault's is the same. ${allow}`
        : `${key} in ${context}: the secret value differs from what the last update wrote. ${allow}`,
    );
  if (live?.secret === false) {
    reasons.push(
      `${key} is plain on Netlify, and this write would make it secret in ${names} too. Nobody can undo that, and Netlify ` +
        `fails a build whose bundle holds a secret value. ${allow}`,
    );
  }
  return [...scopes, ...reasons, ...changedSince(write, names, clockAhead)];
}

const allow = 'If that is meant, set allincompassing:netlify.productionChanges to allow for one run';

/** From so many seconds on the times of two clocks prove nothing. */
const clockLimit = 5;

/**
 * Whether somebody may have changed a secret key, whose values nobody can read, since this stack saw it last. The stack's
 * time is that of the machine which wrote, Netlify's its own.
 */
function changedSince({ key, live, recordedUpdate }: PlannedWrite, names: string, clockAhead: number): string[] {
  if (live?.secret !== true || live.updatedAt === undefined) return [];
  if (Math.abs(clockAhead) > clockLimit) {
    return [
      `${key} is secret and has a value in ${names}: whether somebody changed it since can only be told by the time, and this ` +
        `machine's clock is ${Math.abs(clockAhead)} s ${clockAhead > 0 ? 'behind' : 'ahead of'} Netlify's. Set the clock, then run again`,
    ];
  }
  // Both times are whole seconds.
  const slack = clockAhead > 0 ? clockAhead + 1 : 0;
  if (recordedUpdate !== undefined && secondsOf(live.updatedAt) <= secondsOf(recordedUpdate) + slack) return [];
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

function scopeObjection(key: string, live: LiveVariable): string {
  return (
    `${key} has the scopes ${live.scopes.join(', ')} on Netlify, and this write would change them for production too. ` +
    `Declare them: allincompassing:netlify.variables.${key}.scopes`
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

/** A time in whole seconds: the provider records no finer ones. */
function secondsOf(time: string): number {
  return Math.floor(Date.parse(time) / 1000);
}

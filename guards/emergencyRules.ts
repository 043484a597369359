import type { LiveVariable } from '../services/netlify/netlify.ts';
import type { Context } from '../settings/context.ts';
import { disablesAgents } from '../settings/names/emergency.ts';
import { emergencyVariable } from '../settings/names/names.ts';
import { changedSinceRecord, clockLimit, type PlannedWrite, type Values } from './plannedWrite.ts';
import { forStack } from '../settings/stack/stackCommand.ts';

/** What the rules of the emergency need to know besides the write. */
export interface EmergencyRules {
  readonly stagingContexts: readonly Context[];
  readonly productionBranch: string;
  /** How far Netlify's clock is ahead of this machine's, in whole seconds. */
  readonly clockAhead: number;
  /** The run belongs to `kill-switch`: it may end the agents' emergency. */
  readonly endsEmergency: boolean;
}

const ways = () =>
  `If the emergency goes on: ${forStack('npm run kill-switch -- off --emergency --reason TEXT')}; if it is over: ${forStack('npm run kill-switch -- restore --emergency --reason TEXT')}`;

/**
 * Why a write would end the agents' emergency. It ends by the command that is made for it, and by no update: not by a
 * configuration that is behind, a context or a scope that leaves, a value that another context passes on, a key that is
 * made secret, nor after a refresh, which makes somebody's emergency on Netlify look like the stack's own.
 */
export function emergencyEnds(write: PlannedWrite, rules: EmergencyRules): string[] {
  if (write.key !== emergencyVariable || rules.endsEmergency) return [];
  const { key, live, planned, previous } = write;
  const every = [
    ...rules.stagingContexts,
    ...(live?.values.map(({ context }) => context) ?? []),
    ...planned.keys(),
    ...(previous?.keys() ?? []),
  ];
  const contexts = [...new Set(every)];
  const before = (context: Context) => emergencyIn(write, context, rules);
  const ended = contexts.filter((context) => before(context) !== 'off' && isOff(planned, context, rules));
  const on = ended.filter((context) => before(context) === 'on');
  if (on.length > 0)
    return [`${key} is true in ${on.join(' and ')} on Netlify: this write would let agents act again. ${ways()}`];
  if (ended.length > 0) {
    return [
      `${key} is secret on Netlify, so nobody can see whether it is true in ${ended.join(' and ')}: this write might let ` +
        `agents act again. ${ways()}`,
    ];
  }
  const lost = live ? lostScopes(live, write.scopes) : [];
  const reached = contexts.filter((context) => before(context) !== 'off');
  return lost.length > 0 && reached.length > 0
    ? [`${key} is true on Netlify: without the scopes ${lost.join(', ')} agents could act again. ${ways()}`]
    : [];
}

/** Why a key must not be deleted: one of its values keeps agents from acting, or may. `undefined` when none does. */
export function emergencyDeleted(live: LiveVariable | undefined, endsEmergency: boolean): string | undefined {
  if (live === undefined || endsEmergency) return undefined;
  const on = live.values.filter(({ value }) => value === undefined || disablesAgents(value));
  if (on.length === 0) return undefined;
  const is = live.secret ? 'is secret on Netlify and may be true' : 'is true';
  return `${live.key} ${is} in ${on.map(({ context }) => context).join(' and ')}: without it agents could act again. ${ways()}`;
}

/**
 * Whether agents are disabled in a context before the write. What Netlify shows decides; of a secret key, or one that is
 * gone, what the last update wrote, as long as nobody changed it since.
 */
function emergencyIn(
  { live, previous, recordedUpdate }: PlannedWrite,
  context: Context,
  rules: EmergencyRules,
): 'on' | 'off' | 'unknown' {
  const known = live?.secret === false ? new Map(live.values.map((each) => [each.context, each.value])) : previous;
  const value = known && effective(known, context, rules);
  if (value !== undefined && disablesAgents(value)) return 'on';
  if (live?.secret !== true) return 'off';
  const shown = new Map(live.values.map((each) => [each.context, '']));
  if (effective(shown, context, rules) === undefined) return 'off';
  const trusted =
    Math.abs(rules.clockAhead) <= clockLimit && !changedSinceRecord(live, recordedUpdate, rules.clockAhead);
  return trusted && value !== undefined ? 'off' : 'unknown';
}

/** Whether agents may act in a context after the write; a value that this run does not know is believed. */
function isOff(planned: Values, context: Context, rules: EmergencyRules): boolean {
  const source = fallbacks(context, rules).find((each) => planned.has(each));
  if (source === undefined) return true;
  const value = planned.get(source);
  return value !== undefined && !disablesAgents(value);
}

/** What a context reads: its own value, or the first that is there of those that it falls back to. */
function effective(values: Values, context: Context, rules: EmergencyRules): string | undefined {
  return values.get(fallbacks(context, rules).find((each) => values.has(each)) ?? context);
}

/** A context and those whose values it reads where it has none: Netlify's order. */
function fallbacks(context: Context, { productionBranch }: EmergencyRules): Context[] {
  if (!context.startsWith('branch:')) return [context, 'all'];
  return [context, context === `branch:${productionBranch}` ? 'production' : 'branch-deploy', 'all'];
}

/** The scopes in which a key is read and would not be any more; a secret key has no post-processing anyway. */
function lostScopes(live: LiveVariable, planned: readonly string[]): string[] {
  const spelled = live.scopes.map((scope) => scope.replace('_', '-'));
  return spelled.filter((scope) => scope !== 'post-processing' && !planned.includes(scope));
}

import { exportedState } from '../../../engine/exportedStack.ts';
import { readFromDeployAfter } from '../../../settings/nextDeploy.ts';
import { isRule, ruleTypes } from '../../../protection/resource.ts';
import { pulumi } from '../../../engine/pulumi.ts';
import { nameOf, type Export, type ExportedResource } from '../../../engine/deployment.ts';
import type { LookOptions } from '../observed.ts';
import type { Recorded } from '../../../engine/recorded.ts';
import { forStack } from '../../../settings/stack/stackCommand.ts';

/** What was written past the engine: times (ISO 8601) by Netlify's key and by a placement's resource, and a ruleset's new id. */
export interface Writes {
  readonly variables: Map<string, string>;
  readonly placed: Map<string, string>;
  rulesetId: number | undefined;
}

/**
 * Writes into the stack's state when its values were last written, so that the next look compares with that. The values in it
 * are the very ones that were written; they stay encrypted on the way.
 */
export async function recordWrites(
  { root, stack }: LookOptions,
  { isCurrent }: Recorded,
  writes: Writes,
): Promise<void> {
  if (writes.variables.size === 0 && writes.placed.size === 0 && writes.rulesetId === undefined) return;
  const state = await exportedState(root, stack);
  const resources = (state.deployment.resources ?? []).map((resource) => withWrites(resource, writes));
  const next: Export = { ...state, deployment: { ...state.deployment, resources } };
  // Somebody's update may have begun and ended since: its result must not be written over.
  if (!(await isCurrent())) {
    throw new Error(
      `stack: it was updated meanwhile, so that it does not know of these writes. Compare, then decide: ${forStack('npm run drift')}`,
    );
  }
  await pulumi(['stack', 'import', '--stack', stack], { cwd: root, input: JSON.stringify(next) });
}

/** One resource with the times of the writes, in the provider's own spelling, wherever the state has them. */
export function withWrites(resource: ExportedResource, { variables, placed, rulesetId }: Writes): ExportedResource {
  const { type, outputs } = resource;
  if (!outputs) return resource;
  const name = nameOf(resource.urn);
  const key = textOf(outputs.key);
  const variableTime = type.endsWith(':EnvironmentVariable') ? variables.get(key) : undefined;
  const placedTime = placed.get(name);
  if (variableTime !== undefined)
    return { ...resource, outputs: { ...outputs, lastUpdated: netlifyTime(variableTime) } };
  if (placedTime !== undefined) return { ...resource, outputs: withTime(outputs, placedTime) };
  if (rulesetId !== undefined && type === ruleTypes.ruleset && isRule({ type, name })) {
    return { ...resource, id: String(rulesetId), outputs: { ...outputs, id: String(rulesetId), rulesetId } };
  }
  if (type.endsWith(':NetlifyContext')) return { ...resource, outputs: withTimes(outputs, variables) };
  if (type === 'pulumi:pulumi:Stack') {
    const known = withEach(outputs.variables, variables);
    const times = Object.values((known ?? {}) as Record<string, { lastUpdated?: unknown }>).map((each) =>
      textOf(each.lastUpdated),
    );
    const read = 'variablesAreRead' in outputs && { variablesAreRead: readFromDeployAfter(times) };
    return { ...resource, outputs: { ...outputs, variables: known, ...read } };
  }
  return resource;
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

/** The times that a provider keeps of a placement; one that keeps none compares values or digests. */
function withTime(outputs: Record<string, unknown>, time: string): Record<string, unknown> {
  const kept = ['updatedAt', 'remoteUpdatedAt'].filter((property) => property in outputs);
  return { ...outputs, ...Object.fromEntries(kept.map((property) => [property, githubTime(time)])) };
}

/** A component's `lastUpdated: {KEY: time}`. */
function withTimes(outputs: Record<string, unknown>, times: ReadonlyMap<string, string>) {
  const known = (outputs.lastUpdated ?? {}) as Record<string, unknown>;
  const changed = Object.entries(known).map(([key, time]) => [key, spelt(times.get(key)) ?? time]);
  return { ...outputs, lastUpdated: Object.fromEntries(changed) as unknown };
}

/** The stack's own `{KEY: {lastUpdated: time}}`. */
function withEach(known: unknown, times: ReadonlyMap<string, string>): unknown {
  if (typeof known !== 'object' || known === null) return known;
  return Object.fromEntries(
    Object.entries(known as Record<string, object>).map(([key, each]) => {
      const time = spelt(times.get(key));
      return [key, time === undefined ? each : { ...each, lastUpdated: time }];
    }),
  );
}

function spelt(time: string | undefined): string | undefined {
  return time === undefined ? undefined : netlifyTime(time);
}

/** The next whole second: the provider records seconds, and the write must not look later than its record. */
function netlifyTime(time: string): string {
  return new Date(Math.ceil(Date.parse(time) / 1000) * 1000).toISOString().replace('.000Z', 'Z');
}

/** `2026-01-02 03:04:05 +0000 UTC`: how GitHub's provider writes a time. */
function githubTime(time: string): string {
  return `${new Date(time).toISOString().replace('T', ' ').slice(0, 19)} +0000 UTC`;
}

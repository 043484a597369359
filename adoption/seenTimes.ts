import type { LiveVariable } from '../services/netlify/netlify.ts';
import { nameOf, withOutputs, type ExportedResource } from '../engine/deployment.ts';
import { netlifyResource } from '../settings/names/resourceTypes.ts';

/**
 * The imported variables with the time of their last change, as it was seen before a person agreed. The provider records
 * one only when it writes, and without it the guard could not see that somebody rotated a secret value since.
 */
export function withSeenTimes(
  imported: readonly ExportedResource[],
  seen: readonly LiveVariable[],
): readonly ExportedResource[] {
  const times = new Map(seen.map(({ key, updatedAt }) => [netlifyResource(key), updatedAt]));
  return imported.map((resource) => {
    const time = times.get(nameOf(resource.urn));
    return time === undefined ? resource : withOutputs(resource, { lastUpdated: wholeSecond(time) });
  });
}

/** As the provider writes a time. Cut off, not rounded up: a change in the second that follows must count as later. */
function wholeSecond(time: string): string {
  return `${new Date(time).toISOString().slice(0, 19)}Z`;
}

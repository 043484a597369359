import { merged, withOutputs, type Export, type ExportedResource } from '../../engine/deployment.ts';
import type { Decision } from '../../recovery/pending.ts';

/** The state after recovery: no operation pending, what was created taken in, what was deleted left out. */
export function recovered(state: Export, decisions: readonly Decision[], adopted: readonly ExportedResource[]): Export {
  const byUrn = new Map(decisions.map((decision) => [decision.urn, decision]));
  const resources = (state.deployment.resources ?? [])
    .filter(({ urn }) => byUrn.get(urn)?.action !== 'forget')
    .map((resource) => {
      const decision = byUrn.get(resource.urn);
      return decision?.action === 'acknowledge' && decision.updatedAt !== undefined
        ? withOutputs(resource, { lastUpdated: decision.updatedAt })
        : resource;
    });
  return merged({ ...state, deployment: { ...state.deployment, pending_operations: [], resources } }, adopted);
}

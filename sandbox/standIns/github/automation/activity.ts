import type { Call } from '../call.ts';
import { nodeId, pageOf, repositoryOf } from '../call.ts';
import { simpleUser } from '../accounts.ts';
import type { Routes } from '../router.ts';

/** What happened to branches and tags, the newest first. The stand-in remembers deletions by hand alone. */
function activity(call: Call) {
  const repository = repositoryOf(call);
  const wanted = (name: string) => call.request.query.get(name);
  const [ref, type] = [wanted('ref'), wanted('activity_type')];
  const found = (repository.activity ?? [])
    .filter((each) => (ref === null || each.ref === ref) && (type === null || each.type === type))
    .toReversed();
  const { items, headers } = pageOf(call, found);
  const body = items.map(({ id, ref: at, type: kind, sha, login, timestamp }) => ({
    id,
    node_id: nodeId('Push', id),
    before: sha,
    after: '0'.repeat(40),
    ref: at,
    timestamp,
    activity_type: kind,
    actor: simpleUser(call, login),
  }));
  return { status: 200, headers, body };
}

export const activityRoutes: Routes = { 'GET /repos/:owner/:repo/activity': activity };

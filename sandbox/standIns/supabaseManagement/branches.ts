import { randomInt, randomUUID } from 'node:crypto';
import type { BranchDetailResponse, BranchResponse } from 'supabase-management-js';
import { supabase } from '../../process/identity.ts';
import { jsonBody, type ServiceReply, type ServiceRequest } from '../../server/service.ts';
import type { Store } from '../../server/store.ts';
import { refusal, type Branch, type State } from './state.ts';

const letters = () => Array.from({ length: 20 }, () => String.fromCharCode(97 + randomInt(26))).join('');

/** `POST /v1/projects/REF/branches`. */
export function createBranch(store: Store<State>, request: ServiceRequest): ServiceReply {
  const body = jsonBody(request) as { branch_name?: unknown; with_data?: unknown } | undefined;
  const name = body?.branch_name;
  if (typeof name !== 'string' || name === '') return refusal(400, 'branch_name is required');
  if (store.state.branches.some(({ shown }) => shown.name === name)) {
    return refusal(409, `A branch with name ${name} already exists`);
  }
  const now = new Date().toISOString();
  const shown: BranchResponse = {
    id: randomUUID(),
    name,
    project_ref: letters(),
    parent_project_ref: supabase.projectRef,
    is_default: false,
    persistent: false,
    status: 'CREATING_PROJECT',
    created_at: now,
    updated_at: now,
    with_data: body?.with_data === true,
  };
  store.update((state) => state.branches.push({ shown, looks: 0 }));
  return { status: 201, body: shown, effects: [`branch ${name} created`] };
}

/** The calls below `/v1/branches/REF`. */
export function branch(store: Store<State>, route: string, ref: string): ServiceReply {
  const found = store.state.branches.find(({ shown }) => shown.project_ref === ref || shown.id === ref);
  if (!found) return refusal(404, 'Branch not found');
  const { name } = found.shown;
  switch (route) {
    case 'GET branches':
      return { status: 200, body: look(store, found) };
    case 'DELETE branches':
      store.update((state) => (state.branches = state.branches.filter(({ shown }) => shown.id !== found.shown.id)));
      return { status: 200, body: { message: 'ok' }, effects: [`branch ${name} deleted`] };
    case 'POST branches/merge':
      return {
        status: 201,
        body: { workflow_run_id: randomUUID(), message: 'ok' },
        effects: [`branch ${name} merged`],
      };
    default:
      return refusal(404, 'Cannot find that');
  }
}

/** A branch's own project comes up step by step, with each request for its state. */
function look(store: Store<State>, { shown: { id } }: Branch): BranchDetailResponse {
  return store.update((state) => {
    const found = state.branches.find(({ shown }) => shown.id === id);
    if (!found) throw new Error('no such branch');
    found.looks += 1;
    const { outcome } = state;
    const up = found.looks > 2 && outcome !== 'never' && outcome !== 'paused';
    if (up) found.shown.status = outcome;
    return {
      ref: found.shown.project_ref,
      postgres_version: '17.4.1',
      postgres_engine: '17',
      release_channel: 'ga',
      status: outcome === 'paused' ? 'INACTIVE' : up ? 'ACTIVE_HEALTHY' : 'COMING_UP',
      db_host: `db.${found.shown.project_ref}.supabase.co`,
      db_port: 5432,
      db_user: 'postgres',
      db_pass: `made-up ${found.shown.id}`,
      jwt_secret: `made-up ${found.shown.id}`,
    };
  });
}

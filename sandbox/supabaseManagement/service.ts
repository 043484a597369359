import { randomBytes, randomInt, randomUUID } from 'node:crypto';
import { join } from 'node:path';
import type { BranchDetailResponse, BranchResponse, V1BackupsResponse } from 'supabase-management-js';
import { supabase } from '../identity.ts';
import { jsonBody, type Service, type ServiceReply, type ServiceRequest } from '../server/service.ts';
import { Store } from '../server/store.ts';
import type { Database } from '../supabase/database.ts';

interface Branch {
  shown: BranchResponse;
  /** How often somebody has looked: it comes up with the third look. */
  looks: number;
}

interface State {
  readonly token: string;
  branches: Branch[];
  /** The references of the projects that the token reaches. */
  projects: readonly string[];
  status: 'ACTIVE_HEALTHY' | 'RESTORING';
  restoredTo: number[];
  looks: number;
  pitr: boolean;
  /** How new branches end. */
  outcome: 'MIGRATIONS_PASSED' | 'MIGRATIONS_FAILED' | 'never';
}

/** The stand-in, with its state for tests. */
export interface SupabaseManagement extends Service {
  readonly store: Store<State>;
}

const refusal = (status: number, message: string): ServiceReply => ({ status, body: { message } });
const letters = () => Array.from({ length: 20 }, () => String.fromCharCode(97 + randomInt(26))).join('');
const hour = 3600;

export interface SupabaseManagementOptions {
  readonly stateDir: string;
  /** The one access token that is accepted; made up and kept in the state when absent. */
  readonly token?: () => string;
  /** The project's database, for what reaches it by this API: SQL and the history of migrations. */
  readonly database?: () => Promise<Database>;
  /** What a restore does to the database: it is as it was then. Nothing when absent: this stand-in keeps no backups. */
  readonly restored?: (database: Database) => Promise<void>;
}

/** Supabase's Management API on loopback: branches, backups, point-in-time recovery of the shared project. */
export function createSupabaseManagement(options: SupabaseManagementOptions): SupabaseManagement {
  const { stateDir, token } = options;
  const store = new Store<State>(join(stateDir, 'supabaseManagement.json'), () => ({
    token: `sbp_${randomBytes(20).toString('hex')}`,
    branches: [],
    projects: [supabase.projectRef],
    status: 'ACTIVE_HEALTHY',
    restoredTo: [],
    looks: 0,
    pitr: true,
    outcome: 'MIGRATIONS_PASSED',
  }));
  return {
    name: 'supabaseManagement',
    store,
    handle(request) {
      if (request.headers.authorization !== `Bearer ${token?.() ?? store.state.token}`)
        return refusal(401, 'Unauthorized');
      const [, version, kind, id = '', ...rest] = request.path.split('/');
      if (version !== 'v1') return refusal(404, 'Cannot find that');
      const route = `${request.method} ${[kind, ...rest].join('/')}`;
      if (route === 'GET projects' && id === '') return { status: 200, body: store.state.projects.map(named) };
      if (kind === 'projects' && id !== supabase.projectRef) return refusal(404, 'Project not found');
      return kind === 'projects' ? project(store, options, route, request) : branch(store, route, id);
    },
  };
}

function project(
  store: Store<State>,
  options: SupabaseManagementOptions,
  route: string,
  request: ServiceRequest,
): ServiceReply | Promise<ServiceReply> {
  const { state } = store;
  switch (route) {
    case 'GET projects':
      return {
        status: 200,
        body: {
          ...projectFacts,
          status: store.update((now) => (now.looks++ < 3 ? now.status : (now.status = 'ACTIVE_HEALTHY'))),
        },
      };
    case 'GET projects/branches':
      return { status: 200, body: state.branches.map(({ shown }) => shown) };
    case 'POST projects/branches':
      return create(store, request);
    case 'GET projects/database/backups':
      return { status: 200, body: backups(state) };
    case 'POST projects/database/backups/restore-pitr':
      return restore(store, options, request);
    case 'GET projects/database/migrations':
      return migrations(options);
    case 'POST projects/database/query':
      return query(options, request);
    default:
      return refusal(404, 'Cannot find that');
  }
}

const projectFacts = {
  id: supabase.projectRef,
  ref: supabase.projectRef,
  organization_id: 'allincompassing',
  organization_slug: 'allincompassing',
  name: 'AllIincompassing',
  region: 'us-east-1',
  created_at: '2025-01-15T09:00:00Z',
  database: {
    host: `db.${supabase.projectRef}.supabase.co`,
    version: '17.4.1',
    postgres_engine: '17',
    release_channel: 'ga',
  },
};

/** Another project of the same organisation. */
function named(ref: string) {
  return { ...projectFacts, id: ref, ref, status: 'ACTIVE_HEALTHY' as const };
}

function backups({ pitr }: State): V1BackupsResponse {
  const now = Math.floor(Date.now() / 1000);
  return {
    region: 'us-east-1',
    walg_enabled: true,
    pitr_enabled: pitr,
    backups: [1, 2, 3].map((days) => ({
      is_physical_backup: true,
      status: 'COMPLETED' as const,
      inserted_at: new Date((now - days * 24 * hour) * 1000).toISOString(),
    })),
    physical_backup_data: pitr
      ? { earliest_physical_backup_date_unix: now - 7 * 24 * hour, latest_physical_backup_date_unix: now - 120 }
      : {},
  };
}

function create(store: Store<State>, request: ServiceRequest): ServiceReply {
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

async function restore(
  store: Store<State>,
  { database, restored }: SupabaseManagementOptions,
  request: ServiceRequest,
): Promise<ServiceReply> {
  const target = (jsonBody(request) as { recovery_time_target_unix?: unknown } | undefined)?.recovery_time_target_unix;
  if (typeof target !== 'number' || target < 0) return refusal(400, 'recovery_time_target_unix must be a number');
  const { earliest_physical_backup_date_unix: from = 0, latest_physical_backup_date_unix: to = 0 } = backups(
    store.state,
  ).physical_backup_data;
  if (target < from || target > to) return refusal(400, 'recovery target is outside of the recoverable window');
  store.update((state) => {
    state.restoredTo.push(target);
    Object.assign(state, { status: 'RESTORING', looks: 0 });
  });
  if (database && restored) await restored(await database());
  return { status: 201, effects: [`project restored to ${target}`] };
}

async function migrations({ database }: SupabaseManagementOptions): Promise<ServiceReply> {
  if (!database) return { status: 200, body: [] };
  const { superuser } = await database();
  const { rows } = await superuser.query<{ version: string; name: string | null }>(
    'select version, name from supabase_migrations.schema_migrations order by version',
  );
  return { status: 200, body: rows.map(({ version, name }) => ({ version, ...(name !== null && { name }) })) };
}

/** Runs SQL as the database's owner; what it says of an error is the answer, as from Supabase. */
async function query({ database }: SupabaseManagementOptions, request: ServiceRequest): Promise<ServiceReply> {
  const sql = (jsonBody(request) as { query?: unknown } | undefined)?.query;
  if (typeof sql !== 'string' || sql === '') return refusal(400, 'query is required');
  if (!database) return { status: 201, body: [], effects: ['sql'] };
  const { superuser } = await database();
  try {
    const results = await superuser.exec(sql);
    return { status: 201, body: results.at(-1)?.rows ?? [], effects: ['sql'] };
  } catch (error) {
    await superuser.exec('rollback');
    return refusal(400, `Failed to run sql query: ${error instanceof Error ? error.message : String(error)}`);
  }
}

function branch(store: Store<State>, route: string, ref: string): ServiceReply {
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

/** A branch's own project comes up step by step, each time somebody looks. */
function look(store: Store<State>, { shown: { id } }: Branch): BranchDetailResponse {
  return store.update((state) => {
    const found = state.branches.find(({ shown }) => shown.id === id);
    if (!found) throw new Error('no such branch');
    found.looks += 1;
    const up = found.looks > 2 && state.outcome !== 'never';
    if (up && state.outcome !== 'never') found.shown.status = state.outcome;
    return {
      ref: found.shown.project_ref,
      postgres_version: '17.4.1',
      postgres_engine: '17',
      release_channel: 'ga',
      status: up ? 'ACTIVE_HEALTHY' : 'COMING_UP',
      db_host: `db.${found.shown.project_ref}.supabase.co`,
      db_port: 5432,
      db_user: 'postgres',
      db_pass: `made-up ${found.shown.id}`,
      jwt_secret: `made-up ${found.shown.id}`,
    };
  });
}

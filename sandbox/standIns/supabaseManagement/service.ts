import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import type { V1BackupsResponse } from 'supabase-management-js';
import { supabase } from '../../process/identity.ts';
import { jsonBody, type Service, type ServiceReply, type ServiceRequest } from '../../server/service.ts';
import { Store } from '../../server/store.ts';
import type { Database } from '../supabase/database.ts';
import { setBack } from '../supabase/history.ts';
import type { LogLine } from '../supabase/requestLog.ts';
import { apiKeys } from './apiKeys.ts';
import { branch, createBranch } from './branches.ts';
import { projectLogs } from './logs.ts';
import { functionEnvironment, functionSecrets } from './secrets.ts';
import { refusal, type State } from './state.ts';

/** The stand-in, with its state for tests. */
export interface SupabaseManagement extends Service {
  readonly store: Store<State>;
}

const hour = 3600;

export interface SupabaseManagementOptions {
  readonly stateDir: string;
  /** The one access token that is accepted; made up and kept in the state when absent. */
  readonly token?: () => string;
  /** The project's database, for what reaches it by this API: SQL and the history of migrations. */
  readonly database?: () => Promise<Database>;
  /** The lines that the project's gateway has left; none when absent. */
  readonly logs?: () => readonly LogLine[];
  /** What was otherwise at that moment, beyond what the stand-in has kept of it (sandbox/standIns/supabase/history.ts). */
  readonly restored?: (database: Database) => Promise<void>;
}

function openStore(stateDir: string): Store<State> {
  return new Store<State>(join(stateDir, 'supabaseManagement.json'), () => ({
    token: `sbp_${randomBytes(20).toString('hex')}`,
    branches: [],
    projects: [supabase.projectRef],
    status: 'ACTIVE_HEALTHY',
    restoredTo: [],
    looks: 0,
    pitr: true,
    outcome: 'MIGRATIONS_PASSED',
  }));
}

/** The Edge Function secrets that a stand-in keeps, past its API. */
export function heldFunctionSecrets(stateDir: string): { readonly name: string; readonly value: string }[] {
  return Object.entries(functionEnvironment(openStore(stateDir))).map(([name, value]) => ({ name, value }));
}

/** Supabase's Management API on loopback: branches, backups, point-in-time recovery, function secrets and API keys of the project. */
export function createSupabaseManagement(options: SupabaseManagementOptions): SupabaseManagement {
  const { stateDir, token } = options;
  const store = openStore(stateDir);
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
      if (kind === 'projects' && !store.state.projects.includes(id)) return refusal(404, 'Project not found');
      if (kind === 'projects' && id !== supabase.projectRef) return otherProject(store, route, request, id);
      return kind === 'projects' ? project(store, options, route, request) : branch(store, route, id);
    },
  };
}

/** What another project of the organisation answers: what it is, and its functions' secrets. */
function otherProject(store: Store<State>, route: string, request: ServiceRequest, ref: string): ServiceReply {
  if (route === 'GET projects') return { status: 200, body: named(ref) };
  return route.endsWith(' projects/secrets') ? functionSecrets(store, request, ref) : refusal(404, 'Cannot find that');
}

function project(
  store: Store<State>,
  options: SupabaseManagementOptions,
  route: string,
  request: ServiceRequest,
): ServiceReply | Promise<ServiceReply> {
  const { state } = store;
  const [, place = '', keyId] = /^[A-Z]+ projects\/(secrets|api-keys)(?:\/([^/]+))?$/.exec(route) ?? [];
  if (place === 'secrets' && keyId === undefined) return functionSecrets(store, request, supabase.projectRef);
  if (place === 'api-keys') return apiKeys(store, request, keyId);
  switch (route) {
    case 'GET projects':
      return {
        status: 200,
        body: {
          ...projectFacts,
          status: store.update(statusNow),
        },
      };
    case 'GET projects/branches':
      return { status: 200, body: state.branches.map(({ shown }) => shown) };
    case 'POST projects/branches':
      return createBranch(store, request);
    case 'GET projects/database/backups':
      return { status: 200, body: backups(state) };
    case 'POST projects/database/backups/restore-pitr':
      return restore(store, options, request);
    case 'GET projects/analytics/endpoints/logs':
      return projectLogs(options.logs?.() ?? [], request);
    case 'GET projects/database/migrations':
      return migrations(options);
    case 'POST projects/database/query':
      return query(options, request);
    default:
      return refusal(404, 'Cannot find that');
  }
}

/** A restore is over with the third request for its state. */
function statusNow(now: State): State['status'] {
  if (now.status === 'RESTORING' && now.looks++ >= 3) now.status = now.restoreEnds ?? 'ACTIVE_HEALTHY';
  return now.status;
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
  if (database) {
    const opened = await database();
    await setBack(opened.superuser, target);
    await restored?.(opened);
  }
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
    return refusal(400, `Failed to run sql query: ${asPostgresSays(error)}`);
  }
}

/** As the Management API passes it on: severity, SQLSTATE and message, then the details in lines of their own. */
function asPostgresSays(error: unknown): string {
  const {
    code = 'XX000',
    message,
    detail,
    hint,
  } = error as {
    readonly code?: string;
    readonly message: string;
    readonly detail?: string;
    readonly hint?: string;
  };
  return [
    `ERROR:  ${code}: ${message}`,
    ...(detail ? [`DETAIL:  ${detail}`] : []),
    ...(hint ? [`HINT:  ${hint}`] : []),
    '',
  ].join('\n');
}

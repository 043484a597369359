import { z } from 'zod';
import { call, requestTimeoutMs, ServiceError, type Api } from '../door/http.ts';

/** A branch of the shared project's database. */
export interface DatabaseBranch {
  readonly id: string;
  readonly name: string;
  /** The reference of the branch's own project. */
  readonly ref: string;
  readonly isDefault: boolean;
  readonly persistent: boolean;
  /** How far its migrations and functions are: `MIGRATIONS_PASSED`, `FUNCTIONS_DEPLOYED`, `MIGRATIONS_FAILED`, … */
  readonly status: string;
  readonly withData: boolean;
  /** ISO 8601. */
  readonly createdAt: string;
  /** The Git branch that it belongs to: set for one that Supabase's GitHub integration made. */
  readonly gitBranch: string | undefined;
  /** The number of the pull request for which that integration made it. */
  readonly pullRequest: number | undefined;
}

/** How a branch's database is reached; never its password or its keys. */
export interface BranchConnection {
  readonly ref: string;
  readonly host: string;
  readonly port: number;
  readonly user: string | undefined;
  readonly postgres: string;
  /** `ACTIVE_HEALTHY`, `COMING_UP`, … */
  readonly status: string;
}

/** What the project could be restored to. */
export interface Backups {
  readonly pitr: boolean;
  /** Seconds since 1970; absent without point-in-time recovery. */
  readonly earliest: number | undefined;
  readonly latest: number | undefined;
  readonly daily: readonly { readonly at: string; readonly status: string; readonly physical: boolean }[];
}

/**
 * Supabase's Management API at `SUPABASE_API_ENDPOINT` (default https://api.supabase.com), signed in by
 * `SUPABASE_ACCESS_TOKEN`: the two variables that Supabase's provider reads too.
 */
export function managementApi(env: NodeJS.ProcessEnv = process.env): Api {
  const token = env.SUPABASE_ACCESS_TOKEN;
  if (!token) {
    throw new ServiceError(
      'SUPABASE_ACCESS_TOKEN is not set. Create one at https://supabase.com/dashboard/account/tokens and export it.',
      401,
      'no-token',
    );
  }
  const { SUPABASE_API_ENDPOINT: endpoint = '' } = env;
  const base = (endpoint === '' ? 'https://api.supabase.com' : endpoint).replace(/\/+$/, '');
  return {
    vendor: 'Supabase',
    baseUrl: base,
    headers: { authorization: `Bearer ${token}` },
    accessFix: 'Set SUPABASE_ACCESS_TOKEN to a token of somebody who may manage the project (role Developer at least).',
    addressSetting: 'SUPABASE_API_ENDPOINT',
  };
}

const branchAnswer = z
  .object({
    id: z.string(),
    name: z.string(),
    project_ref: z.string(),
    is_default: z.boolean(),
    persistent: z.boolean(),
    status: z.string(),
    with_data: z.boolean(),
    created_at: z.string(),
    git_branch: z.string().nullish(),
    pr_number: z.number().nullish(),
  })
  .transform((answer): DatabaseBranch => ({
    id: answer.id,
    name: answer.name,
    ref: answer.project_ref,
    isDefault: answer.is_default,
    persistent: answer.persistent,
    status: answer.status,
    withData: answer.with_data,
    createdAt: answer.created_at,
    gitBranch: answer.git_branch ?? undefined,
    pullRequest: answer.pr_number ?? undefined,
  }));

const connection = z
  .object({
    ref: z.string(),
    db_host: z.string(),
    db_port: z.number(),
    db_user: z.string().nullish(),
    postgres_version: z.string(),
    status: z.string(),
  })
  .transform((answer): BranchConnection => ({
    ref: answer.ref,
    host: answer.db_host,
    port: answer.db_port,
    user: answer.db_user ?? undefined,
    postgres: answer.postgres_version,
    status: answer.status,
  }));

const backups = z
  .object({
    pitr_enabled: z.boolean(),
    backups: z.array(z.object({ inserted_at: z.string(), status: z.string(), is_physical_backup: z.boolean() })),
    physical_backup_data: z
      .object({
        earliest_physical_backup_date_unix: z.number().nullish(),
        latest_physical_backup_date_unix: z.number().nullish(),
      })
      .nullish(),
  })
  .transform(({ pitr_enabled: pitr, backups: daily, physical_backup_data: physical }): Backups => ({
    pitr,
    earliest: physical?.earliest_physical_backup_date_unix ?? undefined,
    latest: physical?.latest_physical_backup_date_unix ?? undefined,
    daily: daily.map((each) => ({ at: each.inserted_at, status: each.status, physical: each.is_physical_backup })),
  }));

/** The branches of a project; none where branching was never used. */
export async function listBranches(api: Api, ref: string): Promise<DatabaseBranch[]> {
  return (await call(api, { path: `/v1/projects/${ref}/branches` }, z.array(branchAnswer))).data;
}

/** Makes a branch. Its project comes up afterwards: see {@link readConnection}. */
export async function createBranch(api: Api, ref: string, name: string, withData: boolean): Promise<DatabaseBranch> {
  const request = {
    method: 'POST',
    path: `/v1/projects/${ref}/branches`,
    body: { branch_name: name, with_data: withData },
    audit: { action: 'create', writes: [{ place: 'databaseBranch', name }] },
    timeoutMs: requestTimeoutMs(60_000),
  } as const;
  return (await call(api, request, branchAnswer)).data;
}

/** How a branch is reached, and whether its project is up. */
export async function readConnection(api: Api, branchRef: string): Promise<BranchConnection> {
  return (await call(api, { path: `/v1/branches/${branchRef}` }, connection)).data;
}

/** Removes a branch and its database. */
export async function deleteBranch(api: Api, branchRef: string): Promise<void> {
  await call(api, {
    method: 'DELETE',
    path: `/v1/branches/${branchRef}`,
    timeoutMs: requestTimeoutMs(60_000),
    audit: { action: 'delete', writes: [{ place: 'databaseBranch', name: branchRef }] },
  });
}

/** Applies a branch's migrations to the project that it was made from. */
export async function mergeBranch(api: Api, branchRef: string): Promise<void> {
  await call(api, {
    method: 'POST',
    path: `/v1/branches/${branchRef}/merge`,
    body: {},
    audit: { action: 'merge', writes: [{ place: 'databaseBranch', name: branchRef }] },
    timeoutMs: requestTimeoutMs(60_000),
  });
}

/** What the project could be restored to. */
export async function readBackups(api: Api, ref: string): Promise<Backups> {
  return (await call(api, { path: `/v1/projects/${ref}/database/backups` }, backups)).data;
}

/** Sets the whole project back to a moment. Everything after it is gone, production's too. */
export async function restoreTo(api: Api, ref: string, unixSeconds: number): Promise<void> {
  await call(api, {
    method: 'POST',
    path: `/v1/projects/${ref}/database/backups/restore-pitr`,
    body: { recovery_time_target_unix: unixSeconds },
    audit: { action: 'restore', writes: [{ place: 'database', name: ref }] },
    timeoutMs: requestTimeoutMs(60_000),
  });
}

/** The project's own state: `ACTIVE_HEALTHY`, `RESTORING`, … */
export async function projectStatus(api: Api, ref: string): Promise<string> {
  return (await call(api, { path: `/v1/projects/${ref}` }, z.object({ status: z.string() }))).data.status;
}

/** The migrations that the project's history has. */
export async function listMigrations(api: Api, ref: string): Promise<{ readonly version: string }[]> {
  const path = `/v1/projects/${ref}/database/migrations`;
  return (await call(api, { path }, z.array(z.object({ version: z.string() })))).data;
}

/** Runs SQL in the project's database, as its owner. */
export async function runSql(api: Api, ref: string, query: string): Promise<void> {
  await call(api, {
    method: 'POST',
    path: `/v1/projects/${ref}/database/query`,
    body: { query },
    audit: { action: 'run SQL', writes: [{ place: 'database', name: ref }] },
    timeoutMs: requestTimeoutMs(60_000),
  });
}

/** The references of all projects that the token reaches. */
export async function listProjects(api: Api): Promise<string[]> {
  const { data } = await call(api, { path: '/v1/projects' }, z.array(z.object({ ref: z.string() })));
  return data.map(({ ref }) => ref);
}

/** A secret of the project's Edge Functions, which read it when they run. Its value is never shown. */
export interface FunctionSecret {
  readonly name: string;
  /** SHA-256 of the value, as hexadecimal digits. */
  readonly digest: string;
  /** ISO 8601; absent where Supabase does not say. */
  readonly updatedAt: string | undefined;
}

const secrets = z.array(
  z
    .object({ name: z.string(), value: z.string(), updated_at: z.string().optional() })
    .transform(({ name, value: digest, updated_at: updatedAt }): FunctionSecret => ({ name, digest, updatedAt })),
);

/** The names of the project's Edge Function secrets, with what shows whether a value is the expected one. */
export async function listFunctionSecrets(api: Api, ref: string): Promise<FunctionSecret[]> {
  return (await call(api, { path: `/v1/projects/${ref}/secrets` }, secrets)).data;
}

/** Sets one secret and leaves the others as they are. Names that begin with `SUPABASE_` are reserved. */
export async function setFunctionSecret(api: Api, ref: string, name: string, value: string): Promise<void> {
  const audit = { action: 'set', writes: [{ place: 'edgeFunction', name, value }] };
  await call(api, { method: 'POST', path: `/v1/projects/${ref}/secrets`, body: [{ name, value }], audit });
}

/** Removes one secret. Supabase answers the same for one that is not there. */
export async function deleteFunctionSecret(api: Api, ref: string, name: string): Promise<void> {
  const audit = { action: 'delete', writes: [{ place: 'edgeFunction', name }] };
  await call(api, { method: 'DELETE', path: `/v1/projects/${ref}/secrets`, body: [name], audit });
}

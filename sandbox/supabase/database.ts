import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { PGlite, Transaction } from '@electric-sql/pglite';
import type { Claims } from './keys.ts';

/** What a hosted project has before its first migration: roles, the auth schema, and the functions that policies call. */
const platform = `
create role anon nologin noinherit;
create role authenticated nologin noinherit;
create role service_role nologin noinherit bypassrls;
grant usage on schema public to anon, authenticated, service_role;
alter default privileges in schema public grant all on tables to anon, authenticated, service_role;
alter default privileges in schema public grant all on sequences to anon, authenticated, service_role;
alter default privileges in schema public grant execute on functions to anon, authenticated, service_role;
create schema auth;
grant usage on schema auth to anon, authenticated, service_role;
create table auth.users (
  id uuid primary key default gen_random_uuid(),
  email text not null unique,
  password_salt text not null,
  password_hash text not null,
  app_metadata jsonb not null default '{}',
  user_metadata jsonb not null default '{}',
  created_at timestamptz not null default now(),
  last_sign_in_at timestamptz
);
create table auth.refresh_tokens (
  token text primary key,
  user_id uuid not null references auth.users on delete cascade,
  created_at timestamptz not null default now()
);
create function auth.jwt() returns jsonb language sql stable as
  $$ select coalesce(nullif(current_setting('request.jwt.claims', true), ''), '{}')::jsonb $$;
create function auth.uid() returns uuid language sql stable as $$ select (auth.jwt() ->> 'sub')::uuid $$;
create function auth.role() returns text language sql stable as $$ select auth.jwt() ->> 'role' $$;
create schema supabase_migrations;
create table supabase_migrations.schema_migrations (version text primary key, name text);
`;

/** The project's PostgreSQL with its migrations. */
export interface Database {
  /** Runs `work` in one transaction as the role of `claims`, so that row-level security decides. */
  as<Result>(claims: Claims, work: (transaction: Transaction) => Promise<Result>): Promise<Result>;
  /** The database itself, past row-level security: for the auth service, migrations and tests. */
  readonly superuser: PGlite;
  close(): Promise<void>;
}

/** Applies those migrations of `folders` that are not applied yet, by file name over all folders. */
async function migrate(database: PGlite, folders: readonly string[]): Promise<void> {
  const files = folders
    .flatMap((folder) => readdirSync(folder).map((name) => ({ name, path: join(folder, name) })))
    .filter(({ name }) => name.endsWith('.sql'))
    .sort((a, b) => a.name.localeCompare(b.name));
  for (const { name, path } of files) {
    const version = name.split('_')[0] ?? name;
    const done = await database.query('select 1 from supabase_migrations.schema_migrations where version = $1', [
      version,
    ]);
    if (done.rows.length > 0) continue;
    await database.transaction(async (transaction) => {
      await transaction.exec(readFileSync(path, 'utf8'));
      await transaction.query('insert into supabase_migrations.schema_migrations values ($1, $2)', [version, name]);
    });
  }
}

/** Opens the database in `folder` (in memory when `undefined`), makes a new project of it if it is empty, and migrates it. */
export async function openDatabase(folder: string | undefined, migrations: readonly string[]): Promise<Database> {
  const { PGlite } = await import('@electric-sql/pglite'); // heavy: loaded by who really asks the database
  const database = await (folder === undefined ? PGlite.create() : PGlite.create(folder));
  const known = await database.query("select 1 from pg_roles where rolname = 'service_role'");
  if (known.rows.length === 0) await database.exec(platform);
  await migrate(database, migrations);
  return {
    superuser: database,
    as: (claims, work) =>
      database.transaction(async (transaction) => {
        // `set local` ends with the transaction; the role is one of three constants, never the caller's text.
        const role = claims.role === 'service_role' || claims.role === 'authenticated' ? claims.role : 'anon';
        await transaction.query("select set_config('request.jwt.claims', $1, true)", [JSON.stringify(claims)]);
        await transaction.exec(`set local role ${role}`);
        return work(transaction);
      }),
    close: () => database.close(),
  };
}

import { createHash } from 'node:crypto';
import { existsSync, openAsBlob, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { PGlite } from '@electric-sql/pglite';
import { writeWhole } from '../../../machine/writeWhole.ts';
import { projectRoot } from '../../../settings/stack/projectRoot.ts';

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

/**
 * Opens the database in `folder` (in memory when `undefined`); where there is none, one as a new project has it. PostgreSQL
 * takes seconds to make a cluster, so the first one is kept in dist/ and the others start as copies of it.
 */
export async function newProject(folder: string | undefined): Promise<PGlite> {
  const { PGlite } = await import('@electric-sql/pglite'); // heavy: loaded by who really asks the database
  const options = folder === undefined ? {} : { dataDir: folder };
  if (folder !== undefined && existsSync(join(folder, 'PG_VERSION'))) return PGlite.create(options);
  const kept = template();
  if (existsSync(kept)) return PGlite.create({ ...options, loadDataDir: await openAsBlob(kept) });
  const database = await PGlite.create(options);
  await database.exec(platform);
  writeWhole(kept, new Uint8Array(await (await database.dumpDataDir('none')).arrayBuffer()));
  return database;
}

/** Where the first cluster is kept: another one for another version of PostgreSQL, and for other contents. */
function template(): string {
  const root = projectRoot();
  const version = readFileSync(join(root, 'node_modules', '@electric-sql', 'pglite', 'package.json'));
  const key = createHash('sha256').update(version).update(platform).digest('hex').slice(0, 16);
  return join(root, 'dist', `database-${key}.tar`);
}

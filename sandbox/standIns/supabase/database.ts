import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { PGlite, Transaction } from '@electric-sql/pglite';
import type { Claims } from './keys.ts';
import { newProject } from './newProject.ts';

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
  const database = await newProject(folder);
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

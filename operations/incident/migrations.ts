import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Api } from '../../services/http.ts';
import { listMigrations, runSql } from '../../services/supabaseManagement.ts';
import { sharedProject } from '../../settings/sharedProject.ts';

/** One migration file, named as Supabase's command line names them: `VERSION_name.sql`. */
interface Migration {
  readonly version: string;
  readonly name: string;
  readonly sql: string;
}

const fileName = /^(\d+)_([\w-]+)\.sql$/;

/** The migrations of folders (relative to `root`), by version over all of them. */
export function readMigrations(root: string, folders: readonly string[]): Migration[] {
  return folders
    .flatMap((folder) =>
      readdirSync(resolve(root, folder)).flatMap((file) => {
        const [, version = '', name = ''] = fileName.exec(file) ?? [];
        return version === '' ? [] : [{ version, name, sql: readFileSync(join(resolve(root, folder), file), 'utf8') }];
      }),
    )
    .sort((a, b) => a.version.localeCompare(b.version));
}

/**
 * Applies to the shared project those migrations that its history does not have, in order, and enters each in the
 * history as Supabase's command line does: together with what it changes, or not at all. Yields what was applied.
 */
export async function applyMigrations(
  api: Api,
  migrations: readonly Migration[],
  report: (line: string) => void,
): Promise<string[]> {
  const known = new Set((await listMigrations(api, sharedProject.ref)).map(({ version }) => version));
  const missing = migrations.filter(({ version }) => !known.has(version));
  for (const { version, name, sql } of missing) {
    report(`  applying ${version}_${name} …`);
    // A file name has only digits and word characters, so nothing in it can end the quotes.
    const entry = `insert into supabase_migrations.schema_migrations (version, name) values ('${version}', '${name}');`;
    try {
      await runSql(api, sharedProject.ref, `begin;\n${sql}\n;${entry}\ncommit;`);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      throw new Error(`${version}_${name} was not applied, nor any after it: ${reason}`, { cause: error });
    }
  }
  return missing.map(({ version, name }) => `${version}_${name}`);
}

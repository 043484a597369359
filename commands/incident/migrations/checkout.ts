import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { forbiddenVersions, manifestFile, type Forbidden } from './manifest.ts';
import { requestsOf, type Requests } from './requests.ts';
import { splitStatements, type Statement } from './statements.ts';

/** One migration file, named as Supabase's command line names them: `VERSION_name.sql`. */
export interface Migration {
  readonly version: string;
  readonly name: string;
  readonly statements: readonly Statement[];
  readonly requests: Requests;
}

/** What an application's checkout says of its migrations. */
export interface Checkout {
  /** The checkout's folder. */
  readonly root: string;
  /** By version. */
  readonly migrations: readonly Migration[];
  /** Versions that the team forbids to apply, with its reason. */
  readonly forbidden: ReadonlyMap<string, Forbidden>;
}

/** Migrations that cannot be trusted to be applied: every problem, before anything runs. */
export class MigrationsRefused extends Error {
  override readonly name = 'MigrationsRefused';

  constructor(what: string, problems: readonly string[]) {
    super(`${what} Nothing was applied.\n${problems.map((problem) => `  - ${problem}`).join('\n')}`);
  }
}

const folderInCheckout = join('supabase', 'migrations');

/** The pattern of Supabase's command line. */
const fileName = /^([0-9]+)_(.*)\.sql$/;

/**
 * Reads the migrations of an application's checkout: of the folder itself, or of its `supabase/migrations`. Throws a
 * {@link MigrationsRefused} with all that is wrong with their names and texts.
 */
export function readCheckout(path: string): Checkout {
  const given = resolve(path);
  const isFolderItself = basename(given) === 'migrations' && basename(dirname(given)) === 'supabase';
  const root = isFolderItself ? dirname(dirname(given)) : given;
  const folder = join(root, folderInCheckout);
  if (!existsSync(folder) || !statSync(folder).isDirectory()) {
    throw new MigrationsRefused(`${path} has no folder ${folderInCheckout}.`, [
      'Name the checkout of the application whose migrations are to be applied.',
    ]);
  }
  const problems: string[] = [];
  const migrations = readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.sql'))
    .flatMap(({ name }) => {
      const read = readMigration(folder, name);
      if ('problem' in read) problems.push(`${name}: ${read.problem}`);
      return 'problem' in read ? [] : [read];
    })
    .sort((a, b) => (a.version < b.version ? -1 : 1)); // as the command line orders them: as text
  problems.push(...repeated(migrations));
  if (migrations.length === 0 && problems.length === 0) problems.push(`${folderInCheckout} has no migration.`);
  const forbidden = forbiddenVersions(root);
  if (typeof forbidden === 'string') problems.push(`${manifestFile}: ${forbidden}`);
  if (problems.length > 0 || typeof forbidden === 'string') {
    throw new MigrationsRefused(`The migrations of ${path} are not in order.`, problems);
  }
  return { root, migrations, forbidden };
}

function readMigration(folder: string, file: string): Migration | { readonly problem: string } {
  const [, version, name] = fileName.exec(file) ?? [];
  if (version === undefined || name === undefined) {
    return {
      problem: 'the name must be VERSION_name.sql; Supabase’s command line leaves such a file out without an error',
    };
  }
  try {
    const statements = splitStatements(readFileSync(join(folder, file), 'utf8').replace(/^\uFEFF/, ''));
    return { version, name, statements, requests: requestsOf(statements) };
  } catch (error) {
    return { problem: error instanceof Error ? error.message : String(error) };
  }
}

function repeated(migrations: readonly Migration[]): string[] {
  const byVersion = Map.groupBy(migrations, ({ version }) => version);
  return [...byVersion.values()]
    .filter((same) => same.length > 1)
    .map((same) => `${same.map(titleOf).join(' and ')} have one version: only the first of them could be recorded.`);
}

/** `VERSION_name`. */
export function titleOf({ version, name }: Pick<Migration, 'version' | 'name'>): string {
  return `${version}_${name}`;
}

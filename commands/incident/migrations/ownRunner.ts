import { ServiceError, type Api } from '../../../services/door/http.ts';
import { listMigrations, runSql } from '../../../services/supabase/management.ts';
import { titleOf, type Migration } from './checkout.ts';
import { postgresMessage } from './postgresMessage.ts';

/** A migration did not apply: which, what PostgreSQL says, and what stands now. */
class MigrationFailed extends Error {
  override readonly name = 'MigrationFailed';
  readonly applied: readonly string[];

  constructor(message: string, applied: readonly string[], options: ErrorOptions) {
    super(message, options);
    this.applied = applied;
  }
}

/** The history's table as Supabase's command line makes it; a project's own may lack the newer columns. */
const history = `set lock_timeout = '4s';
create schema if not exists supabase_migrations;
create table if not exists supabase_migrations.schema_migrations (version text not null primary key);
alter table supabase_migrations.schema_migrations add column if not exists statements text[];
alter table supabase_migrations.schema_migrations add column if not exists name text;`;

/**
 * Applies migrations in order through the Management API, each with its row in the history. Yields the titles of those
 * applied; throws a {@link MigrationFailed} at the first that fails, and applies none after it.
 */
export async function runMigrations(
  api: Api,
  ref: string,
  pending: readonly Migration[],
  report: (line: string) => void,
): Promise<string[]> {
  const applied: string[] = [];
  if (pending.length > 0) await runSql(api, ref, history);
  for (const migration of pending) {
    const title = titleOf(migration);
    const { form, parts } = migration.requests;
    report(
      `  applying ${title}${form === 'apart' ? ` (in ${parts.length} requests, for not all of it runs in a transaction)` : ''} …`,
    );
    const row = ledgerRow(migration);
    const requests = requestsWith(row, migration);
    let done = 0;
    try {
      for (const request of requests) {
        await runSql(api, ref, request);
        done += 1;
      }
    } catch (error) {
      if (isUnanswered(error)) {
        // It may have happened all the same; only the history knows, and a row is its last step.
        if (await isInHistory(api, ref, migration)) {
          applied.push(title);
          continue;
        }
        throw new MigrationFailed(unanswered(title, error), applied, { cause: error });
      }
      throw new MigrationFailed(failure(title, { form, done, all: requests.length }, error), applied, {
        cause: error,
      });
    }
    applied.push(title);
  }
  return applied;
}

/** Whether nothing is known of what became of a request. */
function isUnanswered(error: unknown): boolean {
  return error instanceof ServiceError && (error.status === 0 || error.status >= 500);
}

async function isInHistory(api: Api, ref: string, { version }: Migration): Promise<boolean> {
  return (await listMigrations(api, ref)).some((row) => row.version === version);
}

function unanswered(title: string, error: unknown): string {
  const reason = error instanceof Error ? error.message : String(error);
  return (
    `${title} is not in the history, and none after it was applied: ${reason} ` +
    'Without an answer it may still be running: wait, then run this again. It goes on where it was.'
  );
}

function requestsWith(row: string, { requests: { form, parts } }: Migration): string[] {
  const whole = parts.join('\n');
  if (form === 'ours') return [`begin;\n${whole}\n${row}\ncommit;`];
  return form === 'own' ? [`${whole}\n${row}`] : [...parts, row];
}

function failure(
  title: string,
  { form, done, all }: { readonly form: Migration['requests']['form']; readonly done: number; readonly all: number },
  error: unknown,
): string {
  const reason = postgresMessage(error) ?? (error instanceof Error ? error.message : String(error));
  if (form === 'ours' || (form === 'apart' && done === 0)) {
    return `${title} was not applied, nor any after it: ${reason}`;
  }
  if (form === 'own') {
    return (
      `${title} was not applied whole, nor any after it. It has transactions of its own: what it had committed before the ` +
      `error stands, and it is not in the history: ${reason}`
    );
  }
  if (done === all - 1) {
    return `${title} was applied, but could not be entered in the history, and none after it was applied: ${reason}`;
  }
  return `${title} was applied in part: ${done} of its ${all - 1} parts stand, it is not in the history, and none after it was applied: ${reason}`;
}

function ledgerRow({ version, name, statements }: Migration): string {
  const texts = statements.map(({ text }) => literal(text)).join(', ');
  const values = `${literal(version)}, ${literal(name)}, array[${texts}]::text[]`;
  return `insert into supabase_migrations.schema_migrations (version, name, statements) values (${values});`;
}

/** A string literal that no setting and no character in it can end. */
function literal(text: string): string {
  const doubled = text.replaceAll("'", "''");
  return text.includes('\\') ? `E'${doubled.replaceAll('\\', '\\\\')}'` : `'${doubled}'`;
}

import type { Statement } from './statements.ts';

/** How the statements of one migration reach the database: each request by itself, in order. */
export interface Requests {
  /** `ours`: one transaction of ours. `own`: one request with the file's own. `apart`: several requests. */
  readonly form: 'ours' | 'own' | 'apart';
  readonly parts: readonly string[];
  /** Why it cannot be run request by request; `undefined` when it can. */
  readonly problem: string | undefined;
}

/**
 * A migration is one transaction of ours, unless it has its own (`BEGIN … COMMIT`): then it is sent as it stands. One with
 * a statement that PostgreSQL runs in no transaction (`CREATE INDEX CONCURRENTLY`) is sent in parts: each such statement,
 * and each transaction of the file's own, is a request by itself, because several statements in one are a transaction.
 */
export function requestsOf(statements: readonly Statement[]): Requests {
  const parts = partsOf(statements);
  if (typeof parts === 'string') return { form: 'apart', parts: [], problem: parts };
  const join = (several: readonly Statement[]) => several.map(({ text }) => `${text}\n;`).join('\n');
  if (!statements.some(runsAlone)) {
    const form = statements.some(opens) ? 'own' : 'ours';
    return { form, parts: [join(statements)], problem: undefined };
  }
  const sets = statements.some(({ words: [first, second] }) => first === 'SET' && second !== 'LOCAL');
  const problem = sets
    ? 'it sets a setting of the session (SET) for statements that each need a request of their own. Use Supabase’s command line'
    : undefined;
  return { form: 'apart', parts: parts.map(join), problem };
}

/** The statements that stay together, in order; or what is wrong with the file's transactions. */
function partsOf(statements: readonly Statement[]): Statement[][] | string {
  const parts: Statement[][] = [];
  let open: Statement[] | undefined; // a transaction of the file's own
  let plain: Statement[] = [];
  const settle = () => {
    if (plain.length > 0) parts.push(plain);
    plain = [];
  };
  for (const statement of statements) {
    if (open !== undefined) {
      if (runsAlone(statement)) return `${head(statement)} cannot run inside of a transaction`;
      open.push(statement);
      if (!closes(statement)) continue;
      parts.push(open);
      open = undefined;
    } else if (closes(statement)) {
      return `${head(statement)} ends a transaction that the file does not begin`;
    } else if (opens(statement)) {
      settle();
      open = [statement];
    } else if (runsAlone(statement)) {
      settle();
      parts.push([statement]);
    } else if (statement.words.length > 0) plain.push(statement);
  }
  settle();
  return open === undefined ? parts : 'its transaction never ends: COMMIT is missing';
}

function opens({ words: [first, second] }: Statement): boolean {
  return first === 'BEGIN' || (first === 'START' && second === 'TRANSACTION');
}

function closes({ words }: Statement): boolean {
  const [first] = words;
  if (first === 'ROLLBACK') return !words.includes('TO');
  return first === 'COMMIT' || first === 'END' || first === 'ABORT';
}

function runsAlone({ words }: Statement): boolean {
  const [first, second] = words;
  if (first === 'VACUUM' || (first === 'ALTER' && second === 'SYSTEM')) return true;
  if ((first === 'CREATE' || first === 'DROP') && (second === 'DATABASE' || second === 'TABLESPACE')) return true;
  // REFRESH MATERIALIZED VIEW CONCURRENTLY is the one that may be in a transaction.
  return words.includes('CONCURRENTLY') && first !== 'REFRESH';
}

function head({ words }: Statement): string {
  return words.slice(0, 4).join(' ');
}

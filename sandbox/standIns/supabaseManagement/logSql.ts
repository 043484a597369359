import type { LogLine } from '../supabase/requestLog.ts';

/** What the log query’s engine says of a text that it does not take. */
export class LogSqlError extends Error {}

type Row = Record<string, string | number>;
type Read = (line: LogLine) => string | number;
type Aggregate = (lines: readonly LogLine[]) => string | number;
interface Column {
  readonly name: string;
  readonly read?: Read;
  readonly aggregate?: Aggregate;
}

/** A query yields no more rows. */
const mostRows = 1000;

/**
 * A part of ClickHouse's dialect on the table `logs`: columns, `log_attributes['key']`, `count()`, `min`, `max`, `=`, `in`, `and`, `or`,
 * `group by`, `order by`, `limit`. Every other form is refused: nothing is answered that was not computed.
 */
export function runLogSql(sql: string, lines: readonly LogLine[]): Row[] {
  const parser = new Parser(sql);
  const { columns, where, groups, order, limit } = parser.query();
  const found = lines.filter(where);
  const rows = columns.some(({ aggregate }) => aggregate !== undefined)
    ? grouped(found, columns, groups)
    : found.map((line) => Object.fromEntries(columns.map(({ name, read }) => [name, read?.(line) ?? ''])));
  if (order !== undefined) {
    const sign = order.isDescending ? -1 : 1;
    rows.sort((one, other) => {
      const [a = '', b = ''] = [one[order.by], other[order.by]];
      return (a < b ? -1 : a > b ? 1 : 0) * sign;
    });
  }
  return rows.slice(0, Math.min(limit, mostRows));
}

function grouped(lines: readonly LogLine[], columns: readonly Column[], groups: readonly string[]): Row[] {
  const keys = columns.filter(({ read }) => read !== undefined);
  const missing = keys.find(({ name }) => !groups.includes(name));
  if (missing) throw new LogSqlError(`Column ${missing.name} is not under aggregate function and not in GROUP BY keys`);
  const sets = new Map<string, LogLine[]>();
  for (const line of lines) {
    const key = JSON.stringify(keys.map(({ read }) => read?.(line)));
    const known = sets.get(key);
    if (known) known.push(line);
    else sets.set(key, [line]);
  }
  return [...sets.values()].map((set) =>
    Object.fromEntries(
      columns.map(({ name, read, aggregate }) => [name, aggregate?.(set) ?? (set[0] ? (read?.(set[0]) ?? '') : '')]),
    ),
  );
}

/** As the engine writes a time: microseconds, no zone. */
const shown = (milliseconds: number) => new Date(milliseconds).toISOString().replace('Z', '000');

const plain: Readonly<Record<string, Read>> = {
  id: ({ id }) => id,
  source: ({ source }) => source,
  event_message: ({ event_message }) => event_message,
  timestamp: ({ timestamp }) => shown(timestamp),
};

const token = /\s+|--[^\n]*(?:\n|$)|'(?:[^'\\]|\\.)*'|[A-Za-z_]\w*|\d+|[(),=*[\]]/y;

class Parser {
  readonly #tokens: string[] = [];
  #at = 0;

  constructor(sql: string) {
    token.lastIndex = 0;
    while (token.lastIndex < sql.length) {
      const [found] = token.exec(sql) ?? [];
      if (found === undefined) throw new LogSqlError('Syntax error');
      if (!/^(?:\s|--)/.test(found)) this.#tokens.push(found);
    }
  }

  query() {
    this.#expect('select');
    const columns = this.#list(() => this.#column());
    this.#expect('from');
    const table = this.#next();
    if (table !== 'logs') throw new LogSqlError(`Table "${table}" does not exist`);
    this.#expect('where');
    const where = this.#either();
    const groups = this.#takes('group') ? (this.#expect('by'), this.#list(() => this.#next())) : [];
    const order = this.#takes('order') ? (this.#expect('by'), this.#order()) : undefined;
    const limit = this.#takes('limit') ? Number(this.#next()) : mostRows;
    if (this.#at < this.#tokens.length || Number.isNaN(limit)) throw new LogSqlError('Syntax error');
    return { columns, where, groups, order, limit };
  }

  #order() {
    const by = this.#next();
    const isDescending = this.#takes('desc');
    if (!isDescending) this.#takes('asc');
    return { by, isDescending };
  }

  #column(): Column {
    const first = this.#next();
    const aggregate = this.#peek() === '(' ? this.#aggregate(first) : undefined;
    const read = aggregate === undefined ? this.#value(first) : undefined;
    const name = this.#takes('as') ? this.#next() : first;
    return { name, ...(aggregate && { aggregate }), ...(read && { read }) };
  }

  #aggregate(name: string): Aggregate {
    this.#expect('(');
    if (name === 'count') {
      this.#expect(')'); // `count(*)` is refused here as there
      return (lines) => lines.length;
    }
    if (name !== 'max' && name !== 'min') throw new LogSqlError(`Unknown function ${name}`);
    const read = this.#value(this.#next());
    this.#expect(')');
    return (lines) => {
      const values = lines.map(read).sort();
      return values.at(name === 'max' ? -1 : 0) ?? '';
    };
  }

  #value(first: string): Read {
    if (first !== 'log_attributes') {
      const read = plain[first];
      if (read === undefined) throw new LogSqlError(`Unknown identifier ${first}`);
      return read;
    }
    this.#expect('[');
    const key = this.#text();
    this.#expect(']');
    return ({ log_attributes: attributes }) => attributes[key] ?? ''; // what a map lacks is empty
  }

  #either(): (line: LogLine) => boolean {
    const parts = [this.#both()];
    while (this.#takes('or')) parts.push(this.#both());
    return (line) => parts.some((part) => part(line));
  }

  #both(): (line: LogLine) => boolean {
    const parts = [this.#condition()];
    while (this.#takes('and')) parts.push(this.#condition());
    return (line) => parts.every((part) => part(line));
  }

  #condition(): (line: LogLine) => boolean {
    if (this.#takes('(')) {
      const inner = this.#either();
      this.#expect(')');
      return inner;
    }
    const read = this.#value(this.#next());
    if (this.#takes('=')) {
      const wanted = this.#text();
      return (line) => read(line) === wanted;
    }
    this.#expect('in');
    this.#expect('(');
    const wanted = this.#list(() => this.#text());
    this.#expect(')');
    return (line) => wanted.includes(String(read(line)));
  }

  #list<Item>(item: () => Item): Item[] {
    const items = [item()];
    while (this.#takes(',')) items.push(item());
    return items;
  }

  #text(): string {
    const found = this.#next();
    if (!found.startsWith("'")) throw new LogSqlError('Syntax error');
    return found.slice(1, -1).replace(/\\(.)/g, '$1');
  }

  #peek(): string {
    return this.#tokens[this.#at] ?? '';
  }

  #next(): string {
    const found = this.#peek();
    if (found === '') throw new LogSqlError('Syntax error');
    this.#at += 1;
    return found;
  }

  #takes(word: string): boolean {
    if (this.#peek().toLowerCase() !== word) return false;
    this.#at += 1;
    return true;
  }

  #expect(word: string): void {
    if (!this.#takes(word)) throw new LogSqlError('Syntax error');
  }
}

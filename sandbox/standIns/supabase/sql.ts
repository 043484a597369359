import { RestError } from './restError.ts';

/** A quoted identifier. */
export function identifier(name: string): string {
  if (name === '' || name.includes('\0')) throw new RestError(400, 'PGRST100', 'empty name');
  return `"${name.replaceAll('"', '""')}"`;
}

/**
 * A quoted literal of unknown type, so that PostgreSQL reads it as the column's own type (a bound parameter would need
 * its type). Quotes are doubled; backslashes are plain, as `standard_conforming_strings` is on.
 */
export function literal(value: string): string {
  if (value.includes('\0')) throw new RestError(400, '22021', 'invalid byte sequence');
  return `'${value.replaceAll("'", "''")}'`;
}

/** A column, or a field of a JSON column (`payload->>name`). */
export function column(path: string): string {
  const [first, ...rest] = path.split(/(->>|->)/);
  let sql = identifier(first ?? '');
  for (let i = 0; i < rest.length; i += 2) sql += `${rest[i] ?? ''}${literal(rest[i + 1] ?? '')}`;
  return sql;
}

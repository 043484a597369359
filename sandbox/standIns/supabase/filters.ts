import { RestError } from './restError.ts';
import { column, literal } from './sql.ts';

const comparisons: Readonly<Record<string, string>> = {
  eq: '=',
  neq: '<>',
  gt: '>',
  gte: '>=',
  lt: '<',
  lte: '<=',
  like: 'like',
  ilike: 'ilike',
  match: '~',
  cs: '@>',
  cd: '<@',
};

/** Splits at commas that stand outside of brackets and double quotes. */
function splitTop(text: string): string[] {
  const parts: string[] = [];
  let depth = 0;
  let quoted = false;
  let part = '';
  for (const character of text) {
    if (character === '"') quoted = !quoted;
    if (!quoted && (character === '(' || character === '{')) depth += 1;
    if (!quoted && (character === ')' || character === '}')) depth -= 1;
    if (character === ',' && depth === 0 && !quoted) {
      parts.push(part);
      part = '';
    } else part += character;
  }
  return part === '' && parts.length === 0 ? [] : [...parts, part];
}

function unquote(text: string): string {
  return text.startsWith('"') && text.endsWith('"') && text.length > 1
    ? text.slice(1, -1).replaceAll('\\"', '"')
    : text;
}

/** One condition, `name` with `operator.value` (`eq.1`, `not.is.null`, `in.(a,b)`). */
function condition(name: string, expression: string): string {
  if (expression.startsWith('not.')) return `not (${condition(name, expression.slice(4))})`;
  const dot = expression.indexOf('.');
  const operator = dot < 0 ? expression : expression.slice(0, dot);
  const value = dot < 0 ? '' : expression.slice(dot + 1);
  if (operator === 'is') {
    if (!/^(null|true|false|unknown)$/i.test(value)) throw new RestError(400, 'PGRST100', `cannot parse is.${value}`);
    return `${column(name)} is ${value}`;
  }
  if (operator === 'in') {
    const values = splitTop(value.replace(/^\(/, '').replace(/\)$/, '')).map((one) => literal(unquote(one)));
    return values.length === 0 ? 'false' : `${column(name)} in (${values.join(', ')})`;
  }
  const sql = comparisons[operator];
  if (sql === undefined) throw new RestError(400, 'PGRST100', `"failed to parse filter (${operator})"`);
  const pattern = operator === 'like' || operator === 'ilike' ? value.replaceAll('*', '%') : value;
  return `${column(name)} ${sql} ${literal(pattern)}`;
}

/** `(a.eq.1,and(b.gt.2,c.is.null))` joined by `and` or `or`. */
function group(joint: string, text: string): string {
  const parts = splitTop(text.replace(/^\(/, '').replace(/\)$/, '')).map((part) => {
    const nested = /^(not\.)?(and|or)(\(.*\))$/s.exec(part);
    if (nested) return `${nested[1] ? 'not ' : ''}${group(nested[2] ?? 'and', nested[3] ?? '()')}`;
    const dot = part.indexOf('.');
    if (dot < 0) throw new RestError(400, 'PGRST100', `"failed to parse logic tree (${text})"`);
    return condition(part.slice(0, dot), part.slice(dot + 1));
  });
  return `(${parts.join(` ${joint} `)})`;
}

/** Parameters that are no filters. */
const reserved = new Set(['select', 'order', 'limit', 'offset', 'columns', 'on_conflict']);

/** The `where` clause of a query string, empty without filters. */
export function whereClause(query: URLSearchParams): string {
  const conditions = [...query]
    .filter(([name]) => !reserved.has(name))
    .map(([name, value]) => {
      const logic = /^(not\.)?(and|or)$/.exec(name);
      if (logic) return `${logic[1] ? 'not ' : ''}${group(logic[2] ?? 'and', value)}`;
      return condition(name, value);
    });
  return conditions.length === 0 ? '' : ` where ${conditions.join(' and ')}`;
}

/** The `order by` clause; `created_at.desc.nullslast,id`. */
export function orderClause(query: URLSearchParams): string {
  const order = query.get('order');
  if (order === null || order === '') return '';
  const terms = order.split(',').map((term) => {
    const [name, ...flags] = term.split('.');
    const direction = flags.includes('desc') ? ' desc' : '';
    const nulls = flags.includes('nullsfirst') ? ' nulls first' : flags.includes('nullslast') ? ' nulls last' : '';
    return column(name ?? '') + direction + nulls;
  });
  return ` order by ${terms.join(', ')}`;
}

/** The columns of `select=`, each under its name or alias (`total:amount`). Embedded tables are not known here. */
export function selectList(query: URLSearchParams): string {
  const parts = splitTop(query.get('select') ?? '*').map((part) => part.trim());
  if (parts.length === 0) return '*';
  return parts
    .map((part) => {
      if (part === '*') return '*';
      if (part.includes('(')) {
        throw new RestError(400, 'PGRST200', `the sandbox's PostgREST has no embedded tables: ${part}`);
      }
      const { alias, name = part } = /^(?:(?<alias>[^:]+):(?!:))?(?<name>.*?)(?:::.*)?$/s.exec(part)?.groups ?? {};
      return `${column(name)} as ${column(alias ?? name.split(/->>|->/).at(-1) ?? name)}`;
    })
    .join(', ');
}

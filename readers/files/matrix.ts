import { data, Evaluator, Lexer, Parser } from '@actions/expressions';
import { z } from 'zod';
import { expressionsIn } from './expressions.ts';

/** One combination of a job's matrix. */
export type Combination = Readonly<Record<string, unknown>>;

const combination = z.record(z.string(), z.unknown());
const shape = z.looseObject({ include: z.array(combination).optional(), exclude: z.array(combination).optional() });

/** No job of GitHub's has more. */
const most = 256;

/** The combinations of a matrix, as far as its text says; of none, or of one that is worked out when it runs, a single empty one. */
export function combinationsOf(matrix: unknown): readonly Combination[] {
  const { include = [], exclude = [], ...axes } = shape.safeParse(matrix).data ?? {};
  let made: Combination[] = [{}];
  for (const [key, values] of Object.entries(axes)) {
    const listed: unknown[] = Array.isArray(values) ? values : [undefined];
    made = made.flatMap((before) => listed.map((value) => ({ ...before, [key]: value }))).slice(0, most);
  }
  const kept = made.filter((each) => !exclude.some((out) => fits(out, each, Object.keys(out))));
  const own = Object.keys(axes);
  const extended = kept.map((each): Combination => {
    const further = own.length === 0 ? [] : include.filter((more) => fits(more, each, own));
    return Object.assign({}, each, ...further) as Combination;
  });
  const added = include.filter((more) => own.length === 0 || !kept.some((each) => fits(more, each, own)));
  const all = own.length === 0 && added.length > 0 ? added : [...extended, ...added];
  return all.length > 0 ? all : [{}];
}

/** Whether what both name of `keys` is the same. */
function fits(part: Combination, whole: Combination, keys: readonly string[]): boolean {
  return keys.every((key) => !(key in part) || JSON.stringify(part[key]) === JSON.stringify(whole[key]));
}

/** What an expression is in a combination; `undefined` where only a run says so. */
export function evaluated(expression: string, of: Combination): string | undefined {
  try {
    const parsed = new Parser(new Lexer(expression).lex().tokens, ['matrix'], []).parse();
    const matrix = JSON.parse(JSON.stringify(of), data.reviver) as data.ExpressionData;
    const text = new Evaluator(parsed, new data.Dictionary({ key: 'matrix', value: matrix })).evaluate().coerceString();
    return text === '' || text.includes('${{') ? undefined : text;
  } catch {
    return undefined;
  }
}

/** A text with its expressions filled in; `undefined` for none, and where only a run says so. */
export function filledIn(text: string, of: Combination): string | undefined {
  let filled = text;
  for (const expression of expressionsIn(text)) {
    const value = evaluated(expression, of);
    if (value === undefined) return undefined;
    filled = filled.replace(`\${{${expression}}}`, () => value);
  }
  return filled === '' ? undefined : filled;
}

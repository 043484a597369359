import { data, Evaluator, Lexer, Parser } from '@actions/expressions';
import { isBasicExpression, isMapping, isScalar } from '@actions/workflow-parser';
import type { TemplateToken } from '@actions/workflow-parser/templates/tokens/index';

/** How things stand where a condition is asked. */
export type Status = 'success' | 'failure' | 'cancelled';

/** GitHub's contexts (`github`, `needs`, `secrets`, `steps`, …) as plain data, and the status so far. */
export interface Surroundings {
  readonly contexts: Readonly<Record<string, unknown>>;
  readonly status: Status;
}

function evaluate(expression: string, { contexts, status }: Surroundings): data.ExpressionData {
  const answer = (name: string, value: boolean) =>
    [name, { name, minArgs: 0, maxArgs: 0, call: () => new data.BooleanData(value) }] as const;
  const functions = new Map([
    answer('always', true),
    answer('success', status === 'success'),
    answer('failure', status === 'failure'),
    answer('cancelled', status === 'cancelled'),
  ]);
  const { tokens } = new Lexer(expression).lex();
  const parsed = new Parser(tokens, Object.keys(contexts), [...functions.values()]).parse();
  const known = JSON.parse(JSON.stringify(contexts), data.reviver) as data.Dictionary;
  return new Evaluator(parsed, known, functions).evaluate();
}

/** A value of the file, its expressions evaluated, as text. */
export function text(token: TemplateToken | undefined, surroundings: Surroundings): string {
  if (token === undefined) return '';
  if (isBasicExpression(token)) return evaluate(token.expression, surroundings).coerceString();
  return isScalar(token) ? token.toString() : '';
}

/** Whether an `if:` holds. GitHub's parser has put `success() &&` before those that ask for no status. */
export function holds(token: TemplateToken | undefined, surroundings: Surroundings): boolean {
  if (token === undefined) return surroundings.status === 'success';
  return !['', 'false', '0'].includes(text(token, surroundings));
}

/** A mapping (`env`, `outputs`) with its values evaluated. */
export function mapping(token: TemplateToken | undefined, surroundings: Surroundings): Record<string, string> {
  if (token === undefined || !isMapping(token)) return {};
  const result: Record<string, string> = {};
  const { count } = token;
  for (let index = 0; index < count; index += 1) {
    const { key, value } = token.get(index);
    result[key.toString()] = text(value, surroundings);
  }
  return result;
}

import { shapeRules } from '../../../detection/rules/index.ts';
import { encodedTexts } from '../../../detection/text/encodedTexts.ts';
import { unescapedView } from '../../../detection/text/views.ts';

/** Everything that the detection calls an error, but for Google's keys, whose kind for browsers has the same shape. */
const rules = shapeRules.filter(({ id, severity }) => severity === 'error' && id !== 'google-key');

/** What kinds of keys that belong on a server stand in a published text, encoded or not. Never a value. */
export function serverKeysIn(text: string): string[] {
  const readable = unescapedView(text)?.text ?? text;
  return [readable, ...[...encodedTexts(readable)].map((encoded) => encoded.text)].flatMap((one) =>
    rules.filter((rule) => finds(rule, one)).map(({ summary }) => summary),
  );
}

function finds(rule: (typeof rules)[number], text: string): boolean {
  if (rule.hints && !rule.hints.some((hint) => text.includes(hint))) return false;
  return rule.find(text)[Symbol.iterator]().next().done !== true;
}

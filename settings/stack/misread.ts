import { isPair, isScalar, visit, type Document } from 'yaml';

/** A whole number as Pulumi's reader takes it (YAML 1.1, by Go): `017` is octal, `0b101` binary, `1_000` a thousand. */
const integer = /^[-+]?(?:0b[01]+|0o?[0-7]+|0x[0-9a-f]+|0|[1-9][0-9]*)$/i;
const decimal = /^[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:e[-+]?[0-9]+)?$/i;
const date = /^\d{4}-\d{1,2}-\d{1,2}(?:[Tt ].*)?$/;

/**
 * What below `config` Pulumi reads as another value than is written there, or than this project's own reader takes it for:
 * numbers of YAML 1.1 and beyond a double, and dates. Each with its key; never with the value.
 */
export function misread(document: Document): string[] {
  const problems: string[] = [];
  visit(document, {
    Scalar(role, node, path) {
      if (role === 'key' || node.type !== 'PLAIN' || node.source === undefined) return;
      const keys = path.flatMap((each) => (isPair(each) && isScalar(each.key) ? [String(each.key.value)] : []));
      if (keys[0] !== 'config' || isRead(node.source, node.value)) return;
      problems.push(`${keys.slice(1).join('.')}: Pulumi reads this number or date as another value. Put it in quotes`);
    },
  });
  return problems;
}

/** Whether Pulumi reads a plain word as this value. */
function isRead(source: string, value: unknown): boolean {
  if (!/^[-+.0-9]/.test(source)) return true;
  if (date.test(source)) return false;
  const digits = source.replaceAll('_', '');
  if (integer.test(digits)) return value === asInteger(digits) && Number.isSafeInteger(value);
  return decimal.test(digits) ? value === Number(digits) : true;
}

function asInteger(digits: string): number {
  const [, sign = '', number = ''] = /^([-+]?)(.*)$/.exec(digits) ?? [];
  const size = Number(number.replace(/^0(?=[0-7])/, '0o'));
  return sign === '-' ? -size : size;
}

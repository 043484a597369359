import { findSecrets } from '../detection/findSecrets.ts';
import { isSensitiveName } from '../detection/names.ts';
import { isSecretValue } from '../detection/rules/sensitiveName.ts';

/** Why a value is taken for a secret, in words that do not show it; nothing when it is none. */
export function secretReason(name: string, value: string): string | undefined {
  const [found] = findSecrets(value).filter(({ severity }) => severity === 'error');
  if (found) return `holds ${/^[aeiou]/i.test(found.summary) ? 'an' : 'a'} ${found.summary}`;
  if (isSensitiveName(name) && isSecretValue(name, value)) return 'holds a high-entropy value under a sensitive name';
  return undefined;
}

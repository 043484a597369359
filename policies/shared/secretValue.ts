import { findSecrets } from '../../detection/findSecrets.ts';
import { isPasswordName } from '../../detection/harmlessValue.ts';
import { isSensitiveName } from '../../detection/names.ts';
import { isPassphrase } from '../../detection/passphrase.ts';
import { isSecretValue } from '../../detection/secretValue.ts';

/** Why a value is taken for a secret, in words that do not show it; nothing when it is none. */
export function secretReason(name: string, value: string): string | undefined {
  const [found] = findSecrets(value).filter(({ severity }) => severity === 'error');
  if (found) return `holds ${/^[aeiou]/i.test(found.summary) ? 'an' : 'a'} ${found.summary}`;
  if (!isSensitiveName(name)) return undefined;
  if (isSecretValue(name, value)) return 'holds a high-entropy value under a sensitive name';
  if (isPasswordName(name) && isPassphrase(value)) return 'holds a passphrase under the name of a password';
  return undefined;
}

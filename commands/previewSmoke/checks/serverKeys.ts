import { findSecrets } from '../../../detection/findSecrets.ts';

/**
 * What kinds of keys that belong on a server stand in a published text, encoded or not: whatever the scan calls an error by
 * its form, but for Google's keys, whose kind for browsers has the same form. Never a value.
 */
export function serverKeysIn(text: string): string[] {
  return findSecrets(text, { only: 'shapes' })
    .filter(({ rule, severity }) => severity === 'error' && rule !== 'google-key')
    .map(({ summary }) => summary);
}

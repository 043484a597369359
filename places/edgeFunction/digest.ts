import { createHash } from 'node:crypto';

/** What Supabase shows in the place of a secret's value: its SHA-256, as hexadecimal digits in small letters. */
export function digestOf(value: string): string {
  return createHash('sha256').update(value).digest('hex');
}

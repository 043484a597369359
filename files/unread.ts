import { createHash } from 'node:crypto';
import type { ScanFinding } from './scanFinding.ts';
import type { Source } from './source.ts';

/** The rule of what could not be looked through: a limit never hides anything silently. */
export const unreadRule = 'content-not-read';

/** Says that a source was not looked through as a whole, and why. */
export function unreadFinding({ file, commit }: Source, reason: string): ScanFinding {
  return {
    file,
    line: 1,
    column: 1,
    rule: unreadRule,
    severity: 'warning',
    summary: `not looked through as a whole: ${reason}`,
    fix: 'Unpack it and scan the folder, or keep it out of the repository.',
    fingerprint: createHash('sha256').update(['v2', unreadRule, reason].join('\0')).digest('hex').slice(0, 12),
    ...(commit && { commit }),
  };
}

import type { DetectionRule } from '../finding.ts';
import { moveToVault } from '../rule.ts';
import { isArgumentSecret } from './commandLine.ts';

/** A line of PostgreSQL's password file: host, port, database, user, password. */
const line = /^[\w.*-]{1,253}:(?:\d{2,5}|\*):[^:\s]{1,63}:[^:\s]{1,63}:([^\s:]{6,200})[ \t]{0,20}\r?$/gm;

/** `.pgpass`, which keeps every password in the clear. */
export const passwordFile: DetectionRule = {
  id: 'password-file-line',
  severity: 'error',
  summary: 'password in a line of PostgreSQL’s password file',
  fix: moveToVault,
  *find(text) {
    for (const match of text.matchAll(line)) {
      const value = match[1] ?? '';
      const start = match.index + match[0].lastIndexOf(value);
      if (isArgumentSecret(value)) yield { start, end: start + value.length };
    }
  },
};

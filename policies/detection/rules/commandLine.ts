import type { DetectionRule, Span } from '../finding.ts';
import { classCount, looksRandom } from '../randomness.ts';
import { moveToVault } from '../rule.ts';
import { isStockPassword } from './connectionUrl.ts';

/** Programs that take a password or a token as an argument, each with the argument as its only group. */
const calls: readonly RegExp[] = [
  /\b(?:docker|podman|nerdctl|helm registry|oras|skopeo|buildah)\s{1,5}login\b[^\n|;&]{0,200}?\s(?:-p|--password)[= ]{1,3}["']?([^\s"'$<>]{6,300})/g,
  /\bsshpass\s{1,5}-p\s{0,3}["']?([^\s"'$<>]{6,200})/g,
  /\b(?:mysql|mysqldump|mysqladmin|mariadb|mariadb-dump)\b[^\n|;&]{0,200}?\s-p["']?([^\s"'$<>]{6,200})/g,
  /\bcurl\b[^\n|;&]{0,300}?\s(?:-u|--user)[= ]{1,3}["']?([^\s"'$:<>]{16,300}):["']?(?=\s|$)/gm,
  /\b(?:PGPASSWORD|MYSQL_PWD|SSHPASS|RESTIC_PASSWORD)=["']?([^\s"'$<>]{6,200})/g,
];

/** Whether an argument is the secret itself: generated, or a password of several kinds of characters. */
function isSecret(value: string): boolean {
  if (isStockPassword(value) || /[{}()`*]/.test(value) || /^[-/.~%@]/.test(value)) return false;
  return looksRandom(value, 12) || (value.length >= 8 && classCount(value) >= 3 && /\d/.test(value));
}

function* places(text: string, examplesToo: boolean): Generator<Span> {
  for (const call of calls) {
    for (const match of text.matchAll(call)) {
      const value = match[1] ?? '';
      const start = match.index + match[0].lastIndexOf(value);
      if (examplesToo || isSecret(value)) yield { start, end: start + value.length };
    }
  }
}

/** A password or a token on a command line: it stands in the history of shells and in the list of processes too. */
export const commandLine: DetectionRule = {
  id: 'secret-on-command-line',
  severity: 'error',
  summary: 'password or token on a command line',
  fix: moveToVault,
  hints: ['login', 'sshpass', 'mysql', 'mariadb', 'curl', 'PGPASSWORD', 'MYSQL_PWD', 'SSHPASS', 'RESTIC_PASSWORD'],
  find: (text) => places(text, false),
  mask: (text) => places(text, true),
};

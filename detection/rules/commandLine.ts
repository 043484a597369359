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
  /\bredis-cli\b[^\n|;&]{0,200}?\s(?:-a|--pass)[= ]{1,3}["']?([^\s"'$<>]{6,200})/g,
  /\b(?:zip|unzip|sqlcmd|bcp)\s[^\n|;&]{0,200}?-P\s{0,3}["']?([^\s"'$<>]{6,200})/g,
  /\b7z[ar]?\s[^\n|;&]{0,200}?\s-p["']?([^\s"'$<>]{6,200})/g,
  /\b(?:mongo|mongosh|mongodump|mongorestore)\s[^\n|;&]{0,200}?\s-p[= ]{1,3}["']?([^\s"'$<>]{6,200})/g,
  /\bldap(?:search|add|modify|delete|whoami|passwd)\s[^\n|;&]{0,200}?\s-w[ ]{1,3}["']?([^\s"'$<>]{6,200})/g,
  /\b(?:keytool|jarsigner)\s[^\n|;&]{0,300}?\s-(?:storepass|keypass)[ ]{1,3}["']?([^\s"'$<>]{6,200})/g,
  /\baz\s{1,5}login\b[^\n|;&]{0,200}?\s-p[= ]{1,3}["']?([^\s"'$<>]{6,200})/g,
  /\bgh\s{1,5}secret\s{1,5}set\b[^\n|;&]{0,200}?\s(?:-b|--body)[= ]{1,3}["']?([^\s"'$<>]{6,200})/g,
  /\bpulumi\s{1,5}config\s{1,5}set\b[^\n|;&]{0,200}?\s--secret\s{1,3}["']?[\w.:[\]-]{1,100}["']?\s{1,3}["']?([^\s"'$<>]{6,200})/g,
  /\b(?:echo|printf)\s{1,5}(?:-n\s{1,3})?(?:["']?%s["']?\s{1,3})?["']?([^\s"'$<>|]{6,300})["']?\s{0,5}\|[^\n|;&]{0,100}?\slogin\b[^\n|;&]{0,200}?--password-stdin/g,
  /\b(?:PGPASSWORD|MYSQL_PWD|SSHPASS|RESTIC_PASSWORD)=["']?([^\s"'$<>]{6,200})/g,
];

/** Whether an argument is the secret itself: generated, or a password of several kinds of characters. */
export function isArgumentSecret(value: string): boolean {
  if (isStockPassword(value) || /[{}()`*]/.test(value) || /^[-/.~%@]/.test(value)) return false;
  return looksRandom(value, 12) || (value.length >= 8 && classCount(value) >= 3 && /\d/.test(value));
}

function* places(text: string, examplesToo: boolean): Generator<Span> {
  for (const call of calls) {
    for (const match of text.matchAll(call)) {
      const value = match[1] ?? '';
      const start = match.index + match[0].lastIndexOf(value);
      if (examplesToo || isArgumentSecret(value)) yield { start, end: start + value.length };
    }
  }
}

/** A password or a token on a command line: it stands in the history of shells and in the list of processes too. */
export const commandLine: DetectionRule = {
  id: 'secret-on-command-line',
  severity: 'error',
  summary: 'password or token on a command line',
  fix: moveToVault,
  hints: [
    'login',
    'sshpass',
    'mysql',
    'mariadb',
    'curl',
    'PGPASSWORD',
    'MYSQL_PWD',
    'SSHPASS',
    'RESTIC_PASSWORD',
    ...['redis-cli', 'zip', 'sqlcmd', 'bcp', '7z', 'mongo', 'ldap', 'keytool', 'jarsigner', 'gh', 'pulumi'],
  ],
  find: (text) => places(text, false),
  mask: (text) => places(text, true),
};

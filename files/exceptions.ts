import type { ScanFinding } from './scanFinding.ts';

/** The file with the reviewed exceptions, at the root of what is scanned. */
export const exceptionsFile = '.scan-exceptions';

const line =
  /^(?<file>\S+) (?<rule>\S+) (?<fingerprint>[0-9a-f]{12}) until (?<until>\d{4}-\d{2}-\d{2}) because (?<reason>\S.{9,})$/;

/** How one exception is written: what the reader copies, with a date and a reason of their own. */
export function exceptionLine({ file, rule, fingerprint }: ScanFinding): string {
  return `${encodeURI(file.toWellFormed()).replaceAll('#', '%23')} ${rule} ${fingerprint} until YYYY-MM-DD because REASON`;
}

/** The reviewed exceptions: which findings they cover today, and what is wrong with them. */
export interface Exceptions {
  covers(finding: ScanFinding): boolean;
  readonly problems: readonly ScanFinding[];
}

/** Reads exceptions, one a line; `#` starts a comment. A line that is malformed or expired covers nothing and is a finding itself. */
export function parseExceptions(text: string, today = new Date().toISOString().slice(0, 10)): Exceptions {
  const covered = new Set<string>();
  const problems: ScanFinding[] = [];
  text.split('\n').forEach((raw, index) => {
    const entry = raw.trim();
    if (entry === '' || entry.startsWith('#')) return;
    const groups = line.exec(entry)?.groups;
    const problem = (summary: string, fix: string) =>
      problems.push({
        file: exceptionsFile,
        line: index + 1,
        column: 1,
        rule: 'exception',
        severity: 'error',
        summary,
        fix,
        fingerprint: '',
      });
    const file = decoded(groups?.file ?? '%');
    if (!groups || file === undefined || Number.isNaN(Date.parse(groups.until ?? ''))) {
      problem('exception that cannot be read', 'Write it as: FILE RULE FINGERPRINT until YYYY-MM-DD because REASON');
    } else if ((groups.until ?? '') < today) {
      problem(
        `exception that expired on ${groups.until ?? ''}`,
        'Remove the secret, or have the exception reviewed again.',
      );
    } else {
      covered.add(`${file} ${groups.rule ?? ''} ${groups.fingerprint ?? ''}`);
    }
  });
  return { covers: ({ file, rule, fingerprint }) => covered.has(`${file} ${rule} ${fingerprint}`), problems };
}

/** The text of the exceptions with the fingerprints of well-formed lines blanked: they are no secrets, and all else may be one. */
export function withoutFingerprints(text: string): string {
  return text
    .split('\n')
    .map((raw) => {
      const mark = line.exec(raw.trim())?.groups?.fingerprint;
      return mark === undefined ? raw : raw.replace(` ${mark} until `, ` ${'*'.repeat(mark.length)} until `);
    })
    .join('\n');
}

/** A path as `exceptionLine` wrote it; nothing when it is none. */
function decoded(path: string): string | undefined {
  try {
    return decodeURIComponent(path);
  } catch {
    return undefined;
  }
}

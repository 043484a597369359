import { describe, expect, it } from '@jest/globals';
import { exceptionLine, parseExceptions } from '../../files/exceptions.ts';
import type { ScanFinding } from '../../files/scanFinding.ts';

const finding: ScanFinding = {
  file: 'docs/a b.md',
  line: 3,
  column: 1,
  rule: 'vendor-token',
  severity: 'error',
  summary: 's',
  fix: 'f',
  fingerprint: '0123456789ab',
};
const today = '2026-11-22';
const entry = exceptionLine(finding)
  .replace('YYYY-MM-DD', '2026-12-31')
  .replace('REASON', 'printed by the vendor’s own manual');

describe('reviewed exceptions', () => {
  it('cover exactly the finding that the report printed the line for', () => {
    const exceptions = parseExceptions(`# reviewed\n\n${entry}\n`, today);
    expect(exceptions.problems).toEqual([]);
    expect(exceptions.covers(finding)).toBe(true);
    expect(exceptions.covers({ ...finding, line: 99 })).toBe(true);
    expect(exceptions.covers({ ...finding, fingerprint: 'ba9876543210' })).toBe(false);
    expect(exceptions.covers({ ...finding, rule: 'github-token' })).toBe(false);
    expect(exceptions.covers({ ...finding, file: 'docs/b.md' })).toBe(false);
  });

  it.each(['100 % done.md', 'ä/ö.env', 'a%20b.md', 'tab\tand\nline.md', '#[x]?&+.ts'])(
    'cover a file called %j',
    (file) => {
      const odd = { ...finding, file };
      const text = exceptionLine(odd).replace('YYYY-MM-DD', '2026-12-31').replace('REASON', 'a fixture of the vendor');
      const exceptions = parseExceptions(text, today);
      expect({ covers: exceptions.covers(odd), problems: exceptions.problems }).toEqual({ covers: true, problems: [] });
    },
  );

  it('end on the day after their last', () => {
    expect(parseExceptions(entry, '2026-12-31').covers(finding)).toBe(true);
    const expired = parseExceptions(`\n${entry}`, '2027-01-01');
    expect(expired.covers(finding)).toBe(false);
    expect(expired.problems.map(({ file, line, rule, summary }) => ({ file, line, rule, summary }))).toEqual([
      { file: '.scan-exceptions', line: 2, rule: 'exception', summary: 'exception that expired on 2026-12-31' },
    ]);
  });

  it.each([
    'docs/a.md vendor-token',
    entry.replace('2026-12-31', '2026-99-99'),
    entry.replace(/because .*/, ''),
    entry.replace(/because .*/, 'because x'),
    entry.replace('0123456789ab', '*'),
    entry.replace('docs/', 'docs%zz/'),
  ])('cover nothing when they cannot be read: %s', (text) => {
    const exceptions = parseExceptions(text, today);
    expect(exceptions.covers(finding)).toBe(false);
    expect(exceptions.problems.map(({ summary }) => summary)).toEqual(['exception that cannot be read']);
  });
});

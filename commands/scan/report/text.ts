import type { Paint } from '../../../machine/paint.ts';
import { printable } from '../../../machine/printable.ts';
import { exceptionLine } from '../../../files/exceptions.ts';
import { unreadRule } from '../../../files/unread.ts';
import { vaultValue } from '../../../files/scanSource.ts';
import type { ScanFinding } from '../../../files/scanFinding.ts';
import { counted } from '../../../machine/counted.ts';
import { forStack } from '../../../settings/stack/stackCommand.ts';

/** Findings for people: place, rule, what it is with the value masked, and what to do. */
export function textReport(findings: readonly ScanFinding[], paint: Paint): string {
  const blocks = findings.map((finding) => {
    const { file, line, column, severity, rule, summary, fix, commit, fingerprint } = finding;
    const place = `${printable(file)}:${line}:${column}${commit ? ` (commit ${commit.slice(0, 10)})` : ''}`;
    const head = `${paint('bold', place)}  ${paint(severity === 'error' ? 'red' : 'yellow', severity)}  ${rule}`;
    const lines = [head, `  ${summary}${fingerprint && rule !== unreadRule ? ': ****' : ''}`, `  fix: ${fix}`];
    if (fingerprint && rule !== vaultValue)
      lines.push(paint('dim', `  reviewed exception: ${printable(exceptionLine(finding))}`));
    if (rule === vaultValue)
      lines.push(paint('dim', `  rotate it: ${forStack(`npm run rotate -- --leaked ${fingerprint}`)}`));
    return lines.join('\n');
  });
  return blocks.length === 0 ? '' : `${blocks.join('\n\n')}\n`;
}

/** What was found, in one line: also what no rule could look through. */
export function summaryLine(findings: readonly ScanFinding[]): string {
  const unread = new Set(findings.filter(({ rule }) => rule === unreadRule).map(({ file }) => file)).size;
  const errors = findings.filter(({ severity }) => severity === 'error').length;
  const warnings = findings.filter(({ severity, rule }) => severity === 'warning' && rule !== unreadRule).length;
  const found =
    errors + warnings === 0 ? 'No secrets found' : `${counted(errors, 'secret')}, ${counted(warnings, 'warning')}`;
  const rest =
    unread === 0 ? '' : ` ${unread === 1 ? '1 file was' : `${unread} files were`} not looked through as a whole.`;
  return `${found}.${rest}\n`;
}

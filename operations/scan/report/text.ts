import { styleText } from 'node:util';
import { printable } from '../../../machine/printable.ts';
import { exceptionLine } from '../../../policies/files/exceptions.ts';
import type { ScanFinding } from '../../../policies/files/scanFinding.ts';

/** Findings for people: place, rule, what it is with the value masked, and what to do. */
export function textReport(findings: readonly ScanFinding[], colour: boolean): string {
  const paint = (style: 'red' | 'yellow' | 'bold' | 'dim', text: string) =>
    colour ? styleText(style, text, { validateStream: false }) : text;
  const blocks = findings.map((finding) => {
    const { file, line, column, severity, rule, summary, fix, commit, fingerprint } = finding;
    const place = `${printable(file)}:${line}:${column}${commit ? ` (commit ${commit.slice(0, 10)})` : ''}`;
    const head = `${paint('bold', place)}  ${paint(severity === 'error' ? 'red' : 'yellow', severity)}  ${rule}`;
    const lines = [head, `  ${summary}${fingerprint ? ': ****' : ''}`, `  fix: ${fix}`];
    if (fingerprint && rule !== 'vault-value')
      lines.push(paint('dim', `  reviewed exception: ${printable(exceptionLine(finding))}`));
    return lines.join('\n');
  });
  return blocks.length === 0 ? '' : `${blocks.join('\n\n')}\n`;
}

import type { ScanFinding } from '../../../policies/files/scanFinding.ts';

/** Findings for programs: an array with one object a finding. */
export function jsonReport(findings: readonly ScanFinding[]): string {
  const rows = findings.map(({ file, line, column, rule, severity, fix }) => ({
    file,
    line,
    column,
    rule,
    severity,
    fix,
  }));
  return `${JSON.stringify(rows, null, 2)}\n`;
}

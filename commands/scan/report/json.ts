import type { ScanFinding } from '../../../files/scanFinding.ts';

/** Findings for programs: an array with one object a finding; `commits` adds the commit that each came with. */
export function jsonReport(findings: readonly ScanFinding[], { commits = false } = {}): string {
  const rows = findings.map(({ file, line, column, rule, severity, fix, commit }) => ({
    file,
    line,
    column,
    rule,
    severity,
    fix,
    ...(commits && commit && { commit }),
  }));
  return `${JSON.stringify(rows, null, 2)}\n`;
}

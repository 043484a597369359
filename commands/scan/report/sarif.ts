import { unreadRule } from '../../../files/unread.ts';
import type { ScanFinding } from '../../../files/scanFinding.ts';

/** Findings as SARIF 2.1.0, for code-scanning services. */
export function sarifReport(findings: readonly ScanFinding[]): string {
  const rules = [...new Map(findings.map((finding) => [finding.rule, finding])).values()];
  const log = {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: {
          driver: {
            name: 'scan',
            rules: rules.map(({ rule, summary, fix }) => ({
              id: rule,
              shortDescription: { text: summary },
              help: { text: fix },
            })),
          },
        },
        results: findings.map(({ file, line, column, rule, severity, summary, fix, fingerprint, commit }) => ({
          ruleId: rule,
          level: severity,
          message: {
            text: `${summary}${rule === unreadRule ? '' : ': ****'}. ${fix}${commit ? ` (commit ${commit})` : ''}`,
          },
          locations: [
            {
              physicalLocation: {
                artifactLocation: { uri: encodeURI(file.toWellFormed()) },
                region: { startLine: line, startColumn: column },
              },
            },
          ],
          ...(fingerprint && { partialFingerprints: { 'secret/v2': fingerprint } }),
        })),
      },
    ],
  };
  return `${JSON.stringify(log, null, 2)}\n`;
}

import type { StackValidationPolicy } from '@pulumi/policy';
import { scanSources } from '../../files/scanSources.ts';
import type { ScanFinding } from '../../files/scanFinding.ts';
import { programExceptions, programFiles } from '../shared/programFiles.ts';
import { violation } from '../shared/report.ts';
import { stackConfiguration } from '../shared/stackConfiguration.ts';

let started: Promise<ScanFinding[]> | undefined;

/** Starts the scan while the engine still waits for the program, so that it costs the preview next to nothing. */
export function startScan(): void {
  const { folder } = stackConfiguration();
  started ??= folder === undefined ? Promise.resolve([]) : scanSources(programFiles(folder), programExceptions(folder));
  started.catch(() => undefined); // the policy reports it
}

/** Forgets the scan: tests start anew. */
export function forgetScan(): void {
  started = undefined;
}

/** Secrets in the program's repository: the same rules as `npm run scan`, without the vault's values. */
export const secretInCommittedFile: StackValidationPolicy = {
  name: 'no-secret-in-committed-file',
  displayName: 'No secret in a committed file',
  description: 'No file of the program’s folder that git tracks or would commit may hold a secret.',
  enforcementLevel: 'mandatory',
  severity: 'critical',
  remediationSteps:
    'Put the value into 1Password, refer to it as op://vault/item/field, and revoke the one that was written.',
  async validateStack(_args, report) {
    startScan();
    for (const { file, line, column, rule, severity, summary, fix } of (await started) ?? []) {
      if (severity === 'error') await violation(report, `${file}:${line}:${column} (${rule}): ${summary}.`, fix);
    }
  },
};

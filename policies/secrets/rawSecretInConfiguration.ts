import type { StackValidationPolicy } from '@pulumi/policy';
import { nameOf } from '../../detection/carriers.ts';
import { leavesOf } from '../shared/leaves.ts';
import { violation } from '../shared/report.ts';
import { secretReason } from '../shared/secretValue.ts';
import { stackConfiguration } from '../shared/stackConfiguration.ts';

/** Secrets in the stack's configuration that are not encrypted there. */
export const rawSecretInConfiguration: StackValidationPolicy = {
  name: 'no-raw-secret-in-configuration',
  displayName: 'No raw secret in the configuration',
  description:
    'The stack’s configuration is a committed file: a secret in it must be a reference, or encrypted by Pulumi.',
  enforcementLevel: 'mandatory',
  severity: 'critical',
  remediationSteps:
    'Write op://vault/item/field in its place, or set it again as a secret of Pulumi’s own (`--secret`).',
  async validateStack(_args, report) {
    const { values, isEncrypted } = stackConfiguration();
    for (const [key, value] of Object.entries(values)) {
      for (const leaf of leavesOf({ [key]: value })) {
        const path = leaf.path
          .slice(key.length + 1)
          .split('.')
          .filter(Boolean);
        if (isEncrypted(key, path)) continue;
        const below = path.length === 0 ? [] : [...path.slice(0, -1), leaf.name];
        const reason = secretReason(nameOf([key.split(':').at(-1) ?? key, ...below]), leaf.value ?? '');
        if (reason)
          await violation(
            report,
            `Configuration ${[key, ...path].join('.')} ${reason}.`,
            'Write op://vault/item/field in its place.',
          );
      }
    }
  },
};

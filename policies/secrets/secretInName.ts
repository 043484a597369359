import type { ResourceValidationPolicy, StackValidationPolicy } from '@pulumi/policy';
import { findSecrets } from '../../detection/findSecrets.ts';
import { leavesOf } from '../shared/leaves.ts';
import { violation } from '../shared/report.ts';

function holdsSecret(text: string): boolean {
  return findSecrets(text).some(({ severity }) => severity === 'error');
}

/** Secrets in resource names: they become URNs, which every plan and every log prints and which state keeps in plain text. */
export const secretInName: ResourceValidationPolicy = {
  name: 'no-secret-in-name',
  displayName: 'No secret in a resource’s name',
  description:
    'A resource’s name becomes part of its URN, which plans, logs and state show in plain text; it must not hold a secret.',
  enforcementLevel: 'mandatory',
  severity: 'critical',
  remediationSteps: 'Name the resource after its role, and replace the secret: this run has shown it.',
  async validateResource(args, report) {
    if (holdsSecret(args.name)) {
      await violation(
        report,
        'The name of this resource holds a secret.',
        'Name it after its role, and replace the secret.',
      );
    }
  },
};

/** Secrets in ids: a provider makes an id of inputs, and state keeps ids in plain text. */
export const secretInId: StackValidationPolicy = {
  name: 'no-secret-in-id',
  displayName: 'No secret in a resource’s id',
  description: 'A resource’s id is kept and printed in plain text; it must not hold a secret.',
  enforcementLevel: 'mandatory',
  severity: 'critical',
  remediationSteps: 'Change the input that the provider makes the id of, and replace the secret.',
  async validateStack(args, report) {
    for (const { props, urn } of args.resources) {
      const id = leavesOf(props).find(({ path }) => path === 'id')?.value;
      if (id !== undefined && holdsSecret(id)) {
        await violation(
          report,
          'The id of this resource holds a secret.',
          'Change the input that it is made of, and replace the secret.',
          urn,
        );
      }
    }
  },
};

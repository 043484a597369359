import type { PolicyConfigSchema, PolicyResource, StackValidationPolicy } from '@pulumi/policy';
import { leavesOf } from '../shared/leaves.ts';
import { violation } from '../shared/report.ts';
import { secretReason } from '../shared/secretValue.ts';

interface Configuration {
  readonly allowed?: readonly string[];
}

const configSchema: PolicyConfigSchema = {
  properties: {
    allowed: {
      type: 'array',
      description: 'Outputs that may hold a secret, by name; only where the program marks them as secret.',
      items: { type: 'string' },
    },
  },
};

/** The stack itself, and components: their outputs are what a program hands out. A provider's resource shows what the provider decides. */
function handsOut({ type, provider }: PolicyResource): boolean {
  return type === 'pulumi:pulumi:Stack' || (provider === undefined && !type.startsWith('pulumi:'));
}

/** Secrets in outputs. Marked or not: `pulumi stack output --show-secrets` and stack references give them to others. */
export const secretInOutput: StackValidationPolicy = {
  name: 'no-secret-in-output',
  displayName: 'No secret in an output',
  description:
    'The outputs of the stack and of its components are for others to read, so they must not hold a secret, marked as one or not.',
  enforcementLevel: 'mandatory',
  severity: 'critical',
  remediationSteps: 'Hand out the reference (op://vault/item/field) or a fingerprint instead of the value.',
  configSchema,
  async validateStack(args, report) {
    const allowed = new Set(args.getConfig<Configuration>().allowed);
    for (const resource of args.resources.filter(handsOut)) {
      for (const { path, name, value } of leavesOf(resource.props)) {
        if (value === undefined || allowed.has(path.split(/[.[]/)[0] ?? '')) continue;
        const reason = secretReason(name, value);
        if (reason)
          await violation(
            report,
            `Output ${path} ${reason}.`,
            'Hand out its reference or a fingerprint instead.',
            resource.urn,
          );
      }
    }
  },
};

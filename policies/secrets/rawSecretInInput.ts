import type { PolicyConfigSchema, ResourceValidationPolicy } from '@pulumi/policy';
import { leavesOf } from '../shared/leaves.ts';
import { isMarked, rememberMarked } from '../shared/markedSecrets.ts';
import { violation } from '../shared/report.ts';
import { isSecretInput, type SecretInput } from '../shared/secretInputs.ts';
import { secretReason } from '../shared/secretValue.ts';

interface Configuration {
  readonly secretInputs?: readonly SecretInput[];
}

const configSchema: PolicyConfigSchema = {
  properties: {
    secretInputs: {
      type: 'array',
      description: 'More inputs that are made for secrets, e.g. {"type": "acme:index:Vault", "property": "entries.*"}.',
      items: {
        type: 'object',
        properties: { type: { type: 'string' }, property: { type: 'string' } },
        required: ['type', 'property'],
      },
    },
  },
};

/** Secrets in inputs that show them. Judges by value, and by name where the value has no shape of its own. */
export const rawSecretInInput: ResourceValidationPolicy = {
  name: 'no-raw-secret-in-input',
  displayName: 'No raw secret in an input',
  description:
    'An input that is not made for secrets must not hold one: the plan, the state and the service would show it. ' +
    'An input counts as made for secrets when its provider keeps it encrypted, or when the program marks the value as secret.',
  // Enforced as mandatory. The level lets the engine call the remediation, the only place that sees what is marked as secret.
  enforcementLevel: 'remediate',
  severity: 'critical',
  remediationSteps:
    'Hand the value over as pulumi.secret(…), from op://vault/item/field, to an input that is made for secrets.',
  configSchema,
  remediateResource: (args) => rememberMarked(args),
  async validateResource(args, report) {
    const { secretInputs } = args.getConfig<Configuration>();
    for (const { path, name, value } of leavesOf(args.props)) {
      if (value === undefined || isSecretInput(args.type, path, secretInputs) || isMarked(args.urn, path)) continue;
      const reason = secretReason(name, value);
      if (reason) {
        await violation(
          report,
          `Input ${path} ${reason}.`,
          'Pass it as pulumi.secret(…), taken from op://vault/item/field.',
        );
      }
    }
  },
};

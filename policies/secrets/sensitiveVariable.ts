import type { ResourceValidationPolicy } from '@pulumi/policy';
import { isSensitiveName } from '../../detection/names.ts';
import { violation } from '../shared/report.ts';
import { secretReason } from '../shared/secretValue.ts';
import { variablesOf } from '../shared/variables.ts';

/** Sensitive variables that a service would show to everybody with access to its console. */
export const sensitiveVariable: ResourceValidationPolicy = {
  name: 'sensitive-variable-is-secret',
  displayName: 'A sensitive variable is a secret variable',
  description:
    'A service-role key, an access token, an API key or a password goes to Netlify as a secret variable and to GitHub as a secret, ' +
    'never as a plain variable, which its console shows.',
  enforcementLevel: 'mandatory',
  severity: 'high',
  remediationSteps:
    'Set `secret: true` on the variable (Netlify: secretValues), or declare a GitHub secret instead of a variable.',
  async validateResource(args, report) {
    const seen = new Set<string>();
    for (const { target, name, value, secret } of variablesOf(args.type, args.props)) {
      if (secret || seen.has(name)) continue;
      const bySecret = isSensitiveName(name) ? 'is sensitive by its name' : value && secretReason(name, value);
      if (!bySecret) continue;
      seen.add(name);
      await violation(
        report,
        `${name} ${bySecret}, but is a plain variable on ${target}.`,
        'Declare it as a secret one.',
      );
    }
  },
};

import type { PolicyConfigSchema, ResourceValidationPolicy } from '@pulumi/policy';
import { browserPrefix, isSensitiveName } from '../../detection/names.ts';
import { leavesOf } from '../shared/leaves.ts';
import { violation } from '../shared/report.ts';
import { secretReason } from '../shared/secretValue.ts';
import { variablesOf } from '../shared/variables.ts';

interface Configuration {
  readonly publishable?: readonly string[];
}

const configSchema: PolicyConfigSchema = {
  properties: {
    publishable: {
      type: 'array',
      description:
        'Variables that are made for browsers although their name sounds sensitive, e.g. a map service’s public token.',
      items: { type: 'string' },
    },
  },
};

/** Sensitive variables that a build tool would copy into what the browser downloads. */
export const browserVariable: ResourceValidationPolicy = {
  name: 'no-secret-in-browser-variable',
  displayName: 'No secret under a browser prefix',
  description:
    'Build tools copy variables named VITE_…, PUBLIC_…, NEXT_PUBLIC_…, REACT_APP_… and the like into what browsers download, so nothing sensitive may be under such a name.',
  enforcementLevel: 'mandatory',
  severity: 'critical',
  remediationSteps:
    'Rename the variable without the prefix and use it in server code only; replace the value if it was ever built.',
  configSchema,
  async validateResource(args, report) {
    const publishable = new Set(args.getConfig<Configuration>().publishable);
    const declared = variablesOf(args.type, args.props);
    const named = leavesOf(args.props).map(({ name, value }) => ({ name, value }));
    const seen = new Set<string>();
    for (const { name, value } of [...declared, ...named]) {
      const prefix = browserPrefix(name);
      if (prefix === undefined || publishable.has(name) || seen.has(name)) continue;
      const own = name.slice(prefix.length + 1);
      const reason = isSensitiveName(own) ? 'is sensitive by its name' : value && secretReason(own, value);
      if (!reason) continue;
      seen.add(name);
      await violation(report, `${name} ${reason}, and ${prefix}_ would send it to every browser.`, 'Drop the prefix.');
    }
  },
};

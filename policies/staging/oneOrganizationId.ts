import type { PolicyConfigSchema, StackValidationPolicy } from '@pulumi/policy';
import { violation } from '../shared/report.ts';
import { declarationsOf } from './declaredVariables.ts';
import { sourcesOf, stagingSettings } from './stagingSettings.ts';

interface Configuration {
  readonly variable?: string;
  readonly source?: string;
}

const configSchema: PolicyConfigSchema = {
  properties: {
    variable: {
      type: 'string',
      description: 'The variable that holds the organisation’s id.',
      default: 'DEFAULT_ORGANIZATION_ID',
    },
    source: {
      type: 'string',
      description: 'The word by which the configuration refers to the one id.',
      default: 'organizationId',
    },
  },
};

/** One organisation id, wherever it is declared: a staging site that writes into another organisation is worse than one that is down. */
export const oneOrganizationId: StackValidationPolicy = {
  name: 'one-organization-id',
  displayName: 'One organisation id',
  description:
    'DEFAULT_ORGANIZATION_ID is the same in every Netlify context, in GitHub’s secrets and variables and among the Edge Function secrets, and each is derived from the one setting; a second source is a violation even while both give the same id.',
  enforcementLevel: 'mandatory',
  severity: 'high',
  remediationSteps: 'Set `from: organizationId` wherever the variable is declared, and the id once, as organizationId.',
  configSchema,
  async validateStack(args, report) {
    const { variable = 'DEFAULT_ORGANIZATION_ID', source = 'organizationId' } = args.getConfig<Configuration>();
    const configured = stagingSettings().placements.filter(({ name }) => name === variable);
    const sources = new Map(configured.flatMap(sourcesOf));
    for (const [key] of [...sources].filter(([, from]) => from !== source)) {
      await violation(report, `${key} is a second source of ${variable}.`, `Set it to ${source}.`);
    }
    const declared = declarationsOf(args.resources).filter(
      ({ name, value }) => name === variable && value !== undefined,
    );
    for (const other of declared.filter(({ value }) => value !== declared[0]?.value)) {
      const first = declared[0];
      if (!first) break;
      await violation(
        report,
        `${variable} of ${other.target} (${other.context}) differs from that of ${first.target} (${first.context}).`,
        'Derive both from the one organizationId.',
        other.urn,
      );
    }
  },
};

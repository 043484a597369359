import type { PolicyConfigSchema, StackValidationPolicy } from '@pulumi/policy';
import { browserKeyVariables, secretKeyVariables } from '../../settings/names/names.ts';
import { violation } from '../shared/report.ts';
import { declarationsOf } from './declaredVariables.ts';
import { stagingSettings } from './stagingSettings.ts';

interface Configuration {
  readonly variables?: readonly string[];
  readonly secrets?: readonly string[];
  readonly contexts?: readonly string[];
}

const playbookVariables = [
  'SUPABASE_URL',
  'SUPABASE_ANON_KEY',
  'SUPABASE_SERVICE_ROLE_KEY',
  'SUPABASE_ACCESS_TOKEN',
  'DEFAULT_ORGANIZATION_ID',
];
const playbookSecrets = ['NETLIFY_AUTH_TOKEN', 'NETLIFY_STAGING_SITE_ID'];

/** Names of which one is enough: the legacy keys of Supabase and those of the new generation do the same. */
const alike: readonly (readonly string[])[] = [browserKeyVariables, secretKeyVariables];

const strings = (description: string, preset?: readonly string[]) => ({
  type: 'array' as const,
  description,
  items: { type: 'string' as const },
  ...(preset && { default: [...preset] }),
});

const configSchema: PolicyConfigSchema = {
  properties: {
    variables: strings('Variables that Netlify must have in every one of the contexts.', playbookVariables),
    secrets: strings('Secrets that GitHub Actions must have.', playbookSecrets),
    contexts: strings('Contexts that must have every variable. Default: the contexts of the stack’s configuration.'),
  },
};

/** Variables without which staging starts and then fails: missing altogether, missing in a context, or empty. */
export const requiredVariables: StackValidationPolicy = {
  name: 'required-variables',
  displayName: 'Every required variable',
  description:
    'All variables that the application needs are declared on Netlify in all of staging’s contexts, and all secrets that the deploy job needs on GitHub; none of them is empty.',
  enforcementLevel: 'mandatory',
  severity: 'high',
  remediationSteps:
    'Declare the value under `values` with its op:// reference, in the place that lacks it (netlify, actionsSecret).',
  configSchema,
  async validateStack(args, report) {
    const settings = stagingSettings();
    const declared = declarationsOf(args.resources);
    if (!settings.configured && declared.length === 0) args.notApplicable('The stack declares no variables.');
    const given = args.getConfig<Configuration>();
    const need = async (target: string, name: string, context: string, fix: string) => {
      const group = given.variables ? undefined : alike.find((each) => each.includes(name));
      const names = [name, ...(group ?? []).filter((other) => other !== name)];
      const there = declared.filter((one) => one.target === target && one.context === context);
      const found = names.flatMap((each) => there.filter((one) => one.name === each))[0];
      if (!found) await violation(report, `${names.join(' or ')} is missing on ${target} (${context}).`, fix);
      else if (found.value?.trim() === '')
        await violation(
          report,
          `${found.name} is empty on ${target} (${context}).`,
          'Fill its field in 1Password.',
          found.urn,
        );
    };
    for (const name of given.variables ?? playbookVariables) {
      for (const context of given.contexts ?? settings.contexts) {
        await need('Netlify', name, context, 'Declare it under values, in the place netlify.');
      }
    }
    for (const name of given.secrets ?? playbookSecrets)
      await need('GitHub', name, 'repository', 'Declare it under values, in the place actionsSecret.');
  },
};

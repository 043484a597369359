import type { PolicyConfigSchema, ResourceValidationPolicy } from '@pulumi/policy';
import { violation } from '../shared/report.ts';
import { variablesOf } from '../shared/variables.ts';
import { placedAs, stagingSettings } from './stagingSettings.ts';

interface Configuration {
  readonly contexts?: readonly string[];
}

const configSchema: PolicyConfigSchema = {
  properties: {
    contexts: {
      type: 'array',
      description: 'Contexts that production reads.',
      items: { type: 'string' },
      default: ['production', 'all'],
    },
  },
};

/** Values that production reads: written only where the configuration says so, with a source of their own. */
export const productionOnPurpose: ResourceValidationPolicy = {
  name: 'production-only-on-purpose',
  displayName: 'Production only on purpose',
  description:
    'On a shared site a value in the context `production` or `all` is what production reads. There it may be declared only by that context’s own reference (production: op://…, or otherContexts), ' +
    'so that staging’s value never becomes production’s. On a separate site (mode: separate-site, with productionSite) these contexts are staging’s own: contexts or otherContexts must name them.',
  enforcementLevel: 'mandatory',
  severity: 'critical',
  remediationSteps:
    'Give the value production’s own op:// reference as `production` (another context: under netlify.otherContexts), or, on a site of staging’s own, under contexts with mode: separate-site; or remove it from the program.',
  configSchema,
  async validateResource(args, report) {
    const { contexts = ['production', 'all'] } = args.getConfig<Configuration>();
    const settings = stagingSettings();
    const { mode, contexts: stagingContexts, isSeparateSite } = settings;
    for (const { target, name, context } of variablesOf(args.type, args.props)) {
      if (target !== 'Netlify' || !contexts.includes(context)) continue;
      if (isSeparateSite && stagingContexts.includes(context)) continue;
      const [declared] = placedAs(settings, 'netlify', name);
      const own = declared?.otherContexts[context];
      const staging = declared?.from;
      const setting =
        context === 'production' && !isSeparateSite
          ? `values.${declared?.value ?? name}.production`
          : `otherContexts.${context}`;
      const where = `${name} is declared for ${context}, which production reads,`;
      if (mode !== 'shared-site' && !isSeparateSite) {
        await violation(
          report,
          `${where} but the stack declares neither a shared site nor a separate one with production’s own beside it.`,
          'Remove the context, or set mode: shared-site.',
        );
      } else if (!own) {
        await violation(
          report,
          `${where} but ${isSeparateSite ? 'neither contexts nor otherContexts names it' : 'the value has no source for it'}.`,
          `Give it its own reference: ${setting}.`,
        );
      } else if (own !== 'organizationId' && own === staging) {
        await violation(report, `${where} but from staging’s reference.`, `Give it its own reference: ${setting}.`);
      }
    }
  },
};

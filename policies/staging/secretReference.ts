import type { PolicyConfigSchema, ResourceValidationPolicy } from '@pulumi/policy';
import { nameOf } from '../../detection/carriers.ts';
import { browserPrefix, isPublishableName, isSensitiveName } from '../../detection/names.ts';
import { violation } from '../shared/report.ts';
import { variablesOf } from '../shared/variables.ts';
import { placedAs, sourcesOf, stagingSettings, type StagingSettings } from './stagingSettings.ts';

interface Configuration {
  readonly publishable?: readonly string[];
}

const preset = ['SUPABASE_URL', 'SUPABASE_ANON_KEY', 'SUPABASE_PUBLISHABLE_KEY'];

const configSchema: PolicyConfigSchema = {
  properties: {
    publishable: {
      type: 'array',
      description:
        'GitHub secrets and secret variables that hold what everybody may see: plain variables may have their references too.',
      items: { type: 'string' },
      default: preset,
    },
  },
};

const isReference = (source: string | undefined): source is string => /^op:\/\//i.test(source ?? '');

/** 1Password ignores the case of a name. */
const identity = (reference: string): string => reference.toLowerCase();

/** Who keeps a reference secret: a secret variable on Netlify, a secret on GitHub, one of the Edge Functions. */
function keepers({ placements }: StagingSettings, publishable: readonly string[]): Map<string, string> {
  const kept = new Map<string, string>();
  const keep = (keeper: string, source: string | undefined) => {
    if (isReference(source) && !kept.has(identity(source))) kept.set(identity(source), keeper);
  };
  for (const placement of placements) {
    const { value, place, name, secret } = placement;
    // Edge Functions get every setting as a secret, also what everybody may see.
    if (!secret || place === 'edgeFunction' || publishable.includes(name)) continue;
    for (const [, source] of sourcesOf(placement)) keep(`values.${value}.${place}`, source);
  }
  return kept;
}

/**
 * References of secrets under variables that show them. It judges the reference, not the value: a secret of no known shape
 * is found, and without the vault, too.
 */
export const secretReference: ResourceValidationPolicy = {
  name: 'secret-reference-stays-secret',
  displayName: 'A secret’s reference stays secret',
  description:
    'A reference whose field is sensitive by its name (service_role_key, s3_secret_access_key), or that a secret variable or a GitHub secret has, feeds no plain Netlify variable, ' +
    'which its console shows, no GitHub Actions variable, and none under a browser prefix. A field whose name says anon, public or publishable may.',
  enforcementLevel: 'mandatory',
  severity: 'critical',
  remediationSteps:
    'Set `secret: true` on the variable, without a browser prefix, or correct its reference. Give a value that everybody may see a field of its own, with a name that says so: public_….',
  configSchema,
  async validateResource(args, report) {
    const declared = variablesOf(args.type, args.props).filter(({ target }) => target !== 'Supabase');
    const [{ name, target } = { name: '', target: 'Netlify' as const }] = declared;
    const isPlain = declared.some(({ secret }) => !secret);
    // A GitHub secret's name alone sends it nowhere.
    const prefix = target === 'Netlify' ? browserPrefix(name) : undefined;
    if (prefix === undefined && !isPlain) return;
    const settings = stagingSettings();
    const place = target === 'Netlify' ? 'netlify' : 'actionsVariable';
    const [placement] = placedAs(settings, place, name);
    if (!placement) return;
    const kept = keepers(settings, args.getConfig<Configuration>().publishable ?? preset);
    for (const [key, source] of sourcesOf(placement)) {
      const reference = source === 'organizationId' ? settings.organizationId : source;
      if (!isReference(reference)) continue;
      const field = nameOf(reference.split('/'));
      const keeper = isPublishableName(field) ? undefined : kept.get(identity(reference));
      const reason = isSensitiveName(field) ? 'is sensitive by its name' : keeper && `${keeper} keeps secret`;
      if (!reason) continue;
      await violation(
        report,
        `${key} is ${reference}, which ${reason}, ${prefix === undefined ? 'but the variable is plain' : `and ${prefix}_ would send it to every browser`}.`,
        place === 'netlify'
          ? `${prefix === undefined ? 'Set' : 'Drop the prefix and set'} secret: true, or correct the reference.`
          : 'Make it an actionsSecret, or correct the reference.',
      );
    }
  },
};

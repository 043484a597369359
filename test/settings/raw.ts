import { parseSettings, SettingsError } from '../../settings/settings.ts';

type Raw = Record<string, unknown>;

/** A configuration below `allincompassing:`, as a test changes it. */
export interface RawConfiguration extends Raw {
  organizationId: string;
  values: Record<string, Raw>;
  netlify: Raw;
  github: Raw;
  supabase: Raw;
}

/** A small configuration without a problem. */
export function valid(): RawConfiguration {
  return {
    organizationId: 'op://Platform/Supabase/default_organization_id',
    values: {
      SUPABASE_URL: {
        from: 'op://Platform/Supabase/url',
        production: 'op://Platform/Supabase/production_url',
        netlify: true,
      },
      DEFAULT_ORGANIZATION_ID: { from: 'organizationId', production: 'organizationId', netlify: true },
      NETLIFY_STAGING_SITE_ID: { from: 'siteId', actionsSecret: true },
    },
    netlify: { site: 'AllIincompassing', team: 'allincompassing' },
    github: { repository: 'allincompassing' },
    supabase: { project: 'abcdefghijklmnopqrst' },
  };
}

/** The problems of a configuration that is valid but for one change. */
export function problemsAfter(change: (raw: RawConfiguration) => void): readonly string[] {
  const raw = valid();
  change(raw);
  try {
    parseSettings(raw);
  } catch (error) {
    if (error instanceof SettingsError) return error.problems;
    throw error;
  }
  return [];
}

/** The problems of a valid configuration with these values beside its own. */
export function problemsOf(values: Record<string, Raw>, more: (raw: RawConfiguration) => void = () => undefined) {
  return problemsAfter((raw) => {
    Object.assign(raw.values, values);
    more(raw);
  });
}

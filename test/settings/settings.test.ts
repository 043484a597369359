import { describe, expect, it } from '@jest/globals';
import { fileConfiguration } from '../../settings/file.ts';
import { parseSettings, SettingsError } from '../../settings/settings.ts';

type Raw = Record<string, unknown>;
const valid = (): {
  organizationId: string;
  netlify: Raw & { variables: Record<string, Raw> };
  github: Raw & { secrets: Raw };
} => ({
  organizationId: 'op://Platform/Supabase/default_organization_id',
  netlify: {
    site: 'AllIincompassing',
    team: 'allincompassing',
    variables: {
      SUPABASE_URL: {
        from: 'op://Platform/Supabase/url',
        otherContexts: { production: 'op://Platform/Supabase/production_url' },
      },
      DEFAULT_ORGANIZATION_ID: { from: 'organizationId', otherContexts: { production: 'organizationId' } },
    },
  },
  github: { repository: 'allincompassing', secrets: { NETLIFY_STAGING_SITE_ID: { from: 'siteId' } } },
});

/** The problems of a configuration that is valid but for one change. */
function problemsAfter(change: (raw: ReturnType<typeof valid>) => void): readonly string[] {
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

describe('the settings', () => {
  it('take the safe defaults: a shared site, both staging branches, keys retained, production refused', () => {
    const { netlify, github, supabase, allowDestroy, drift } = parseSettings(valid());
    expect(netlify).toMatchObject({
      mode: 'shared-site',
      plan: 'free',
      contexts: ['branch:staging', 'branch:develop'],
      onRemoval: 'retain',
      productionChanges: 'refuse',
    });
    expect(github.protection).toMatchObject({ branch: 'develop', form: 'classic', otherChecks: [] });
    expect(supabase).toEqual({ agentRuntimeConfig: 'leave' });
    expect(allowDestroy).toBe(false);
    expect(drift).toEqual({ maxAgeDays: 180 });
  });

  it('put each staging context first, then the others, each with its own source', () => {
    const url = parseSettings(valid()).netlify.variables.find(({ name }) => name === 'SUPABASE_URL');
    expect(url?.values).toEqual([
      { context: 'branch:staging', source: { kind: 'reference', reference: 'op://Platform/Supabase/url' } },
      { context: 'branch:develop', source: { kind: 'reference', reference: 'op://Platform/Supabase/url' } },
      { context: 'production', source: { kind: 'reference', reference: 'op://Platform/Supabase/production_url' } },
    ]);
  });

  it('accept the committed stack file', () => {
    expect(() => parseSettings(fileConfiguration(process.cwd()))).not.toThrow();
  });

  it.each([
    ['true', true],
    ['false', false],
  ])('take the text %s, which `pulumi config set` writes, for the switch', (text, expected) => {
    expect(parseSettings({ ...valid(), allowDestroy: text }).allowDestroy).toBe(expected);
  });

  it.each([
    '11111111-2222-4333-8444-555555555555',
    '11111111-2222-3333-4444-555555555555', // of no version: the vault may hold such a one too
  ])('take an organisation id that is a UUID as it is: %s', (organizationId) => {
    const raw = { ...valid(), organizationId };
    expect(parseSettings(raw).organizationId).toEqual({ kind: 'literal', value: raw.organizationId });
  });

  it.each<[string, (raw: ReturnType<typeof valid>) => void, readonly string[]]>([
    [
      'an organisation id that is neither',
      (raw) => (raw.organizationId = 'acme'),
      ['allincompassing:organizationId: must be a UUID or a 1Password reference: op://vault/item/field'],
    ],
    [
      'an organisation id with another source',
      (raw) => (raw.netlify.variables.DEFAULT_ORGANIZATION_ID = { from: 'op://Platform/Supabase/other' }),
      [
        'allincompassing:netlify.variables.DEFAULT_ORGANIZATION_ID: must come from organizationId in every context: it is one shared input',
      ],
    ],
    [
      'another organisation id in GitHub',
      (raw) => (raw.github.secrets.DEFAULT_ORGANIZATION_ID = { from: 'op://a/b/c' }),
      ['allincompassing:github.secrets.DEFAULT_ORGANIZATION_ID.from: must be organizationId: it is one shared input'],
    ],
    [
      'a raw value where a reference belongs',
      (raw) => (raw.netlify.variables.SUPABASE_URL = { from: 'https://example.supabase.co' }),
      [
        'allincompassing:netlify.variables.SUPABASE_URL.from: must be organizationId or a 1Password reference: op://vault/item/field',
      ],
    ],
    [
      'both from and value',
      (raw) => (raw.netlify.variables.SUPABASE_URL = { from: 'op://a/b/c', value: 'x' }),
      ['allincompassing:netlify.variables.SUPABASE_URL: needs exactly one of `from` and `value`'],
    ],
    [
      'neither from nor value',
      (raw) => (raw.netlify.variables.SUPABASE_URL = {}),
      ['allincompassing:netlify.variables.SUPABASE_URL: needs exactly one of `from` and `value`'],
    ],
    [
      'an empty literal',
      (raw) => (raw.netlify.variables.FLAG = { value: '' }),
      ['allincompassing:netlify.variables.FLAG.value: must not be empty'],
    ],
    [
      'a secret literal',
      (raw) => (raw.netlify.variables.FLAG = { value: 'x', secret: true }),
      ['allincompassing:netlify.variables.FLAG: a secret variable needs `from`: a literal would be in the repository'],
    ],
    [
      'a name that a shell refuses',
      (raw) => (raw.netlify.variables['1-BAD'] = { value: 'x' }),
      ['allincompassing:netlify.variables.1-BAD: must be letters, digits and _, not starting with a digit'],
    ],
    [
      'an unknown setting',
      (raw) => (raw.netlify.sites = 'x'),
      ['allincompassing:netlify: does not know sites; check the spelling, or remove it'],
    ],
    [
      'an unknown context',
      (raw) => (raw.netlify.contexts = ['staging']),
      [
        'allincompassing:netlify.contexts.0: must be production, deploy-preview, branch-deploy, dev, dev-server, all, or branch:NAME',
      ],
    ],
    [
      'an unknown other context',
      (raw) => (raw.netlify.variables.SUPABASE_URL = { from: 'op://a/b/c', otherContexts: { prod: 'op://a/b/c' } }),
      [
        'allincompassing:netlify.variables.SUPABASE_URL.otherContexts: prod is not a context; use one of all, dev, dev-server, branch-deploy, deploy-preview, production or branch:NAME',
      ],
    ],
    [
      'staging in production on a shared site',
      (raw) => (raw.netlify.contexts = ['production']),
      [
        'allincompassing:netlify.contexts: production is read by more than staging; on a shared site use branch:NAME',
        "allincompassing:netlify.variables.SUPABASE_URL.otherContexts: production is one of staging's contexts already",
        "allincompassing:netlify.variables.DEFAULT_ORGANIZATION_ID.otherContexts: production is one of staging's contexts already",
      ],
    ],
    [
      'production’s own branch',
      (raw) => (raw.netlify.contexts = ['branch:main']),
      ["allincompassing:netlify.contexts: branch:main is production's own branch; staging must not write its values"],
    ],
    [
      'a separate site without production’s',
      (raw) => (raw.netlify.mode = 'separate-site'),
      ['allincompassing:netlify.productionSite: is needed with separate-site: name the site that production has'],
    ],
    [
      'a separate site that is production’s',
      (raw) => Object.assign(raw.netlify, { mode: 'separate-site', productionSite: 'AllIincompassing' }),
      ['allincompassing:netlify.productionSite: is the same site as netlify.site; use the mode shared-site'],
    ],
    [
      'a separate site that cannot be told from production’s',
      (raw) =>
        Object.assign(raw.netlify, { mode: 'separate-site', productionSite: '5f1d3c9e-7a42-4b0e-9c58-2e6a80d4b713' }),
      ['allincompassing:netlify.productionSite: must be in the same form as netlify.site, both names or both ids'],
    ],
    [
      'a context twice',
      (raw) => (raw.netlify.contexts = ['branch:a', 'branch:a']),
      ['allincompassing:netlify.contexts: names a context twice'],
    ],
    [
      'deletion on a shared site',
      (raw) => (raw.netlify.onRemoval = 'delete'),
      [
        'allincompassing:netlify.onRemoval: delete would remove the key in every context, production too; on a shared site it must be retain',
      ],
    ],
    [
      'scopes on a free plan',
      (raw) => (raw.netlify.variables.FLAG = { value: 'x', scopes: ['builds'] }),
      [
        'allincompassing:netlify.variables.FLAG.scopes: Netlify refuses scopes on a free plan; leave them out, or set netlify.plan to paid',
      ],
    ],
    [
      'post-processing for a secret',
      (raw) => {
        raw.netlify.plan = 'paid';
        raw.netlify.variables.KEY = { from: 'op://a/b/c', secret: true, scopes: ['post-processing'] };
      },
      [
        'allincompassing:netlify.variables.KEY.scopes: Netlify has no post-processing scope for a secret variable; leave it out',
      ],
    ],
    [
      '`all` for a secret',
      (raw) => (raw.netlify.variables.KEY = { from: 'op://a/b/c', secret: true, otherContexts: { all: 'op://a/b/d' } }),
      [
        'allincompassing:netlify.variables.KEY.otherContexts: Netlify refuses the context `all` for a secret variable; name the contexts',
      ],
    ],
    [
      'a secret variable where staging writes `all`',
      (raw) => {
        Object.assign(raw.netlify, { mode: 'separate-site', productionSite: 'other', contexts: ['all'] });
        raw.netlify.variables = { KEY: { from: 'op://a/b/c', secret: true } };
      },
      [
        'allincompassing:netlify.variables.KEY.secret: Netlify refuses the context `all` for a secret variable; name the contexts',
      ],
    ],
    [
      'production’s site in other letters',
      (raw) => Object.assign(raw.netlify, { mode: 'separate-site', productionSite: 'alliincompassing' }),
      ['allincompassing:netlify.productionSite: is the same site as netlify.site; use the mode shared-site'],
    ],
    [
      'a team’s id beside a site’s name',
      (raw) => (raw.netlify.team = 'ab'.repeat(12)),
      [
        'allincompassing:netlify.team: is an id, so netlify.site must be one too: a site’s name is looked up by its team’s slug',
      ],
    ],
    [
      'a reference that ends with a space',
      (raw) => (raw.netlify.variables.SUPABASE_URL = { from: 'op://Platform/Supabase/url ' }),
      [
        'allincompassing:netlify.variables.SUPABASE_URL.from: must be organizationId or a 1Password reference: op://vault/item/field',
      ],
    ],
    [
      'references that 1Password may mix up',
      (raw) =>
        (raw.netlify.variables.SUPABASE_URL = {
          from: 'op://Platform/Supabase/url',
          otherContexts: { production: 'op://Platform/supabase/production/url' },
        }),
      [
        "allincompassing:netlify.variables.SUPABASE_URL.from: op://Platform/Supabase/url gives the value of op://Platform/supabase/production/url when the item's own field is missing; give the two fields different labels",
      ],
    ],
    [
      'such a reference of GitHub and of the organisation',
      (raw) => {
        raw.organizationId = 'op://Platform/Supabase/url';
        raw.github.secrets.URL = { from: 'op://Platform/Supabase/url' };
        raw.netlify.variables.SUPABASE_URL = { from: 'op://Platform/Supabase/production/url' };
      },
      ['organizationId', 'github.secrets.URL.from'].map(
        (key) =>
          `allincompassing:${key}: op://Platform/Supabase/url gives the value of op://Platform/Supabase/production/url when the item's own field is missing; give the two fields different labels`,
      ),
    ],
    [
      'an unknown setting at the top, by the namespace alone',
      (raw) => Object.assign(raw, { allowDestory: true }),
      ['allincompassing: does not know allowDestory; check the spelling, or remove it'],
    ],
    [
      'a switch that is neither true nor false',
      (raw) => Object.assign(raw, { allowDestroy: 'yes' }),
      ['allincompassing:allowDestroy: is missing or not boolean; docs/settings.md has its form'],
    ],
    [
      'a name that GitHub keeps',
      (raw) => (raw.github.secrets.GITHUB_DEPLOY = { from: 'siteId' }),
      ['allincompassing:github.secrets.GITHUB_DEPLOY: GitHub keeps names that begin with GITHUB_ for itself'],
    ],
    [
      'one secret in two spellings',
      (raw) => Object.assign(raw.github.secrets, { Hook: { from: 'op://a/b/c' }, HOOK: { from: 'op://a/b/d' } }),
      ['allincompassing:github.secrets.HOOK: is the same secret as Hook: GitHub does not tell case apart'],
    ],
    [
      'the required check once more, from any app',
      (raw) => (raw.github.protection = { otherChecks: ['deploy-staging', 'build', 'build:7'] }),
      [
        'allincompassing:github.protection.otherChecks: deploy-staging is always required, from GitHub Actions alone; remove it',
        'allincompassing:github.protection.otherChecks: names a check twice',
      ],
    ],
    [
      'what a ruleset cannot do',
      (raw) =>
        (raw.github.protection = {
          form: 'ruleset',
          restrictions: { teams: ['platform'] },
          requireConversationResolution: true,
        }),
      [
        'allincompassing:github.protection.restrictions: a ruleset cannot name who may push; remove it, or use the form classic',
        'allincompassing:github.protection.requireConversationResolution: in a ruleset it is part of requiredPullRequestReviews; declare them too, or use the form classic',
      ],
    ],
    [
      'a missing repository',
      (raw) => delete raw.github.repository,
      ['allincompassing:github.repository: is missing or not string; docs/settings.md has its form'],
    ],
  ])('refuse %s', (_, change, expected) => {
    expect(problemsAfter(change)).toEqual(expected);
  });

  it('name every problem at once', () => {
    const problems = problemsAfter((raw) => {
      raw.organizationId = 'x';
      raw.netlify.variables.FLAG = { value: '' };
    });
    expect(problems).toHaveLength(2);
  });
});

import { describe, expect, it } from '@jest/globals';
import { fileConfiguration } from '../../settings/stack/file.ts';
import { parseSettings } from '../../settings/settings.ts';
import { problemsAfter, valid, type RawConfiguration } from './raw.ts';

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
    expect(supabase).toEqual({
      project: 'abcdefghijklmnopqrst',
      mode: 'shared-project',
      agentRuntimeConfig: 'leave',
      onRemoval: 'retain',
      productionChanges: 'refuse',
    });
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

  it.each<[string, (raw: RawConfiguration) => void, readonly string[]]>([
    [
      'an organisation id that is neither',
      (raw) => (raw.organizationId = 'acme'),
      ['allincompassing:organizationId: must be a UUID or a 1Password reference: op://vault/item/field'],
    ],
    [
      'an organisation id with another source',
      (raw) => (raw.values.DEFAULT_ORGANIZATION_ID = { from: 'op://Platform/Supabase/other', netlify: true }),
      [
        'allincompassing:values.DEFAULT_ORGANIZATION_ID: must come from organizationId in every context: it is one shared input',
      ],
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
    [
      'values that are no list of names',
      (raw) => Object.assign(raw, { values: [] }),
      ['allincompassing:values: is missing or not object; docs/settings.md has its form'],
    ],
    [
      'what is empty, or out of its bounds',
      (raw) => {
        raw.values.A = { from: 'op://a/b/c', actionsSecret: { environments: [''] } };
        raw.netlify.contexts = [];
        raw.github.protection = { requiredPullRequestReviews: { requiredApprovingReviewCount: 7 } };
        raw.drift = { maxAgeDays: 0 };
      },
      [
        'allincompassing:values.A.actionsSecret.environments.0: must not be empty',
        'allincompassing:netlify.contexts: must have at least 1 entry',
        'allincompassing:github.protection.requiredPullRequestReviews.requiredApprovingReviewCount: must be at most 6',
        'allincompassing:drift.maxAgeDays: must be at least 1',
      ],
    ],
    [
      'a word that is none of a few',
      (raw) => (raw.netlify.mode = 'shared'),
      ['allincompassing:netlify.mode: must be shared-site or separate-site'],
    ],
    ...['false', 'yes', 'on', 'OFF'].map((word): [string, (raw: RawConfiguration) => void, readonly string[]] => [
      `a place that is ${word}, as if that were a name`,
      (raw) => (raw.values.A = { from: 'op://a/b/c', netlify: word, actionsSecret: [word] }),
      ['netlify', 'actionsSecret.0'].map(
        (key) =>
          `allincompassing:values.A.${key}: must be true, another name, options, or a list of these; to leave the place out, remove the line`,
      ),
    ]),
    [
      'a literal of nothing',
      (raw) => (raw.values.A = { value: null, netlify: true }),
      [
        'allincompassing:values.A.value: must be text, true, false or a whole number of up to 15 digits; put anything else in quotes',
      ],
    ],
  ])('refuse %s', (_, change, expected) => {
    expect(problemsAfter(change)).toEqual(expected);
  });

  it('name every problem at once', () => {
    const problems = problemsAfter((raw) => {
      raw.organizationId = 'x';
      raw.values.FLAG = { value: '', netlify: true };
    });
    expect(problems).toHaveLength(2);
  });
});

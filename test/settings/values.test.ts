import { describe, expect, it } from '@jest/globals';
import { problemsAfter, problemsOf, type RawConfiguration } from './raw.ts';

type Change = (raw: RawConfiguration) => void;
const reference = 'a 1Password reference: op://vault/item/field';

describe('a value of the settings', () => {
  it.each<[string, Record<string, Record<string, unknown>>, readonly string[], Change?]>([
    [
      'an organisation id with another source',
      { DEFAULT_ORGANIZATION_ID: { from: 'op://Platform/Supabase/other', netlify: true } },
      ['DEFAULT_ORGANIZATION_ID: must come from organizationId in every context: it is one shared input'],
    ],
    [
      'an organisation id with another source of production’s',
      {
        DEFAULT_ORGANIZATION_ID: { from: 'organizationId', production: 'op://Platform/Supabase/other', netlify: true },
      },
      ['DEFAULT_ORGANIZATION_ID: must come from organizationId in every context: it is one shared input'],
    ],
    [
      'an organisation id with another source in another context',
      {
        DEFAULT_ORGANIZATION_ID: {
          from: 'organizationId',
          netlify: { otherContexts: { dev: 'op://Platform/Supabase/other' } },
        },
      },
      ['DEFAULT_ORGANIZATION_ID: must come from organizationId in every context: it is one shared input'],
    ],
    [
      'another organisation id in GitHub',
      { DEFAULT_ORGANIZATION_ID: { from: 'op://a/b/c', actionsSecret: true } },
      ['DEFAULT_ORGANIZATION_ID: must come from organizationId in every context: it is one shared input'],
    ],
    [
      'another organisation id under that name, by an alias',
      { TENANT: { from: 'op://a/b/c', edgeFunction: 'DEFAULT_ORGANIZATION_ID' } },
      ['TENANT: must come from organizationId in every context: it is one shared input'],
    ],
    [
      'an organisation id that is a literal',
      { TENANT: { value: 'x', localFile: 'DEFAULT_ORGANIZATION_ID' } },
      ['TENANT: must come from organizationId in every context: it is one shared input'],
    ],
    [
      'a raw value where a reference belongs',
      { SUPABASE_URL: { from: 'https://example.supabase.co', netlify: true } },
      [`SUPABASE_URL.from: must be organizationId, siteId or ${reference}`],
    ],
    [
      'a raw value of production’s',
      { SUPABASE_URL: { from: 'op://a/b/c', production: 'https://example.supabase.co', netlify: true } },
      [`SUPABASE_URL.production: must be organizationId or ${reference}`],
    ],
    [
      'a raw value in another context',
      { SUPABASE_URL: { from: 'op://a/b/c', netlify: { otherContexts: { dev: 'x' } } } },
      [`SUPABASE_URL.netlify.otherContexts.dev: must be organizationId or ${reference}`],
    ],
    [
      'both from and value',
      { SUPABASE_URL: { from: 'op://a/b/c', value: 'x', netlify: true } },
      ['SUPABASE_URL: needs exactly one of `from` and `value`'],
    ],
    [
      'neither from nor value',
      { SUPABASE_URL: { netlify: true } },
      ['SUPABASE_URL: needs exactly one of `from` and `value`'],
    ],
    ['an empty literal', { FLAG: { value: '', netlify: true } }, ['FLAG.value: must not be empty']],
    [
      'a literal that has no one form as text',
      { FLAG: { value: 0.5, netlify: true }, LONG: { value: 2 ** 53, netlify: true } },
      ['FLAG', 'LONG'].map(
        (name) =>
          `${name}.value: must be text, true, false or a whole number of up to 15 digits; put anything else in quotes`,
      ),
    ],
    [
      'no place',
      { SUPABASE_URL: { from: 'op://a/b/c' } },
      [
        'SUPABASE_URL: names no place: add at least one of netlify, actionsSecret, actionsVariable, edgeFunction, localFile',
      ],
    ],
    [
      'a place that is no form of one',
      { A: { value: 'x', netlify: false }, B: { value: 'x', localFile: 5 }, C: { value: 'x', edgeFunction: null } },
      ['A.netlify', 'B.localFile', 'C.edgeFunction'].map(
        (path) =>
          `${path}: must be true, another name, options, or a list of these; to leave the place out, remove the line`,
      ),
    ],
    [
      'an empty list of a place',
      { A: { value: 'x', netlify: [] } },
      ['A.netlify: must be true, another name, options, or a list of these; to leave the place out, remove the line'],
    ],
    [
      'an unknown place, and an unknown option of one',
      { A: { value: 'x', netlify: { secrets: true }, actionSecret: true } },
      [
        'A.netlify: does not know secrets; check the spelling, or remove it',
        'A: does not know actionSecret; check the spelling, or remove it',
      ],
    ],
    [
      'an unknown option in a list of a place, by its number',
      { A: { value: 'x', localFile: [true, { as: 'B', secret: true }] } },
      ['A.localFile.1: does not know secret; check the spelling, or remove it'],
    ],
    [
      'an option of another place',
      { A: { value: 'x', edgeFunction: { environments: ['staging'] } } },
      ['A.edgeFunction: does not know environments; check the spelling, or remove it'],
    ],
    [
      'a name that a shell refuses',
      { '1-BAD': { value: 'x', netlify: true } },
      ['1-BAD: must be letters, digits and _, not starting with a digit'],
    ],
    [
      'an alias that a shell refuses',
      { A: { value: 'x', netlify: '1-BAD' }, B: { value: 'x', localFile: { as: '1-BAD' } } },
      [
        'A.netlify.as: must be letters, digits and _, not starting with a digit',
        'B.localFile.as: must be letters, digits and _, not starting with a digit',
      ],
    ],
    [
      'a literal where nobody could read it, every place of it named',
      { FLAG: { value: 'x', netlify: { secret: true }, actionsSecret: true, localFile: true } },
      ['FLAG: needs `from`: nobody may read it in netlify and actionsSecret, and a literal would be in the repository'],
    ],
    [
      'the site’s id on Netlify, which sets it itself',
      { ID: { from: 'siteId', netlify: true } },
      ['ID.netlify: is not needed: Netlify sets the site’s id itself, as SITE_ID'],
    ],
    [
      'production’s source where nobody reads it',
      {
        A: {
          from: 'op://a/b/c',
          production: 'op://a/b/d',
          actionsSecret: true,
          actionsVariable: true,
          localFile: true,
        },
      },
      [
        'A.production: is read nowhere: only Netlify’s context production and the Edge Functions of the shared project have a value of production’s. Remove it',
      ],
    ],
    [
      'production’s source twice',
      {
        A: {
          from: 'op://a/b/c',
          production: 'op://a/b/d',
          netlify: { otherContexts: { production: 'op://a/b/e' } },
        },
      },
      ['A.netlify.otherContexts: production has its source in values.A.production already; remove one of them'],
    ],
    [
      'an unknown other context',
      { SUPABASE_URL: { from: 'op://a/b/c', netlify: { otherContexts: { prod: 'op://a/b/c' } } } },
      [
        'SUPABASE_URL.netlify.otherContexts: prod is not a context; use one of all, dev, dev-server, branch-deploy, deploy-preview, production or branch:NAME',
      ],
    ],
    [
      'staging’s own context once more',
      { SUPABASE_URL: { from: 'op://a/b/c', netlify: { otherContexts: { 'branch:develop': 'op://a/b/c' } } } },
      ["SUPABASE_URL.netlify.otherContexts: branch:develop is one of staging's contexts already"],
    ],
    [
      'scopes on a free plan',
      { FLAG: { value: 'x', netlify: { scopes: ['builds'] } } },
      ['FLAG.netlify.scopes: Netlify refuses scopes on a free plan; leave them out, or set netlify.plan to paid'],
    ],
    [
      'post-processing for a secret',
      { KEY: { from: 'op://a/b/c', netlify: { secret: true, scopes: ['post-processing'] } } },
      ['KEY.netlify.scopes: Netlify has no post-processing scope for a secret variable; leave it out'],
      (raw) => (raw.netlify.plan = 'paid'),
    ],
    [
      '`all` for a secret',
      { KEY: { from: 'op://a/b/c', netlify: { secret: true, otherContexts: { all: 'op://a/b/d' } } } },
      ['KEY.netlify.otherContexts: Netlify refuses the context `all` for a secret variable; name the contexts'],
    ],
    [
      'a secret variable where staging writes `all`',
      { KEY: { from: 'op://a/b/c', netlify: { secret: true } } },
      ['KEY.netlify.secret: Netlify refuses the context `all` for a secret variable; name the contexts'],
      (raw) => Object.assign(raw.netlify, { mode: 'separate-site', productionSite: 'other', contexts: ['all'] }),
    ],
    [
      'a reference that ends with a space',
      { SUPABASE_URL: { from: 'op://Platform/Supabase/url ', netlify: true } },
      [`SUPABASE_URL.from: must be organizationId, siteId or ${reference}`],
    ],
    [
      'references that 1Password may mix up',
      {
        SUPABASE_URL: {
          from: 'op://Platform/Supabase/url',
          production: 'op://Platform/supabase/production/url',
          netlify: true,
        },
      },
      [
        "SUPABASE_URL.from: op://Platform/Supabase/url gives the value of op://Platform/supabase/production/url when the item's own field is missing; give the two fields different labels",
      ],
    ],
    [
      'such references in another context',
      {
        SUPABASE_URL: {
          from: 'op://Platform/Supabase/production/url',
          netlify: { otherContexts: { dev: 'op://Platform/Supabase/url' } },
        },
      },
      [
        "SUPABASE_URL.netlify.otherContexts.dev: op://Platform/Supabase/url gives the value of op://Platform/Supabase/production/url when the item's own field is missing; give the two fields different labels",
      ],
    ],
  ])('is refused with %s', (_, values, expected, ...[change]) => {
    expect(problemsOf(values, change)).toEqual(expected.map((each) => `allincompassing:values.${each}`));
  });

  it('is refused with the organisation’s reference, where 1Password may mix the two up', () => {
    const problems = problemsAfter((raw) => {
      raw.organizationId = 'op://Platform/Supabase/url';
      raw.values.URL = { from: 'op://Platform/Supabase/url', actionsSecret: true };
      raw.values.SUPABASE_URL = { from: 'op://Platform/Supabase/production/url', netlify: true };
    });
    expect(problems).toEqual(
      ['organizationId', 'values.URL.from'].map(
        (key) =>
          `allincompassing:${key}: op://Platform/Supabase/url gives the value of op://Platform/Supabase/production/url when the item's own field is missing; give the two fields different labels`,
      ),
    );
  });

  it('is refused with staging’s production on a shared site, by each that has an own source there', () => {
    expect(
      problemsOf({ A: { from: 'op://a/b/c', netlify: { otherContexts: { production: 'op://a/b/d' } } } }, (raw) => {
        raw.netlify.contexts = ['production'];
      }),
    ).toEqual([
      'allincompassing:netlify.contexts: production is read by more than staging; on a shared site use branch:NAME',
      "allincompassing:values.A.netlify.otherContexts: production is one of staging's contexts already",
    ]);
  });
});

describe('a name in a place', () => {
  const setsItself = 'is a variable that Netlify sets itself. Give it another name by `as`';
  const runtime =
    'is a variable of the functions’ runtime: no function could be deployed. Give it another name by `as`';
  const supabase =
    'begins with SUPABASE_, which Supabase keeps for itself and sets for each function. Give it another name by `as`';
  const paid: Change = (raw) => (raw.netlify.plan = 'paid');

  it.each<[string, Record<string, Record<string, unknown>>, readonly string[], Change?]>([
    ['Netlify’s own', { DEPLOY_URL: { value: 'x', netlify: true } }, [`DEPLOY_URL.netlify: DEPLOY_URL ${setsItself}`]],
    ['Netlify’s own, by an alias', { A: { value: 'x', netlify: 'SITE_ID' } }, [`A.netlify: SITE_ID ${setsItself}`]],
    [
      'one of the functions’ runtime, without scopes',
      { AWS_REGION: { value: 'x', netlify: true } },
      [`AWS_REGION.netlify: AWS_REGION ${runtime}`],
    ],
    [
      'one of the functions’ runtime, where functions get it',
      {
        AWS_ACCESS_KEY_ID: { from: 'op://a/b/c', netlify: { scopes: ['builds', 'functions'] } },
        KEY: { from: 'op://a/b/d', netlify: { as: 'AWS_SECRET_ACCESS_KEY', scopes: ['runtime'] } },
      },
      [`AWS_ACCESS_KEY_ID.netlify: AWS_ACCESS_KEY_ID ${runtime}`, `KEY.netlify: AWS_SECRET_ACCESS_KEY ${runtime}`],
      paid,
    ],
    [
      'GitHub’s, of a secret and of a variable, in any case',
      { GITHUB_DEPLOY: { from: 'siteId', actionsSecret: true }, A: { value: 'x', actionsVariable: 'github_a' } },
      [
        'GITHUB_DEPLOY.actionsSecret: GITHUB_DEPLOY begins with GITHUB_, which GitHub keeps for itself. Give it another name by `as`',
        'A.actionsVariable: github_a begins with GITHUB_, which GitHub keeps for itself. Give it another name by `as`',
      ],
    ],
    [
      'Supabase’s',
      { SUPABASE_DB_URL: { from: 'op://a/b/c', edgeFunction: true }, A: { value: 'x', edgeFunction: 'supabase_a' } },
      [`SUPABASE_DB_URL.edgeFunction: SUPABASE_DB_URL ${supabase}`, `A.edgeFunction: supabase_a ${supabase}`],
    ],
    [
      'the kill switch’s',
      { AGENT_ACTIONS_DISABLED: { value: 'false', edgeFunction: true } },
      [
        'AGENT_ACTIONS_DISABLED.edgeFunction: AGENT_ACTIONS_DISABLED is the agents’ kill switch there: npm run kill-switch sets it, and an update must not end an emergency',
      ],
    ],
    [
      'that of another value in the same place',
      { A: { value: 'x', netlify: true, localFile: true }, B: { value: 'y', netlify: 'A', localFile: { as: 'A' } } },
      [
        'B.netlify: A is the Netlify variable of values.A already; remove one of them, or name it otherwise by `as`',
        'B.localFile: A is the line of the local file of values.A already; remove one of them, or name it otherwise by `as`',
      ],
    ],
    [
      'its own once more',
      { A: { value: 'x', edgeFunction: [true, 'A'] } },
      [
        'A.edgeFunction: A is the Edge Function secret of values.A already; remove one of them, or name it otherwise by `as`',
      ],
    ],
    [
      'one secret of GitHub in two spellings',
      {
        Hook: { from: 'op://a/b/c', actionsSecret: true },
        HOOK: { from: 'op://a/b/d', actionsSecret: true },
      },
      [
        'Hook.actionsSecret: Hook is the same GitHub Actions secret as HOOK of values.HOOK: GitHub ignores case; remove one of them, or name it otherwise by `as`',
      ],
    ],
    [
      'one variable of one environment of GitHub in two spellings',
      {
        A: { value: 'x', actionsVariable: { environments: ['staging', 'qa'] } },
        B: { value: 'y', actionsVariable: { as: 'a', environments: ['production', 'qa'] } },
      },
      [
        'B.actionsVariable: a is the same GitHub Actions variable of the environment qa as A of values.A: GitHub ignores case; remove one of them, or name it otherwise by `as`',
      ],
    ],
    [
      'in two spellings of one environment of GitHub',
      {
        A: { value: 'x', actionsVariable: { environments: ['qa', 'QA'] } },
        B: { value: 'y', actionsVariable: { environments: ['Qa'] } },
        C: { from: 'op://a/b/c', actionsSecret: { environments: ['Staging'] } },
      },
      [
        'A.actionsVariable: A is the GitHub Actions variable of the environment QA of values.A already; remove one of them, or name it otherwise by `as`',
        'C.actionsSecret: the environment Staging is staging of the deploy job: GitHub ignores case; write staging',
        'A.actionsVariable: the environment QA is qa of values.A.actionsVariable: GitHub ignores case; write qa',
        'B.actionsVariable: the environment Qa is qa of values.A.actionsVariable: GitHub ignores case; write qa',
      ],
    ],
  ])('is refused that is %s', (_, values, expected, ...[change]) => {
    expect(problemsOf(values, change)).toEqual(expected.map((each) => `allincompassing:values.${each}`));
  });

  it('may be what it may not be elsewhere: for builds alone, in another place, case or environment', () => {
    const values = {
      AWS_REGION: { value: 'eu', netlify: { scopes: ['builds', 'post-processing'] }, localFile: true },
      SUPABASE_TOKEN: { from: 'op://a/b/c', netlify: true, actionsSecret: true, localFile: true },
      GITHUB_A: { value: 'x', netlify: true, edgeFunction: true },
      DEPLOY_URL: { value: 'x', actionsVariable: true, edgeFunction: true },
      AGENT_ACTIONS_DISABLED: { value: 'false', netlify: true },
      // GitHub has secrets and variables in lists of their own, at each level.
      HOOK: { value: 'x', actionsVariable: { environments: [] } },
      Hook: { from: 'op://a/b/d', actionsSecret: true, actionsVariable: { environments: ['staging'] } },
      hook: { value: 'y', actionsVariable: { environments: ['qa'] }, netlify: true, edgeFunction: 'HOOK' },
      hOOK: { value: 'z', netlify: 'HOOK', edgeFunction: 'hook', localFile: ['hook', 'HOOK'] },
    };
    expect(problemsOf(values, paid)).toEqual([]);
  });
});

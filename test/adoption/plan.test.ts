import { describe, expect, it } from '@jest/globals';
import type { Existing } from '../../adoption/existing.ts';
import { planAdoption } from '../../adoption/plan.ts';
import { unsafeResources } from '../../adoption/unsafe.ts';
import type { LivePlaces } from '../../places/live.ts';
import type { LivePlaced } from '../../places/service.ts';
import type { LiveVariable } from '../../services/netlify/netlify.ts';
import { fileSettings } from '../../settings/stack/file.ts';
import type { Placement, PlainPlace, Settings } from '../../settings/settings.ts';
import { fixtureRoot } from '../support/fixture.ts';

const settings = fileSettings(fixtureRoot);
const inEveryContext = ['builds', 'functions', 'runtime', 'post-processing'];

function live(key: string, given: Partial<LiveVariable> = {}): LiveVariable {
  const values = [{ id: '1', context: 'production' as const, value: 'x' }];
  return {
    key,
    secret: false,
    scopes: inEveryContext,
    values,
    updatedAt: undefined,
    updatedBy: undefined,
    ...given,
  };
}

/** GitHub and Supabase with these in their places; one of an environment stands as `place/environment`. */
function holding(
  names: Readonly<Record<string, readonly (string | LivePlaced)[]>>,
  environments: string[] = [],
): LivePlaces {
  return {
    list: (place, environment) =>
      (names[environment === undefined ? place : `${place}/${environment}`] ?? []).map((each) =>
        typeof each === 'string' ? { name: each } : each,
      ),
    environments: new Set(environments),
    notChecked: [],
  };
}

const nothing: Existing = {
  siteId: 'site',
  teamId: 'team',
  variables: [],
  places: holding({}),
  protection: undefined,
  rulesets: [],
};

function placement(place: PlainPlace, name: string, environment?: string): Placement {
  const source = { kind: 'reference', reference: 'op://a/b/c' } as const;
  return { place, value: name, name, source, ...(environment !== undefined && { environment }) };
}

const ruled = (form: 'classic' | 'ruleset'): Settings => ({
  ...settings,
  github: { ...settings.github, protection: { ...settings.github.protection, form } },
});

describe('the plan of an adoption', () => {
  it('takes over nothing where nothing is, and nothing that is not declared', () => {
    const empty = { adoptions: [], unverifiable: [], protection: undefined, problems: [] };
    expect(planAdoption(settings, nothing, new Set())).toEqual(empty);
    const everywhere = ['actionsSecret', 'actionsVariable', 'edgeFunction'];
    const foreignPlaces = holding(Object.fromEntries(everywhere.map((place) => [place, ['SOMEBODY_ELSES']])));
    const foreign = { ...nothing, variables: [live('SOMEBODY_ELSES')], places: foreignPlaces };
    expect(planAdoption(settings, foreign, new Set())).toEqual(empty);
  });

  it('finds a GitHub secret in whatever case it is declared, and asks for it as declared', () => {
    const placements = settings.placements.map((each) => ({ ...each, name: each.name.toLowerCase() }));
    const lower = { ...settings, placements };
    const { adoptions } = planAdoption(
      lower,
      { ...nothing, places: holding({ actionsSecret: ['SLACK_WEBHOOK_URL'] }) },
      new Set(),
    );
    expect(adoptions.map(({ name, id }) => [name, id])).toEqual([
      ['github-slack_webhook_url', 'allincompassing:slack_webhook_url'],
    ]);
  });

  it('takes over what is declared and there, by the providers’ ids, but for what the stack holds already', () => {
    const existing = {
      ...nothing,
      variables: [live('SUPABASE_URL')],
      places: holding({ actionsSecret: ['SLACK_WEBHOOK_URL'] }),
    };
    const { adoptions } = planAdoption(settings, existing, new Set());
    expect(adoptions.map(({ name, parent, id }) => [name, parent, id])).toEqual([
      ['netlify-SUPABASE_URL', 'netlify', 'team:site:SUPABASE_URL'],
      ['github-SLACK_WEBHOOK_URL', 'github', 'allincompassing:SLACK_WEBHOOK_URL'],
    ]);
    const owned = new Set(['netlify-SUPABASE_URL', 'github-SLACK_WEBHOOK_URL']);
    expect(planAdoption(settings, existing, owned).adoptions).toEqual([]);
  });

  it('names what only a person can compare: live secret values outside staging’s contexts, once', () => {
    const name = 'SUPABASE_SERVICE_ROLE_KEY';
    const contexts = ['production', 'branch:staging'] as const;
    const values = contexts.map((context) => ({ id: context, context, value: undefined }));
    const existing = { ...nothing, variables: [live(name, { secret: true, values }), live('SUPABASE_URL')] };
    expect(planAdoption(settings, existing, new Set()).unverifiable).toEqual([`${name} in production`]);
    expect(planAdoption(settings, existing, new Set([`netlify-${name}`])).unverifiable).toEqual([]);
  });

  it('takes over a GitHub environment with its secrets', () => {
    const inStaging = settings.placements.map((each) => ({ ...each, environment: 'staging' }));
    const inEnvironment = {
      ...settings,
      placements: inStaging,
      github: { ...settings.github, environment: 'staging' },
    };
    const places = holding({ 'actionsSecret/staging': ['SLACK_WEBHOOK_URL'], actionsSecret: ['NETLIFY_AUTH_TOKEN'] }, [
      'staging',
    ]);
    expect(planAdoption(inEnvironment, { ...nothing, places }, new Set()).adoptions.map(({ id }) => id)).toEqual([
      'allincompassing:staging',
      'allincompassing:staging:SLACK_WEBHOOK_URL',
    ]);
  });

  it('takes over what stands in each place, with how its value is known, and not what is in another', () => {
    const all: Settings = {
      ...settings,
      placements: [
        placement('actionsVariable', 'REGION'),
        placement('actionsVariable', 'REGION', 'qa'),
        placement('edgeFunction', 'OPENAI_API_KEY'),
        placement('edgeFunction', 'ELSEWHERE'),
        placement('localFile', 'LOCAL'),
      ],
    };
    const digest = 'd'.repeat(64);
    const places = holding(
      {
        actionsVariable: [{ name: 'REGION', value: 'eu' }],
        'actionsVariable/qa': [{ name: 'REGION', value: 'us' }],
        // Supabase tells case apart.
        edgeFunction: [
          { name: 'OPENAI_API_KEY', digest },
          { name: 'elsewhere', digest },
        ],
        actionsSecret: ['ELSEWHERE', 'LOCAL'],
      },
      ['qa'],
    );
    const { adoptions } = planAdoption(all, { ...nothing, places }, new Set());
    const read = 'GitHub Actions variable: its value is read';
    expect(adoptions.map(({ name, parent, id, note, digest: shown }) => [name, parent, id, note, shown])).toEqual([
      ['github-qa', 'github', 'allincompassing:qa', 'environment', undefined],
      ['github-variable-REGION', 'github', 'allincompassing:REGION', read, undefined],
      ['github-variable-qa/REGION', 'github', 'allincompassing:qa:REGION', read, undefined],
      [
        'supabase-OPENAI_API_KEY',
        'supabase',
        settings.supabase.project,
        "Edge Function secret: its digest shows whether the vault's value is the one that is there",
        digest,
      ],
    ]);
  });

  it('takes over the ruleset of its own name, and no classic rule beside it', () => {
    const rulesets = [
      { id: 7, name: 'somebody else’s' },
      { id: 8, name: 'deploy-staging on develop' },
    ];
    const { adoptions } = planAdoption(ruled('ruleset'), { ...nothing, rulesets }, new Set());
    expect(adoptions.map(({ id }) => id)).toEqual(['allincompassing:8']);
    expect(planAdoption(ruled('classic'), { ...nothing, rulesets }, new Set()).adoptions).toEqual([]);
  });

  it.each<[string, LiveVariable, string]>([
    [
      'a context that is not declared',
      live('SUPABASE_URL', { values: [{ id: '1', context: 'branch:preview', value: 'x' }] }),
      'SUPABASE_URL has a value in branch:preview. Declare it: allincompassing:values.SUPABASE_URL.netlify.otherContexts.branch:preview, by its own reference',
    ],
    [
      'narrower scopes',
      live('SUPABASE_URL', { scopes: ['builds'] }),
      'SUPABASE_URL has the scopes builds. Declare them: allincompassing:values.SUPABASE_URL.netlify.scopes',
    ],
    [
      'a secret flag',
      live('SUPABASE_URL', { secret: true, scopes: ['builds', 'functions', 'runtime'] }),
      'SUPABASE_URL is secret on Netlify, which cannot be undone. Set allincompassing:values.SUPABASE_URL.netlify.secret to true',
    ],
  ])('stops at %s, and names the setting that keeps it', (_, variable, problem) => {
    const { problems } = planAdoption(settings, { ...nothing, variables: [variable] }, new Set());
    expect(problems).toContain(problem);
  });
});

describe('a state that an update would turn into a deletion', () => {
  const urn = (parents: string, type: string, name: string) =>
    `urn:pulumi:staging::allincompassing::${parents}${type}::${name}`;
  const type = 'netlify:index/environmentVariable:EnvironmentVariable';
  const parents = 'allincompassing:index:StagingEnvironment$allincompassing:index:NetlifyContext$';

  it('is what a bare import leaves: another URN, or a resource that is not retained', () => {
    const bare = { urn: urn('', type, 'url'), type, retainOnDelete: true };
    const unretained = { urn: urn(parents, type, 'netlify-SUPABASE_URL'), type };
    const sound = { ...unretained, retainOnDelete: true };
    const problems = unsafeResources([bare, unretained, sound], settings);
    expect(problems).toEqual(
      [bare, unretained].map(
        (each) =>
          `${each.urn} would be deleted on the service by an update. Take it out of the state, then adopt again: pulumi state delete '${each.urn}'`,
      ),
    );
  });

  it.each([
    ['actionsSecret', 'PlacedValues', 'github:index/actionsSecret:ActionsSecret', 'github-A'],
    [
      'actionsVariable',
      'PlacedValues',
      'github:index/actionsEnvironmentVariable:ActionsEnvironmentVariable',
      'github-variable-qa/A',
    ],
    ['edgeFunction', 'EdgeFunctionSecrets', 'supabase:index/edgeFunctionSecrets:EdgeFunctionSecrets', 'supabase-A'],
  ])('is one of every place: %s', (_, component, placed, name) => {
    const own = urn(`allincompassing:index:StagingEnvironment$allincompassing:index:${component}$`, placed, name);
    expect(unsafeResources([{ urn: own, type: placed }], settings)).toEqual([
      expect.stringContaining(`${own} would be deleted on the service by an update`),
    ]);
    expect(unsafeResources([{ urn: own, type: placed, retainOnDelete: true }], settings)).toEqual([]);
    const deleting: Settings = {
      ...settings,
      github: { ...settings.github, onRemoval: 'delete' },
      supabase: { ...settings.supabase, onRemoval: 'delete' },
    };
    expect(unsafeResources([{ urn: own, type: placed }], deleting)).toEqual([]);
  });

  it('is none where deletion is declared', () => {
    const deleting: Settings = { ...settings, netlify: { ...settings.netlify, onRemoval: 'delete' } };
    expect(unsafeResources([{ urn: urn(parents, type, 'netlify-SUPABASE_URL'), type }], deleting)).toEqual([]);
  });
});

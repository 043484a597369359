import { describe, expect, it } from '@jest/globals';
import { planAdoption, type Existing } from '../../../operations/adopt/plan.ts';
import { unsafeResources } from '../../../operations/adopt/unsafe.ts';
import type { LiveVariable } from '../../../services/netlify.ts';
import { fileSettings } from '../../../settings/file.ts';
import type { Settings } from '../../../settings/settings.ts';
import { fixtureRoot } from '../../support/fixture.ts';

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

const nothing: Existing = {
  siteId: 'site',
  teamId: 'team',
  variables: [],
  secrets: [],
  environment: false,
  protection: undefined,
  rulesets: [],
};

const ruled = (form: 'classic' | 'ruleset'): Settings => ({
  ...settings,
  github: { ...settings.github, protection: { ...settings.github.protection, form } },
});

describe('the plan of an adoption', () => {
  it('takes over nothing where nothing is, and nothing that is not declared', () => {
    const empty = { adoptions: [], unverifiable: [], protection: undefined, problems: [] };
    expect(planAdoption(settings, nothing, new Set())).toEqual(empty);
    const foreign = { ...nothing, variables: [live('SOMEBODY_ELSES')], secrets: ['SOMEBODY_ELSES'] };
    expect(planAdoption(settings, foreign, new Set())).toEqual(empty);
  });

  it('finds a GitHub secret in whatever case it is declared, and asks for it as declared', () => {
    const secrets = settings.github.secrets.map((secret) => ({ ...secret, name: secret.name.toLowerCase() }));
    const lower = { ...settings, github: { ...settings.github, secrets } };
    const { adoptions } = planAdoption(lower, { ...nothing, secrets: ['SLACK_WEBHOOK_URL'] }, new Set());
    expect(adoptions.map(({ name, id }) => [name, id])).toEqual([
      ['github-slack_webhook_url', 'allincompassing:slack_webhook_url'],
    ]);
  });

  it('takes over what is declared and there, by the providers’ ids, but for what the stack holds already', () => {
    const existing = { ...nothing, variables: [live('SUPABASE_URL')], secrets: ['SLACK_WEBHOOK_URL'] };
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
    const inEnvironment = { ...settings, github: { ...settings.github, environment: 'staging' } };
    const existing = { ...nothing, environment: true, secrets: ['SLACK_WEBHOOK_URL'] };
    expect(planAdoption(inEnvironment, existing, new Set()).adoptions.map(({ id }) => id)).toEqual([
      'allincompassing:staging',
      'allincompassing:staging:SLACK_WEBHOOK_URL',
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
      'SUPABASE_URL has a value in branch:preview. Declare it: allincompassing:netlify.variables.SUPABASE_URL.otherContexts.branch:preview, by its own reference',
    ],
    [
      'narrower scopes',
      live('SUPABASE_URL', { scopes: ['builds'] }),
      'SUPABASE_URL has the scopes builds. Declare them: allincompassing:netlify.variables.SUPABASE_URL.scopes',
    ],
    [
      'a secret flag',
      live('SUPABASE_URL', { secret: true, scopes: ['builds', 'functions', 'runtime'] }),
      'SUPABASE_URL is secret on Netlify, which cannot be undone. Set allincompassing:netlify.variables.SUPABASE_URL.secret to true',
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

  it('is none where deletion is declared', () => {
    const deleting: Settings = { ...settings, netlify: { ...settings.netlify, onRemoval: 'delete' } };
    expect(unsafeResources([{ urn: urn(parents, type, 'netlify-SUPABASE_URL'), type }], deleting)).toEqual([]);
  });
});

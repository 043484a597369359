import { randomBytes } from 'node:crypto';
import { beforeEach, describe, expect, it } from '@jest/globals';
import * as pulumi from '@pulumi/pulumi';
import { outputs } from '../../components/outputs.ts';
import { StagingEnvironment } from '../../components/stagingEnvironment.ts';
import { secretOutputOf, type DeclaredValues } from '../../secrets/declaredValues.ts';
import { fileConfiguration } from '../../settings/stack/file.ts';
import { parseSettings, type Settings } from '../../settings/settings.ts';
import { sharedProject } from '../support/sharedProject.ts';
import { secretOnTheWire, strictMocks, valueOf, type Registration } from '../support/mocks.ts';
import { fixtureRoot } from '../support/fixture.ts';

const types = {
  environment: 'allincompassing:index:StagingEnvironment',
  netlify: 'allincompassing:index:NetlifyContext',
  github: 'allincompassing:index:PlacedValues',
  check: 'allincompassing:index:RequiredDeployCheck',
  variable: 'netlify:index/environmentVariable:EnvironmentVariable',
  secret: 'github:index/actionsSecret:ActionsSecret',
  environmentSecret: 'github:index/actionsEnvironmentSecret:ActionsEnvironmentSecret',
  actionsVariable: 'github:index/actionsVariable:ActionsVariable',
  environmentVariable: 'github:index/actionsEnvironmentVariable:ActionsEnvironmentVariable',
  githubEnvironment: 'github:index/repositoryEnvironment:RepositoryEnvironment',
  protection: 'github:index/branchProtectionV3:BranchProtectionV3',
  ruleset: 'github:index/repositoryRuleset:RepositoryRuleset',
  row: 'allincompassing:index:AgentRuntimeConfig',
};
const functions = {
  'netlify:index/getSite:getSite': { id: 'site-id' },
  'netlify:index/getTeam:getTeam': { id: 'team-id' },
};

let registrations: Registration[];
beforeEach(async () => {
  registrations = await strictMocks(Object.values(types), functions);
});

type Raw = Record<string, Record<string, unknown>>;

/** The committed settings, changed in their GitHub part. */
function settingsWith(github: Record<string, unknown> = {}, more: Record<string, unknown> = {}): Settings {
  const raw = fileConfiguration(fixtureRoot) as Raw;
  return parseSettings({ ...raw, github: { ...raw.github, ...github }, ...more });
}

/** Each source's own text as its value, so that a test sees which source reached which place. */
const values: DeclaredValues = {
  vaultWasRead: true,
  of: (source) => ({
    value: secretOutputOf(
      source.kind === 'reference'
        ? source.reference
        : source.kind === 'literal'
          ? source.value
          : 'the-one-organization-id',
    ),
    unread: false,
  }),
};

async function declare(settings: Settings, given = values, actionsAppId?: number): Promise<StagingEnvironment> {
  const environment = new StagingEnvironment('staging', {
    settings,
    values: given,
    ...(actionsAppId !== undefined && { actionsAppId }),
  });
  const { netlify, placed, check } = environment;
  const written = [...placed.values()].map(({ resource }) => resource.id);
  await valueOf(pulumi.output([netlify.lastUpdated, check.ruleId, ...written]));
  return environment;
}

const inputsOf = (name: string) => registrations.find((each) => each.name === name)?.inputs;

describe('the staging environment', () => {
  it('declares the committed settings: this and nothing else', async () => {
    await declare(settingsWith());
    expect(registrations.map(({ type, name }) => `${type} ${name}`).sort()).toEqual(
      [
        `${types.environment} staging`,
        `${types.netlify} netlify`,
        `${types.github} github`,
        `${types.check} required-check`,
        ...[
          'DEFAULT_ORGANIZATION_ID',
          'OPENAI_API_KEY',
          'SUPABASE_ACCESS_TOKEN',
          'SUPABASE_ANON_KEY',
          'SUPABASE_SERVICE_ROLE_KEY',
          'SUPABASE_URL',
        ].map((name) => `${types.variable} netlify-${name}`),
        ...['DEFAULT_ORGANIZATION_ID', 'NETLIFY_AUTH_TOKEN', 'NETLIFY_STAGING_SITE_ID', 'SLACK_WEBHOOK_URL'].map(
          (name) => `${types.secret} github-${name}`,
        ),
        `${types.ruleset} required-check-develop`,
      ].sort(),
    );
  });

  it('gives every target the one organisation id', async () => {
    await declare(settingsWith());
    const onNetlify = secretOnTheWire(inputsOf('netlify-DEFAULT_ORGANIZATION_ID')?.values) as { value: unknown }[];
    const onGitHub = secretOnTheWire(inputsOf('github-DEFAULT_ORGANIZATION_ID')?.value);
    const all = [...onNetlify.map((each) => each.value), onGitHub];
    expect(all).toEqual(Array(4).fill('the-one-organization-id'));
  });

  it('seals the looked-up site’s id, as a secret', async () => {
    await declare(settingsWith());
    expect(secretOnTheWire(inputsOf('github-NETLIFY_STAGING_SITE_ID')?.value)).toBe('site-id');
  });

  it('requires deploy-staging from GitHub Actions, strict, for admins too, and keeps what the rule had', async () => {
    const protection = {
      form: 'classic',
      otherChecks: ['build'],
      requiredPullRequestReviews: { dismissStaleReviews: true, requiredApprovingReviewCount: 1 },
    };
    await declare(settingsWith({ protection }));
    expect(inputsOf('required-check-develop')).toEqual({
      repository: 'allincompassing',
      branch: 'develop',
      enforceAdmins: true,
      requiredStatusChecks: { strict: true, checks: ['deploy-staging:15368', 'build'] },
      requiredPullRequestReviews: { dismissStaleReviews: true, requiredApprovingReviewCount: 1 },
      requireSignedCommits: false,
      requireConversationResolution: false,
    });
  });

  it.each(['classic', 'ruleset'] as const)('pins the check to the app of this GitHub: %s', async (form) => {
    await declare(settingsWith({ protection: { form } }), values, 42);
    const { requiredStatusChecks: classic, rules } = inputsOf('required-check-develop') ?? {};
    if (form === 'classic') expect(classic).toMatchObject({ checks: ['deploy-staging:42'] });
    else
      expect(rules).toMatchObject({
        requiredStatusChecks: {
          requiredChecks: [{ context: 'deploy-staging', integrationId: 42 }],
        },
      });
  });

  it('requires the same by a ruleset that nobody can bypass', async () => {
    await declare(
      settingsWith({
        protection: {
          form: 'ruleset',
          otherChecks: ['build', 'lint:7'],
          requiredPullRequestReviews: { requiredApprovingReviewCount: 2 },
        },
      }),
    );
    expect(inputsOf('required-check-develop')).toMatchObject({
      enforcement: 'active',
      bypassActors: [],
      conditions: { refName: { includes: ['refs/heads/develop'], excludes: [] } },
      rules: {
        deletion: true,
        nonFastForward: true,
        pullRequest: { requiredApprovingReviewCount: 2 },
        requiredStatusChecks: {
          strictRequiredStatusChecksPolicy: true,
          requiredChecks: [
            { context: 'deploy-staging', integrationId: 15368 },
            { context: 'build' },
            { context: 'lint', integrationId: 7 },
          ],
        },
      },
    });
  });

  it("declares the kill switch's row only where it is asked for, without a value of it", async () => {
    await declare(settingsWith({}, { supabase: { project: sharedProject.ref, agentRuntimeConfig: 'ensure' } }));
    expect(registrations.filter(({ type }) => type === types.row)).toEqual([
      { type: types.row, name: 'agent-runtime-config', inputs: {} },
    ]);
  });

  it('puts the secrets into a GitHub environment when one is named', async () => {
    await declare(settingsWith({ environment: 'staging' }));
    expect(registrations.filter(({ type }) => type === types.secret)).toEqual([]);
    expect(registrations.filter(({ type }) => type === types.environmentSecret)).toHaveLength(4);
    expect(inputsOf('github-staging')).toMatchObject({ repository: 'allincompassing', environment: 'staging' });
  });
});

describe('the outputs', () => {
  it('have facts and keyed fingerprints, and no value', async () => {
    const settings = settingsWith();
    const random: DeclaredValues = {
      vaultWasRead: true,
      of: () => ({ value: secretOutputOf(randomBytes(32).toString('hex')), unread: false }),
    };
    const given = outputs(await declare(settings, random), settings, pulumi.secret('the key of the fingerprints'));
    const variables = await valueOf(given.variables);
    expect(variables.SUPABASE_SERVICE_ROLE_KEY).toEqual({
      secret: true,
      contexts: ['branch:staging', 'branch:develop', 'production'],
      lastUpdated: '2026-01-01T00:00:00Z',
      fingerprints: {
        'branch:staging': expect.stringMatching(/^[0-9a-f]{12}$/),
        'branch:develop': expect.stringMatching(/^[0-9a-f]{12}$/),
        production: expect.stringMatching(/^[0-9a-f]{12}$/),
      },
    });
    expect(JSON.stringify([variables, await valueOf(given.placed)])).not.toContain('op://');
    expect(await pulumi.isSecret(given.variables)).toBe(false);
  });

  it('have no fingerprints without a key', async () => {
    const settings = settingsWith();
    const { variables } = outputs(await declare(settings), settings, undefined);
    expect(Object.values(await valueOf(variables)).map(({ fingerprints }) => fingerprints)).toEqual(Array(6).fill({}));
  });
});

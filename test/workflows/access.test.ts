import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { data, Evaluator, Lexer, Parser } from '@actions/expressions';
import { describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';
import { z } from 'zod';
import { copyFixture } from '../support/fixture.ts';

const text = z.string();
const values = z.record(text, z.union([text, z.boolean(), z.number()])).default({});
const step = z.object({
  id: text.optional(),
  if: text.optional(),
  uses: text.optional(),
  run: text.optional(),
  with: values,
  env: values,
});
const action = z
  .object({ outputs: z.record(text, z.object({ value: text })), runs: z.object({ steps: z.array(step) }) })
  .parse(parse(readFileSync('.github/actions/access/action.yml', 'utf8')));

/** What an expression, or a text with expressions in it, says in these contexts. */
function say(written: string, contexts: Record<string, unknown>): string {
  return written.replaceAll(/\$\{\{(.+?)\}\}/g, (_, expression: string) => {
    const { tokens } = new Lexer(expression).lex();
    const known = JSON.parse(JSON.stringify(contexts), data.reviver) as data.Dictionary;
    return new Evaluator(new Parser(tokens, Object.keys(contexts), []).parse(), known).evaluate().coerceString();
  });
}

interface Given {
  readonly variables?: Record<string, string>;
  readonly secrets?: Record<string, string>;
}

/** Runs the action as the runner does: the script, then which of the vendors' actions it calls, and with what. */
function access({ variables = {}, secrets = {} }: Given) {
  const inputs = { 'pulumi-token': '', 'github-app-key': '', 'github-token': '', ...secrets, folder: '.' };
  const given = { ...inputs, variables: JSON.stringify(variables) };
  const folder = mkdtempSync(join(tmpdir(), 'access-'));
  copyFixture(folder);
  const output = join(folder, 'output');
  writeFileSync(output, '');
  const [choose, ...others] = action.runs.steps;
  const env = Object.entries(choose?.env ?? {}).map(([name, value]) => [name, say(String(value), { inputs: given })]);
  const { status, stdout, stderr } = spawnSync('bash', ['-e', '-c', choose?.run ?? 'exit 9'], {
    cwd: folder,
    encoding: 'utf8',
    env: {
      ...(Object.fromEntries(env) as Record<string, string>),
      PATH: process.env.PATH,
      HOME: folder,
      GITHUB_OUTPUT: output,
      GITHUB_ACTION_PATH: resolve('.github/actions/access'),
    },
  });
  const lines = readFileSync(output, 'utf8').split('\n').filter(Boolean);
  const outputs = Object.fromEntries(lines.map((line) => line.split(/=(.*)/s).slice(0, 2) as [string, string]));
  const contexts = { inputs: given, steps: { choose: { outputs } } };
  const called = others.filter((one) => say(`\${{ ${one.if ?? 'true'} }}`, contexts) === 'true');
  const calls = called.map(({ uses, with: asked }) => [
    uses?.split('@')[0],
    Object.fromEntries(Object.entries(asked).map(([name, value]) => [name, say(String(value), contexts)])),
  ]);
  return { status, stdout, stderr, calls: Object.fromEntries(calls) as Record<string, Record<string, string>> };
}

const app = { STAGING_GITHUB_APP: 'Iv23made-up' };
const key = { 'github-app-key': 'a made-up private key' };
const bucket = { PULUMI_BACKEND_URL: 's3://state' };
const byApp = {
  owner: 'allincompassing',
  repositories: 'allincompassing',
  'client-id': 'Iv23made-up',
  'private-key': key['github-app-key'],
};

describe('the action that signs a job in', () => {
  it('asks for a token of the App, for the one repository that the configuration names', () => {
    const { status, stdout, stderr, calls } = access({ variables: { ...app, ...bucket }, secrets: key });
    expect([status, stdout, stderr]).toEqual([0, '', '']);
    expect(calls).toEqual({ 'actions/create-github-app-token': byApp });
  });

  it.each([
    ['', 'organization'],
    ['team:platform', 'team'],
    ['user:deploys', 'personal'],
  ])('signs in to Pulumi Cloud for an hour, with the scope %j', (scope, type) => {
    const variables = { ...app, PULUMI_ORGANIZATION: 'acme', PULUMI_TOKEN_SCOPE: scope };
    expect(access({ variables, secrets: key }).calls['pulumi/auth-actions']).toEqual({
      organization: 'acme',
      'requested-token-type': `urn:pulumi:token-type:access_token:${type}`,
      scope,
      'token-expiration': '3600',
      'cloud-url': '',
    });
  });

  it('signs in to a Pulumi Cloud of the team’s own', () => {
    const backend = 'https://api.pulumi.example.com';
    const variables = { ...app, PULUMI_ORGANIZATION: 'acme', PULUMI_BACKEND_URL: backend };
    expect(access({ variables, secrets: key }).calls['pulumi/auth-actions']?.['cloud-url']).toBe(backend);
  });

  it.each([
    [
      's3://state',
      { AWS_ROLE: 'arn:aws:iam::1:role/state', AWS_REGION: 'eu-central-1' },
      'aws-actions/configure-aws-credentials',
      { 'role-to-assume': 'arn:aws:iam::1:role/state', 'aws-region': 'eu-central-1' },
    ],
    [
      'gs://state',
      { GOOGLE_IDENTITY_PROVIDER: 'projects/1/p', GOOGLE_SERVICE_ACCOUNT: 'state@example.com' },
      'google-github-actions/auth',
      { workload_identity_provider: 'projects/1/p', service_account: 'state@example.com' },
    ],
    [
      'azblob://state',
      { AZURE_CLIENT_ID: 'client', AZURE_TENANT_ID: 'tenant' },
      'azure/login',
      { 'client-id': 'client', 'tenant-id': 'tenant', 'allow-no-subscriptions': 'true' },
    ],
  ])('signs in to the cloud of %s, and to no other', (backend, cloud: Record<string, string>, name, asked) => {
    const variables = { ...app, ...cloud, PULUMI_BACKEND_URL: backend };
    const { status, calls } = access({ variables, secrets: key });
    expect([status, calls]).toEqual([0, { 'actions/create-github-app-token': byApp, [name]: asked }]);
  });

  it('goes on with the long-lived tokens of a team that has no other, and says so of each', () => {
    const secrets = { 'pulumi-token': 'made up', 'github-token': 'made up' };
    const { status, stdout, calls } = access({ secrets });
    expect([status, calls]).toEqual([0, {}]);
    const notices = ['The personal token for GitHub', 'The token of Pulumi Cloud'].map(
      (name) =>
        `::notice title=Access::${name} stays valid after this run; docs/github_actions.md has the way without it.`,
    );
    expect(stdout.trim().split('\n')).toEqual(notices);
  });

  it('says that a long-lived token which nothing uses any more is to be deleted', () => {
    const variables = { ...app, PULUMI_ORGANIZATION: 'acme' };
    const secrets = { ...key, 'pulumi-token': 'made up', 'github-token': 'made up' };
    expect(access({ variables, secrets }).stdout.match(/^::warning .* is not used any more/gm)).toHaveLength(2);
  });

  const elsewhere = { ...app, ...bucket };
  it.each([
    ['an App without its key', elsewhere, {}, 'STAGING_GITHUB_APP_KEY belong together'],
    ['a key without its App', bucket, key, 'STAGING_GITHUB_APP_KEY belong together'],
    ['an App without its key, beside a token', elsewhere, { 'github-token': 'made up' }, 'belong together'],
    ['no way to GitHub', bucket, {}, "No access to the application's repository"],
    ['no way to Pulumi Cloud', app, key, 'No access to Pulumi Cloud'],
    ['a scope of no organization', { ...elsewhere, PULUMI_TOKEN_SCOPE: 'team:a' }, key, 'needs PULUMI_ORGANIZATION'],
    ['an organization of another backend', { ...elsewhere, PULUMI_ORGANIZATION: 'acme' }, key, 'another backend'],
    [
      'another scope',
      { ...app, PULUMI_ORGANIZATION: 'acme', PULUMI_TOKEN_SCOPE: 'admin' },
      key,
      'team:NAME or user:NAME',
    ],
    ['a role without its region', { ...elsewhere, AWS_ROLE: 'a' }, key, 'AWS_ROLE and AWS_REGION belong together'],
    ['a region without its role', { ...elsewhere, AWS_REGION: 'a' }, key, 'AWS_ROLE and AWS_REGION belong together'],
    ['a client without its tenant', { ...elsewhere, AZURE_CLIENT_ID: 'a' }, key, 'AZURE_TENANT_ID belong together'],
    ['a tenant without its client', { ...elsewhere, AZURE_TENANT_ID: 'a' }, key, 'AZURE_TENANT_ID belong together'],
    ['an account alone', { ...elsewhere, GOOGLE_SERVICE_ACCOUNT: 'a' }, key, 'needs GOOGLE_IDENTITY_PROVIDER'],
    ['a second line', { ...elsewhere, STAGING_GITHUB_APP: 'a\nowner=b' }, key, 'has a line break'],
  ])('refuses %s before it asks anybody', (_, variables: Record<string, string>, secrets, words) => {
    const { status, stdout, calls } = access({ variables, secrets });
    expect([status, calls]).toEqual([1, {}]);
    expect(stdout).toMatch(/^::error title=Access::/);
    expect(stdout).toContain(words);
  });

  it('hands on what was signed in to, and else the token that there was', () => {
    const [github, pulumi] = [action.outputs['github-token']?.value ?? '', action.outputs['pulumi-token']?.value ?? ''];
    const inputs = { 'github-token': 'long', 'pulumi-token': 'long' };
    const signedIn = { github: { outputs: { token: 'hour' } }, pulumi: { outputs: { 'pulumi-access-token': 'hour' } } };
    const neither = { github: { outputs: {} }, pulumi: { outputs: {} } };
    expect([github, pulumi].map((value) => say(value, { inputs, steps: signedIn }))).toEqual(['hour', 'hour']);
    expect([github, pulumi].map((value) => say(value, { inputs, steps: neither }))).toEqual(['long', 'long']);
  });

  it('gives its script no secret, and pins what it calls', () => {
    const [choose, ...others] = action.runs.steps;
    for (const value of Object.values(choose?.env ?? {})) expect(String(value)).toMatch(/inputs\.variables| != ''/);
    expect(others).toHaveLength(5);
    for (const { uses } of others) expect(uses).toMatch(/@[0-9a-f]{40}$/);
  });
});

const job = z.object({
  'timeout-minutes': z.number(),
  environment: text.optional(),
  permissions: z.record(text, text).optional(),
  outputs: z.record(text, text).default({}),
  steps: z.array(step),
});
const jobs = readdirSync('.github/workflows').flatMap((name) => {
  const read = z
    .object({ jobs: z.record(text, job) })
    .parse(parse(readFileSync(join('.github/workflows', name), 'utf8')));
  return Object.entries(read.jobs).map(([title, one]) => [`${name}: ${title}`, one] as const);
});
const isAccess = ({ uses }: z.infer<typeof step>) => uses?.endsWith('.github/actions/access') === true;
const signingIn = jobs.filter(([, { steps }]) => steps.some(isAccess));

describe('the jobs', () => {
  it('that have an environment for it sign in, and no others may ask for an identity', () => {
    const mayAsk = jobs.filter(([, { permissions }]) => permissions?.['id-token'] !== undefined);
    expect(signingIn.map(([name]) => name)).toEqual(mayAsk.map(([name]) => name));
    expect(signingIn.map(([name, { environment }]) => `${name} ${environment ?? ''}`)).toEqual([
      'drift.yml: drift staging-drift',
      'preview.yml: preview-base preview',
      'preview.yml: preview-head preview',
      'preview.yml: drift preview',
      'up.yml: plan staging-plan',
      'up.yml: up staging-infrastructure',
    ]);
  });

  it.each(signingIn)('%s ends before its tokens do, and gives them to its own steps alone', (_, one) => {
    expect(one['timeout-minutes']).toBeLessThan(60);
    expect(one.permissions).toEqual({ contents: 'read', 'id-token': 'write' });
    expect(JSON.stringify(one.outputs)).not.toContain('access');
    const at = one.steps.findIndex(isAccess);
    const users = one.steps.filter(({ env }) => env.GITHUB_TOKEN !== undefined);
    expect(users.length).toBeGreaterThan(0);
    for (const { env } of users) {
      expect(env.GITHUB_TOKEN).toBe('${{ steps.access.outputs.github-token }}');
      expect(env.PULUMI_ACCESS_TOKEN).toBe('${{ steps.access.outputs.pulumi-token }}');
    }
    expect(one.steps.findIndex(({ env }) => env.GITHUB_TOKEN !== undefined)).toBeGreaterThan(at);
    // Neither an installation nor a checkout of other code comes between the packages and the sign-in.
    expect(one.steps[at - 1]?.uses).toMatch(/\.github\/actions\/pulumi$/);
  });
});

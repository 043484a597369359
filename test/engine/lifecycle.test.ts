import { readFileSync } from 'node:fs';
import { afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';
import type { Export } from '../../engine/deployment.ts';
import { readPreview } from '../../commands/pullRequestComment/preview.ts';
import { githubSecrets } from '../../sandbox/standIns/github/index.ts';
import type { Exchange } from '../../sandbox/server/serve.ts';
import { githubProblems } from '../support/documents/githubDocument.ts';
import { changeByHand } from '../support/drift/handChange.ts';
import { netlifyProblems, unusedDeviations } from '../support/documents/netlifyDocument.ts';
import { fileConfiguration } from '../../settings/stack/file.ts';
import { pipelineSettings } from '../support/pipelineSettings.ts';
import { productionValues } from '../support/writes.ts';
import {
  expectFine,
  keepStages,
  provision,
  startProject,
  type Project,
  type ProjectOptions,
} from '../support/project.ts';

let project: Project;
let exchanges: Exchange[];
/** What production reads when the test begins. */
let before: string[];

const options: ProjectOptions = { configuration: [[['github:writeDelayMs'], '1']] };
beforeAll(
  () =>
    keepStages([
      { ...options, stage: 'new' },
      { ...options, stage: 'adopted' },
      { ...options, stage: 'provisioned' },
    ]),
  900_000,
);

/** Each test has a project of its own, at the stage of a team's life with the stack from which it starts. */
async function begin(stage: NonNullable<ProjectOptions['stage']>): Promise<void> {
  exchanges = [];
  project = await startProject({ ...options, stage, observe: (exchange) => exchanges.push(exchange) });
  before = productionValues(project);
}

const spoken = (service: string) => exchanges.filter((exchange) => exchange.service === service);

afterEach(async () => {
  await project.close();
  // Whatever a test does, it speaks to the services as their published documents have it.
  expect([...spoken('netlify').flatMap(netlifyProblems), ...spoken('github').flatMap(githubProblems)]).toEqual([]);
});

/** The effects of every request so far that changed something outside staging's branches. */
const effectsBeyondStaging = () =>
  project.sandbox
    .log()
    .flatMap(({ effects }) => effects)
    .filter((effect) => effect.startsWith('env ') && !/ branch:(staging|develop) /.test(effect));

/** The keys that a request since `start` made absent for a moment. */
const removals = (start: number) =>
  project.sandbox
    .log()
    .slice(start)
    .filter(({ service, method }) => service === 'netlify' && method === 'DELETE');

const writes = (start: number) =>
  project.sandbox
    .log()
    .slice(start)
    .filter(({ service, method }) => service !== 'onepassword' && method !== 'GET')
    .map(({ method, path }) => `${method} ${path.split('/').at(-1) ?? ''}`);

describe('the life of the staging environment', () => {
  it('refuses to write a key that is there already, before any write', async () => {
    await begin('new');
    const start = project.sandbox.log().length;
    const { code, output } = await project.pulumi(['up', '--yes']);
    expect(code).not.toBe(0);
    // The engine ends at the first refusal, whichever comes first.
    expect(output).toMatch(/Refused before any write:[^]* is on (Netlify|GitHub) already, but not in this stack/);
    expect(output).toContain('npm run adopt');
    expect(writes(start)).toEqual([]);
  }, 120_000);

  it('adopts what is there without a write', async () => {
    await begin('new');
    const start = project.sandbox.log().length;
    const dry = await expectFine(project.command('commands/adopt/command.ts', ['--dry-run']));
    expect(dry).toContain('take over  netlify-SUPABASE_SERVICE_ROLE_KEY');
    const refused = await project.command('commands/adopt/command.ts', ['--yes']);
    expect(refused.code).toBe(1);
    expect(refused.output).toContain(
      '--production-from-vault  you have compared these with what production uses: SUPABASE_SERVICE_ROLE_KEY in production.',
    );
    await expectFine(project.command('commands/adopt/command.ts', ['--yes', '--production-from-vault']));
    const destroyed = await project.pulumi(['destroy', '--yes']);
    expect(destroyed.code).not.toBe(0);
    expect(destroyed.output.replace(/\s+/g, ' ')).toContain('cannot be deleted because it is protected');
    expect(writes(start)).toEqual([]);
  }, 120_000);

  it.each([{ options: [] }, { options: ['--refresh'] }])(
    'shows only true differences after adoption: contexts to add, in place ($options)',
    async ({ options }) => {
      await begin('adopted');
      const output = await expectFine(project.pulumi(['preview', '--json', ...options]));
      // As the comment on a pull request reads it.
      const { steps } = readPreview(output.slice(output.indexOf('{\n')));
      const planned = steps.map(({ op, urn }) => `${op} ${urn.slice(urn.lastIndexOf('::') + 2)}`);
      expect(planned.filter((step) => !/ (github|required-check|allincompassing)-/.test(step)).sort()).toEqual([
        'create netlify-OPENAI_API_KEY',
        'create netlify-SUPABASE_ACCESS_TOKEN',
        'update netlify-DEFAULT_ORGANIZATION_ID',
        'update netlify-SUPABASE_ANON_KEY',
        'update netlify-SUPABASE_SERVICE_ROLE_KEY',
        'update netlify-SUPABASE_URL',
      ]);
    },
    60_000,
  );

  it('refuses to overwrite a secret value of production’s that somebody rotated after the adoption', async () => {
    await begin('adopted');
    changeByHand(project, 'SUPABASE_SERVICE_ROLE_KEY', 'rotated by hand');
    const start = project.sandbox.log().length;
    const rotated = productionValues(project);
    const { code, output } = await project.pulumi(['up', '--yes']);
    expect(code).not.toBe(0);
    expect(output).toMatch(
      /SUPABASE_SERVICE_ROLE_KEY was changed on Netlify at \S+ by .+, after this stack's last update/,
    );
    expect(writes(start)).toEqual([]);
    expect(productionValues(project)).toEqual(rotated);
  }, 60_000);

  it('is provisioned from nothing as the services’ documents have it, and a second preview with refresh has no changes', async () => {
    await begin('new');
    await provision(project);
    await expectFine(project.pulumi(['preview', '--refresh', '--expect-no-changes']));
    expect(productionValues(project)).toEqual(before);
    expect(effectsBeyondStaging()).toEqual([]);
    expect([spoken('netlify').length > 20, spoken('github').length > 20]).toEqual([true, true]);
    expect(unusedDeviations(spoken('netlify'))).toEqual([]);
  }, 180_000);

  it('has the vault’s values: on both branches on Netlify, sealed to GitHub', async () => {
    await begin('provisioned');
    const { vault } = project.sandbox.standIns().onepassword;
    const staging = project
      .netlify()
      .filter(({ key, context }) => key === 'SUPABASE_SERVICE_ROLE_KEY' && context === 'branch');
    expect(staging.map(({ contextParameter }) => contextParameter).sort()).toEqual(['develop', 'staging']);
    for (const { value } of staging) expect(value).toBe(vault.read('service_role_key'));
    const sealed = Object.fromEntries(githubSecrets(project.sandbox.stateDir).map(({ name, value }) => [name, value]));
    expect(sealed).toMatchObject({
      DEFAULT_ORGANIZATION_ID: vault.read('default_organization_id'),
      NETLIFY_AUTH_TOKEN: vault.read('netlify_auth_token'),
      NETLIFY_STAGING_SITE_ID: vault.read('netlify_site_id'),
      SLACK_WEBHOOK_URL: vault.read('slack_webhook_url'),
      UNRELATED_SECRET: 'of somebody else',
    });
  });

  it('takes a key over again whose state was lost, and then has nothing to change', async () => {
    await begin('provisioned');
    const state = JSON.parse(await expectFine(project.pulumi(['stack', 'export']))) as Export;
    const urn = state.deployment.resources?.find((each) => each.urn.endsWith('SUPABASE_SERVICE_ROLE_KEY'))?.urn ?? '';
    await expectFine(project.pulumi(['state', 'delete', urn, '--yes']));
    const start = project.sandbox.log().length;
    await expectFine(project.command('commands/adopt/command.ts', ['--yes', '--production-from-vault']));
    await expectFine(project.pulumi(['preview', '--expect-no-changes']));
    await expectFine(project.pulumi(['preview', '--refresh', '--expect-no-changes']));
    expect(writes(start)).toEqual([]);
  }, 120_000);

  it('previews an unchanged stack without the vault: no changes, and one line says so', async () => {
    await begin('provisioned');
    const output = await expectFine(
      project.pulumi(['preview', '--diff', '--expect-no-changes'], { env: { STAGING_VAULT: 'off' } }),
    );
    expect(output.match(/1Password was not read/g)).toHaveLength(1);
  }, 60_000);

  it('refuses an update without the vault before it touches anything', async () => {
    await begin('provisioned');
    const start = project.sandbox.log().length;
    const { code, output } = await project.pulumi(['up', '--yes'], { env: { STAGING_VAULT: 'off' } });
    expect(code).not.toBe(0);
    expect(output).toContain('No access to 1Password, so nothing was changed');
    expect(writes(start)).toEqual([]);
  }, 60_000);

  it('updates exactly the rotated variable, in place', async () => {
    await begin('provisioned');
    project.sandbox.standIns().onepassword.vault.rotate('anon_key');
    const start = project.sandbox.log().length;
    await expectFine(project.pulumi(['up', '--yes']));
    expect(writes(start)).toEqual(['PUT SUPABASE_ANON_KEY']);
    expect(removals(start)).toEqual([]);
    expect(productionValues(project)).toEqual(before);
  }, 60_000);

  it('applies the very plan that was shown, as the workflow does, and refuses it once the vault says otherwise', async () => {
    await begin('provisioned');
    const { vault } = project.sandbox.standIns().onepassword;
    const workflow = readFileSync('.github/workflows/up.yml', 'utf8');
    const { env } = parse(workflow) as { env: Record<string, string> };
    const asThere = (verb: 'preview' | 'up') => {
      const [, line = ''] = new RegExp(`\\bpulumi (${verb} --stack .+?)(?: \\||$)`, 'm').exec(workflow) ?? [];
      return project.pulumi(line.split(' '), { env });
    };
    const plan = () => expectFine(asThere('preview'));
    const apply = () => asThere('up');
    for (const label of ['anon_key', 'slack_webhook_url']) vault.rotate(label);
    await plan();
    vault.rotate('anon_key');
    const start = project.sandbox.log().length;
    const refused = await apply();
    expect(refused.code).not.toBe(0);
    expect(refused.output).toContain('netlify-SUPABASE_ANON_KEY violates plan');
    expect(writes(start)).toEqual([]);
    await plan();
    await expectFine(apply());
    expect(writes(start).sort()).toEqual(['PUT SLACK_WEBHOOK_URL', 'PUT SUPABASE_ANON_KEY']);
  }, 240_000);

  it('takes what the delivery pipeline needs besides, under both policy packs', async () => {
    await begin('provisioned');
    const added = pipelineSettings();
    const declared = fileConfiguration(project.root).values as typeof added;
    for (const [name, each] of Object.entries(added))
      project.configure(['allincompassing:values', name], { ...declared[name], ...each });
    const start = project.sandbox.log().length;
    const packs = ['secrets', 'staging'].flatMap((pack) => ['--policy-pack', `policies/${pack}`]);
    await expectFine(project.pulumi(['up', '--yes', ...packs]));
    const wanted = Object.keys(added).map((name) => `PUT ${name}`);
    expect(writes(start).sort()).toEqual(wanted.sort());
    expect(effectsBeyondStaging()).toEqual([]);
    expect(productionValues(project)).toEqual(before);
  }, 120_000);

  it.each([
    ['one staging context fewer', ['branch:develop'], 0],
    ['one more', ['branch:staging', 'branch:develop', 'branch:qa'], 0],
  ])(
    'previews %s without the vault, and judges no value by another one’s place',
    async (_, contexts, code) => {
      await begin('provisioned');
      const { vault } = project.sandbox.standIns().onepassword;
      vault.rotate('anon_key'); // it began with production's value
      await expectFine(project.pulumi(['up', '--yes', '--skip-preview']));
      expect(vault.read('anon_key') === vault.read('production_anon_key')).toBe(false);
      project.configure(['allincompassing:netlify', 'contexts'], contexts);
      const env = { STAGING_VAULT: 'off', STAGING_CONTEXT_REMOVALS: 'allow' };
      const preview = await project.pulumi(['preview'], { env });
      expect(preview).toMatchObject({ code });
      expect(preview.output).not.toContain('Refused');
    },
    60_000,
  );

  it('refuses to change what production reads when production’s own reference is rotated', async () => {
    await begin('provisioned');
    const { vault } = project.sandbox.standIns().onepassword;
    const kept = vault.read('production_service_role_key');
    vault.rotate('production_service_role_key');
    const start = project.sandbox.log().length;
    const { code, output } = await project.pulumi(['up', '--yes', '--skip-preview']);
    expect(code).not.toBe(0);
    expect(output).toContain(
      'SUPABASE_SERVICE_ROLE_KEY in production: the secret value differs from what the last update wrote.',
    );
    expect(writes(start)).toEqual([]);
    vault.set('production_service_role_key', kept);
    await expectFine(project.pulumi(['preview', '--expect-no-changes']));
  }, 60_000);

  it('refuses a live context that is not declared, and lists key and context', async () => {
    await begin('provisioned');
    const url = ['allincompassing:values', 'SUPABASE_URL', 'production'];
    project.configure(url, undefined);
    const start = project.sandbox.log().length;
    const { code, output } = await project.pulumi(['up', '--yes', '--skip-preview']);
    expect(code).not.toBe(0);
    expect(output).toContain('SUPABASE_URL in production');
    expect(writes(start)).toEqual([]);
  }, 60_000);

  it('keeps a key on Netlify that leaves the configuration', async () => {
    await begin('provisioned');
    project.configure(['allincompassing:values', 'OPENAI_API_KEY'], undefined);
    const start = project.sandbox.log().length;
    await expectFine(project.pulumi(['up', '--yes']));
    expect(writes(start)).toEqual([]);
    expect(project.netlify().some(({ key }) => key === 'OPENAI_API_KEY')).toBe(true);
    expect(productionValues(project)).toEqual(before);
  }, 60_000);

  it('renames a variable by writing the new key and keeping the old one', async () => {
    await begin('provisioned');
    project.configure(['allincompassing:values', 'SUPABASE_ACCESS_TOKEN'], undefined);
    project.configure(['allincompassing:values', 'SUPABASE_MANAGEMENT_TOKEN'], {
      from: 'op://Platform/Supabase/access_token',
      netlify: { secret: true },
    });
    const start = project.sandbox.log().length;
    await expectFine(project.pulumi(['up', '--yes']));
    expect(writes(start)).toEqual(['POST env']);
    const keys = new Set(project.netlify().map(({ key }) => key));
    expect([keys.has('SUPABASE_ACCESS_TOKEN'), keys.has('SUPABASE_MANAGEMENT_TOKEN')]).toEqual([true, true]);
    expect(productionValues(project)).toEqual(before);
  }, 60_000);

  it('does not destroy until it is unprotected, and then removes nothing that anybody reads', async () => {
    await begin('provisioned');
    const refused = await project.pulumi(['destroy', '--yes']);
    expect(refused.code).not.toBe(0);
    expect(refused.output.replace(/\s+/g, ' ')).toContain('cannot be deleted because it is protected');
    const start = project.sandbox.log().length;
    await expectFine(project.pulumi(['state', 'unprotect', '--all', '--yes']));
    const keysBefore = new Set(project.netlify().map(({ key }) => key));
    await expectFine(project.pulumi(['destroy', '--yes']));
    expect(writes(start)).toEqual([]);
    expect(new Set(project.netlify().map(({ key }) => key))).toEqual(keysBefore);
    expect(productionValues(project)).toEqual(before);
    expect(effectsBeyondStaging()).toEqual([]);
  }, 120_000);
});

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { join } from 'node:path';
import { seedNetlify } from '../../../sandbox/standIns/netlify/index.ts';
import { site } from '../../../sandbox/process/identity.ts';
import { expectFine, startProject, type Project } from '../../support/project.ts';

const netlify = 'allincompassing:netlify';
const values = ['allincompassing:values'] as const;
const emergency = 'AGENT_ACTIONS_DISABLED';

let project: Project;
beforeAll(async () => {
  project = await startProject({ stage: 'provisioned', configuration: [[['github:writeDelayMs'], '1']] });
}, 900_000);
afterAll(() => project.close());

const start = () => project.sandbox.log().length;
const writesSince = (from: number) =>
  project.sandbox
    .log()
    .slice(from)
    .filter(({ service, method }) => service === 'netlify' && method !== 'GET');

/** What a refused run said, in one line; throws when it was not refused, or wrote something. */
async function refusal(args: readonly string[], env: Record<string, string> = {}): Promise<string> {
  const from = start();
  const { code, output } = await project.pulumi(args, { env });
  expect(writesSince(from)).toEqual([]);
  expect({ refused: code !== 0, output }).toMatchObject({ refused: true });
  return output.replace(/\s+/g, ' ');
}

const up = ['up', '--yes', '--skip-preview'];
const valuesOf = (key: string) =>
  project
    .netlify()
    .filter((each) => each.key === key)
    .map(({ context, contextParameter, value }) => `${contextParameter ?? context}=${value}`)
    .sort();

// One story: each step stands on the one before.
describe('an ordinary update', () => {
  it('does not empty staging by a misspelt context, with the vault and without', async () => {
    project.configure([netlify, 'contexts'], ['branch:stagging', 'branch:develop']);
    for (const env of [{}, { STAGING_VAULT: 'off' }]) {
      const said = await refusal(['preview'], env);
      expect(said).toMatch(
        /branch:staging is no longer declared: this run would take the live values of \d+ keys in it/,
      );
      expect(said).toContain('If that is meant: STAGING_CONTEXT_REMOVALS=allow pulumi up --stack staging');
      expect(said).toContain('GitHub has no branch stagging in allincompassing');
    }
    await refusal(up);
    project.configure([netlify, 'contexts'], ['branch:develop']);
    const allowed = await expectFine(project.pulumi(up, { env: { STAGING_CONTEXT_REMOVALS: 'allow' } }));
    expect(allowed).not.toContain('GitHub has no branch');
    expect(valuesOf('OPENAI_API_KEY').map((each) => each.split('=')[0])).toEqual(['develop']);
    project.configure([netlify, 'contexts'], ['branch:staging', 'branch:develop']);
    await expectFine(project.pulumi(up));
  }, 300_000);

  it('changes production only where one run is allowed to, and says so in capitals', async () => {
    project.sandbox.standIns().onepassword.vault.rotate('production_anon_key');
    expect(await refusal(['preview'])).toContain(
      'If that is meant: STAGING_PRODUCTION_CHANGES=allow pulumi up --stack staging',
    );
    expect(await refusal(up, { STAGING_PRODUCTION_CHANGES: 'true' })).toContain('is not `allow`');
    const announced = 'THIS RUN WRITES PRODUCTION: SUPABASE_ANON_KEY (production).';
    const allow = { STAGING_PRODUCTION_CHANGES: 'allow' };
    expect(await expectFine(project.pulumi(['preview'], { env: allow }))).toContain(announced);
    expect(await expectFine(project.pulumi(up, { env: allow }))).toContain(announced);
    project.configure([netlify, 'productionChanges'], 'allow');
    expect(await expectFine(project.pulumi(['preview']))).toContain(
      'No write of this run needs netlify.productionChanges: allow. Take it out: pulumi config rm --path allincompassing:netlify.productionChanges --stack staging',
    );
    project.sandbox.standIns().onepassword.vault.rotate('production_anon_key');
    const written = await expectFine(project.pulumi(up));
    expect(written).toContain(announced);
    expect(written).toContain('PRODUCTION WAS WRITTEN: SUPABASE_ANON_KEY. Take netlify.productionChanges out:');
    project.configure([netlify, 'productionChanges'], undefined);
  }, 300_000);

  it('does not end an emergency: not by a context that leaves, an inherited value, a shell’s variable, nor a secret key', async () => {
    // All are judged before the first write, but for --skip-preview.
    const judged = ['up', '--yes'];
    project.configure([...values, emergency], { value: 'true', netlify: true });
    await expectFine(project.pulumi(up));
    const again = `${emergency} is true in branch:develop on Netlify: this write would let agents act again.`;
    project.configure([netlify, 'contexts'], ['branch:staging']);
    expect(await refusal(judged, { STAGING_CONTEXT_REMOVALS: 'allow' })).toContain(again);
    project.configure([netlify, 'contexts'], ['branch:staging', 'branch:develop']);
    project.configure([...values, emergency, 'value'], 'false');
    for (const STAGING_ENDS_EMERGENCY of ['true', '1', String(process.pid + 1)])
      expect(await refusal(judged, { STAGING_ENDS_EMERGENCY })).toContain('let agents act again');
    // As a value for all contexts, which the branches read where they have none.
    project.configure([...values, emergency], { value: 'true', netlify: true });
    const { store } = project.sandbox.standIns().netlify;
    store.update(({ variables: kept }) => {
      const own = Object.values(kept)
        .flat()
        .find(({ key }) => key === emergency);
      if (!own?.values[0]) throw new Error('the emergency variable is not there');
      const value = { ...own.values[0], context: 'all' as const };
      delete value.context_parameter;
      own.values = [value];
    });
    project.configure([...values, emergency], {
      value: 'false',
      netlify: { otherContexts: { all: 'organizationId' } },
    });
    expect(await refusal(judged)).toContain(`${emergency} is true in branch:staging and branch:develop`);
    // Made secret by hand: nobody can see it any more.
    project.configure([...values, emergency], { value: 'false', netlify: true });
    store.update(({ variables: kept }) => {
      const own = Object.values(kept)
        .flat()
        .find(({ key }) => key === emergency);
      if (own) own.is_secret = true;
    });
    expect(await refusal(judged)).toContain(emergency);
  }, 300_000);
});

describe('a site of staging’s own', () => {
  const separate = {
    id: '6f9d3c9e-1b42-4b0e-9c58-2e6a80d4b700',
    name: 'AllIincompassing-staging',
    subdomain: 'allincompassing-staging',
  };
  const packs = ['secrets', 'staging'].map((pack) => join(process.cwd(), 'policies', pack)).join(',');

  it('takes `contexts: [production]` with the policies of the workflows, and keeps an emergency when its key leaves', async () => {
    await project.close();
    project = await startProject();
    seedNetlify(project.sandbox.standIns().netlify, { sites: [separate], plan: 'pro' });
    project.configure([netlify, 'site'], separate.id);
    project.configure([netlify, 'team'], site.accountId);
    project.configure([netlify, 'mode'], 'separate-site');
    project.configure([netlify, 'productionSite'], site.id);
    project.configure([netlify, 'onRemoval'], 'delete');
    project.configure([netlify, 'contexts'], ['production']);
    project.configure([...values, emergency], { value: 'true', netlify: true });
    await expectFine(project.command('commands/adopt/command.ts', ['--yes', '--production-from-vault']));
    const env = { PULUMI_OPTION_POLICY_PACK: packs };
    expect(await expectFine(project.pulumi(['preview'], { env }))).not.toContain('mandatory');
    await expectFine(project.pulumi(up, { env }));
    expect(valuesOf(emergency)).toEqual(['production=true']);

    project.configure([...values, emergency], undefined);
    for (const args of [['preview'], up]) {
      expect(await refusal(args, env)).toContain(
        `${emergency} is true in production: without it agents could act again.`,
      );
    }
    expect(valuesOf(emergency)).toEqual(['production=true']);
  }, 300_000);
});

import { afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { githubSecrets, seedGitHub, updateGitHub } from '../../sandbox/standIns/github/index.ts';
import { site } from '../../sandbox/process/identity.ts';
import { seedNetlify } from '../../sandbox/standIns/netlify/index.ts';
import {
  expectFine,
  keepStages,
  provision,
  startProject,
  type Project,
  type ProjectOptions,
} from '../support/project.ts';

let project: Project;
afterEach(() => project.close());

/** Each test has a project of its own: one that was not provisioned yet, or was. */
const kept: ProjectOptions = { configuration: [[['github:writeDelayMs'], '1']] };
const begin = (options: ProjectOptions = {}) => startProject({ ...options, ...kept });
beforeAll(
  () =>
    keepStages([
      { stage: 'new', ...kept },
      { stage: 'provisioned', ...kept },
      { organization: true, ...kept },
      { organization: true, stage: 'provisioned', ...kept },
    ]),
  900_000,
);

const netlify = 'allincompassing:netlify';
const github = 'allincompassing:github';
const values = 'allincompassing:values';
const serviceWrites = (start = 0) =>
  project.sandbox
    .log()
    .slice(start)
    .filter(({ service, method }) => service !== 'onepassword' && method !== 'GET')
    .map(({ method, path }) => `${method} ${path.split('/').at(-1) ?? ''}`);

/** No key or secret that exists already: the engine ends at the first refusal, whichever comes first. */
function declareNothingElseThatIsThere(): void {
  const from = 'op://Platform/Supabase/access_token';
  project.configure([values], {
    SUPABASE_ACCESS_TOKEN: { from, netlify: { secret: true } },
    SLACK_WEBHOOK_URL: { from: 'op://Platform/Supabase/slack_webhook_url', actionsSecret: true },
  });
}

describe('a separate staging site', () => {
  const separate = {
    id: '6f9d3c9e-1b42-4b0e-9c58-2e6a80d4b700',
    name: 'AllIincompassing-staging',
    subdomain: 'allincompassing-staging',
  };

  it('takes staging’s values in its own production context, and leaves the shared site alone', async () => {
    project = await begin();
    seedNetlify(project.sandbox.standIns().netlify, { sites: [separate], plan: 'pro' });
    project.configure([netlify, 'site'], separate.id);
    project.configure([netlify, 'team'], site.accountId);
    project.configure([netlify, 'mode'], 'separate-site');
    project.configure([netlify, 'productionSite'], site.id);
    project.configure([netlify, 'plan'], 'paid');
    project.configure([netlify, 'onRemoval'], 'delete');
    project.configure([netlify, 'contexts'], ['production']);
    project.configure([values], {
      SUPABASE_URL: { from: 'op://Platform/Supabase/url', netlify: { scopes: ['functions'] } },
      OPENAI_API_KEY: { from: 'op://Platform/Supabase/openai_api_key', netlify: { secret: true } },
    });
    const shared = project.netlify().filter(({ siteId }) => siteId === site.id);
    await expectFine(project.command('commands/adopt/command.ts', ['--yes', '--production-from-vault']));
    await expectFine(project.pulumi(['up', '--yes', '--skip-preview']));
    await expectFine(project.pulumi(['preview', '--refresh', '--expect-no-changes']));
    const own = () => project.netlify().filter(({ siteId }) => siteId === separate.id);
    expect(
      own()
        .map(({ key, context }) => `${key} ${context}`)
        .sort(),
    ).toEqual(['OPENAI_API_KEY production', 'SUPABASE_URL production']);

    // Rotation is an ordinary update here: this production is staging.
    project.sandbox.standIns().onepassword.vault.rotate('openai_api_key');
    await expectFine(project.pulumi(['up', '--yes', '--skip-preview']));

    project.configure([values, 'OPENAI_API_KEY'], undefined);
    await expectFine(project.pulumi(['up', '--yes', '--skip-preview']));
    expect(own().map(({ key }) => key)).toEqual(['SUPABASE_URL']);
    expect(project.netlify().filter(({ siteId }) => siteId === site.id)).toEqual(shared);
  }, 120_000);
});

describe('a separate staging site that is none', () => {
  it('is refused when production’s site is misspelt, before anything is declared', async () => {
    project = await begin({ stage: 'provisioned' });
    project.configure([netlify, 'mode'], 'separate-site');
    project.configure([netlify, 'productionSite'], 'AllIncompassing');
    project.configure([netlify, 'onRemoval'], 'delete');
    const [state, start] = [await expectFine(project.pulumi(['stack', 'export'])), project.sandbox.log().length];
    const { code, output } = await project.pulumi(['up', '--yes', '--skip-preview']);
    expect(code).not.toBe(0);
    expect(output).toContain('Netlify has no site AllIncompassing that this token can see, so nothing was changed.');
    expect(serviceWrites(start)).toEqual([]);
    const retained = (text: string) => text.match(/"retainOnDelete": true/g)?.length;
    expect(retained(await expectFine(project.pulumi(['stack', 'export'])))).toBe(retained(state));
  }, 120_000);
});

describe('a site whose production branch is not the configured one', () => {
  it('takes no value until the configuration knows it', async () => {
    project = await begin({ stage: 'provisioned' });
    const { store } = project.sandbox.standIns().netlify;
    store.update(({ sites }) => {
      for (const each of sites) Object.assign(each.build_settings, { repo_branch: 'release' });
    });
    project.configure([netlify, 'contexts'], ['branch:staging', 'branch:develop', 'branch:release']);
    const start = project.sandbox.log().length;
    const refused = await project.pulumi(['up', '--yes', '--skip-preview']);
    expect(refused.code).not.toBe(0);
    expect(refused.output).toContain('Netlify deploys release to production, not main');
    expect(serviceWrites(start)).toEqual([]);
    project.configure([netlify, 'productionBranch'], 'release');
    expect((await project.pulumi(['preview'])).output).toContain("branch:release is production's own branch");
  }, 120_000);
});

describe('an Actions secret that is on GitHub and not in the stack', () => {
  it('is not replaced: not in a preview, an update, nor in another spelling, until it is taken over', async () => {
    project = await begin({ stage: 'provisioned' });
    const value = () => githubSecrets(project.sandbox.stateDir).find(({ name }) => name === 'UNRELATED_SECRET')?.value;
    const before = value();
    const start = project.sandbox.log().length;
    const declared = { from: 'op://Platform/Supabase/openai_api_key', actionsSecret: true };
    project.configure([values, 'unrelated_secret'], declared);
    for (const args of [['preview'], ['up', '--yes', '--skip-preview']]) {
      const { code, output } = await project.pulumi(args);
      expect(code).not.toBe(0);
      expect(output).toContain('the GitHub Actions secret unrelated_secret is there already, but not in this stack');
    }
    expect(serviceWrites(start)).toEqual([]);
    expect(value()).toBe(before);
    project.configure([values, 'unrelated_secret'], undefined);
    project.configure([values, 'UNRELATED_SECRET'], declared);
    await provision(project);
    expect(value()).toBe(project.sandbox.standIns().onepassword.vault.read('openai_api_key'));
  }, 180_000);
});

describe('a value of several lines', () => {
  it('reaches Netlify and GitHub byte for byte', async () => {
    project = await begin();
    const from = 'op://Platform/Supabase/private_key';
    project.configure([values, 'SIGNING_KEY'], { from, netlify: { secret: true }, actionsSecret: true });
    await provision(project);
    const key = project.sandbox.standIns().onepassword.vault.read('private_key');
    expect(key.split('\n').length).toBeGreaterThan(3);
    const sealed = githubSecrets(project.sandbox.stateDir).find(({ name }) => name === 'SIGNING_KEY')?.value;
    const held = project.netlify().filter((each) => each.key === 'SIGNING_KEY');
    expect([sealed === key, held.map(({ value }) => value === key)]).toEqual([true, [true, true]]);
  }, 120_000);
});

describe('a key that leaves the configuration right after adoption', () => {
  it('stays on Netlify in every context', async () => {
    project = await begin();
    const before = project.netlify();
    await expectFine(project.command('commands/adopt/command.ts', ['--yes', '--production-from-vault']));
    project.configure([values, 'SUPABASE_ANON_KEY'], undefined);
    await expectFine(project.pulumi(['up', '--yes', '--skip-preview']));
    expect(project.netlify().filter(({ key }) => key === 'SUPABASE_ANON_KEY')).toEqual(
      before.filter(({ key }) => key === 'SUPABASE_ANON_KEY'),
    );
  }, 120_000);
});

describe('a ruleset beside what exists, and secrets in an environment', () => {
  it('adds the check without touching classic protection', async () => {
    project = await begin();
    project.configure([github, 'protection'], { branch: 'develop', form: 'ruleset' });
    project.configure([github, 'environment'], 'staging');
    await provision(project);
    await expectFine(project.pulumi(['preview', '--refresh', '--expect-no-changes']));
    expect(serviceWrites().filter((write) => write.endsWith('protection'))).toEqual([]);
    expect(serviceWrites()).toContain('POST rulesets');
    const own = githubSecrets(project.sandbox.stateDir).filter(({ environment }) => environment === 'staging');
    expect(own.map(({ name }) => name).sort()).toEqual([
      'DEFAULT_ORGANIZATION_ID',
      'NETLIFY_AUTH_TOKEN',
      'NETLIFY_STAGING_SITE_ID',
      'SLACK_WEBHOOK_URL',
    ]);
  }, 120_000);
});

describe('this project’s ruleset', () => {
  it('is not weakened by a line that went missing, nor by what somebody added, unless a setting allows it', async () => {
    project = await begin({ stage: 'provisioned' });
    updateGitHub(project.sandbox.stateDir, (state) => {
      const own = state.repositories[0]?.rulesets.find(({ name }) => name === 'deploy-staging on develop');
      Object.assign(own ?? {}, { rules: [...(own?.rules ?? []), { type: 'required_linear_history' }] });
    });
    project.configure([github, 'protection', 'otherChecks'], []);
    project.configure([github, 'protection', 'requiredPullRequestReviews'], undefined);
    const start = project.sandbox.log().length;
    const refused = await project.pulumi(['up', '--yes', '--skip-preview']);
    expect(refused.code).not.toBe(0);
    expect(refused.output.replace(/\s+/g, ' ')).toContain(
      'would be lost: the required check build, required pull request reviews, required linear history.',
    );
    expect(serviceWrites(start)).toEqual([]);
    project.configure([github, 'protection', 'removals'], 'allow');
    await expectFine(project.pulumi(['up', '--yes', '--skip-preview']));
  }, 120_000);
});

describe('the protection of develop, in an organization', () => {
  it('is taken over with the settings that the configuration does not have, which adoption writes down', async () => {
    project = await begin({ organization: true });
    project.configure([github, 'protection'], { branch: 'develop' });
    declareNothingElseThatIsThere();
    const refused = await project.pulumi(['preview']);
    expect(refused.output).toContain(
      'the required check build, required pull request reviews. Take them over: npm run adopt',
    );
    await expectFine(project.command('commands/adopt/command.ts', ['--yes', '--production-from-vault']));
    const file = readFileSync(join(project.root, 'Pulumi.staging.yaml'), 'utf8');
    expect(file).toContain('# One shared input: every DEFAULT_ORGANIZATION_ID is derived from it.');
    expect(file).toMatch(/protection:\n +branch: develop\n +form: classic\n +otherChecks:\n? +(\[ ?build ?\]|- build)/);
    await expectFine(project.pulumi(['up', '--yes', '--skip-preview']));
    await expectFine(project.pulumi(['preview', '--refresh', '--expect-no-changes']));
  }, 120_000);

  it('sends the declared checks alone when one is added, each pinned as declared', async () => {
    project = await begin({ organization: true, stage: 'provisioned' });
    project.configure([github, 'protection', 'otherChecks'], ['build', 'lint:15368']);
    await expectFine(project.pulumi(['up', '--yes', '--skip-preview']));
    let checks: unknown;
    updateGitHub(project.sandbox.stateDir, (state) => {
      checks = state.repositories[0]?.branches.find(({ name }) => name === 'develop')?.protection?.statusChecks;
    });
    expect(checks).toEqual({
      strict: true,
      checks: expect.arrayContaining([
        { context: 'deploy-staging', app_id: 15368 },
        { context: 'lint', app_id: 15368 },
        { context: 'build', app_id: null },
      ]),
    });
    expect((checks as { checks: unknown[] }).checks).toHaveLength(3);
  }, 120_000);

  it('is written down in the configuration file that was chosen, and in no other', async () => {
    project = await begin({ organization: true, stage: 'provisioned' });
    const own = join(project.root, 'Pulumi.staging.yaml');
    const chosen = join(project.root, 'elsewhere.yaml');
    const before = readFileSync(own, 'utf8');
    project.configure([github, 'protection'], { branch: 'develop', form: 'classic' });
    writeFileSync(chosen, readFileSync(own));
    writeFileSync(own, before);
    const env = { PULUMI_OPTION_CONFIG_FILE: chosen };
    await expectFine(project.command('commands/adopt/command.ts', ['--yes', '--production-from-vault'], { env }));
    expect(readFileSync(chosen, 'utf8')).toMatch(/otherChecks:\n? +(\[ ?build ?\]|- build)/);
    expect(readFileSync(own, 'utf8')).toBe(before);
  }, 120_000);

  it('is refused in the preview where the branch is not there yet, and where the repository is archived', async () => {
    project = await begin({ organization: true, stage: 'provisioned' });
    project.configure([github, 'protection', 'branch'], 'no-such-branch');
    const without = await project.pulumi(['preview']);
    expect([without.code === 0, without.output]).toEqual([
      false,
      expect.stringContaining('GitHub has no branch no-such-branch in allincompassing'),
    ]);
    project.configure([github, 'protection', 'branch'], 'develop');
    project.configure([github, 'protection', 'otherChecks'], ['build', 'lint']);
    const archive = (archived: boolean) =>
      updateGitHub(project.sandbox.stateDir, ({ repositories: [repository] }) => {
        if (repository) repository.archived = archived;
      });
    archive(true);
    try {
      const refused = await project.pulumi(['preview']);
      expect([refused.code === 0, refused.output]).toEqual([
        false,
        expect.stringContaining('the repository is archived'),
      ]);
    } finally {
      archive(false);
    }
  }, 120_000);

  it('is not weakened by a line that went missing, unless a setting allows it', async () => {
    project = await begin({ organization: true, stage: 'provisioned' });
    project.configure([github, 'protection', 'otherChecks'], []);
    const start = project.sandbox.log().length;
    const refused = await project.pulumi(['up', '--yes', '--skip-preview']);
    expect(refused.code).not.toBe(0);
    expect(refused.output).toContain('the required check build');
    expect(serviceWrites(start)).toEqual([]);
    project.configure([github, 'protection', 'removals'], 'allow');
    await expectFine(project.pulumi(['up', '--yes', '--skip-preview']));
  }, 120_000);

  it('refuses classic protection where it cannot keep a live setting', async () => {
    project = await begin({ organization: true });
    updateGitHub(project.sandbox.stateDir, (state) => {
      const branch = state.repositories[0]?.branches.find(({ name }) => name === 'develop');
      if (branch?.protection) Object.assign(branch.protection, { linearHistory: true });
    });
    const { code, output } = await project.command('commands/adopt/command.ts', ['--yes', '--production-from-vault']);
    expect(code).toBe(1);
    expect(output).toContain('(required linear history). Set allincompassing:github.protection.form to ruleset');
  }, 120_000);
});

describe('adoption', () => {
  it('refuses a live value that is not declared, before it does anything', async () => {
    project = await begin();
    seedNetlify(project.sandbox.standIns().netlify, {
      variables: [
        {
          key: 'SUPABASE_URL',
          values: [
            { context: 'production', value: 'p' },
            { context: 'deploy-preview', value: 'd' },
          ],
        },
      ],
    });
    const { code, output } = await project.command('commands/adopt/command.ts', ['--yes', '--production-from-vault']);
    expect(code).toBe(1);
    expect(output).toContain(
      'Declare it: allincompassing:values.SUPABASE_URL.netlify.otherContexts.deploy-preview, by its own reference',
    );
    expect(await expectFine(project.pulumi(['stack', 'export']))).not.toContain('EnvironmentVariable');
  }, 60_000);

  it('asks before it acts, and says how to go on where nobody can answer', async () => {
    project = await begin();
    const { code, output } = await project.command('commands/adopt/command.ts', []);
    expect(code).toBe(1);
    expect(output).toContain('Nothing was done. ');
    expect(output).toContain('The whole command: npm run adopt -- --yes --production-from-vault'); // both at once
    expect(output).toContain('How to compare, without printing a value: where production');
  }, 60_000);

  it('does nothing the second time', async () => {
    project = await begin();
    await expectFine(project.command('commands/adopt/command.ts', ['--yes', '--production-from-vault']));
    expect(
      await expectFine(project.command('commands/adopt/command.ts', ['--yes', '--production-from-vault'])),
    ).toContain('Nothing to take over');
  }, 60_000);

  it.each([
    ['Netlify', { service: 'netlify', status: 401 }, 'Netlify GET /sites: 401 Unauthorized. Set NETLIFY_API_TOKEN'],
    ['GitHub', { service: 'github', status: 403 }, 'GitHub GET'],
  ])(
    'explains a token that %s refuses',
    async (_, fault, message) => {
      project = await begin();
      project.sandbox.faults.set([fault]);
      const { code, output } = await project.command('commands/adopt/command.ts', ['--yes', '--production-from-vault']);
      expect(code).toBe(1);
      expect(output).toContain(message);
    },
    60_000,
  );
});

describe('a GitHub environment with rules of its own', () => {
  it('keeps them: adopted and updated, and never created over', async () => {
    project = await begin();
    seedGitHub(project.sandbox.stateDir, { environments: { staging: {} } });
    const rules = { waitTimer: 30, preventSelfReview: true };
    const environment = () => {
      let found: unknown;
      updateGitHub(project.sandbox.stateDir, (state) => {
        found = structuredClone(state.repositories[0]?.environments.find(({ name }) => name === 'staging'));
      });
      return found as Record<string, unknown>;
    };
    updateGitHub(project.sandbox.stateDir, (state) => {
      Object.assign(state.repositories[0]?.environments.find(({ name }) => name === 'staging') ?? {}, rules);
    });
    project.configure([github, 'environment'], 'staging');
    project.configure([github, 'protection'], { branch: 'develop', form: 'ruleset' });
    declareNothingElseThatIsThere();
    const refused = await project.pulumi(['preview']);
    expect(refused.output).toContain('the GitHub environment staging exists, and its rules would be lost');
    await provision(project);
    expect(environment()).toMatchObject(rules);
  }, 180_000);
});

import { afterEach, describe, expect, it } from '@jest/globals';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { operationsEnvironment } from '../../sandbox/process/environment.ts';
import { githubSecrets, githubVariables, seedGitHub, updateGitHub } from '../../sandbox/standIns/github/index.ts';
import { seedNetlify } from '../../sandbox/standIns/netlify/index.ts';
import { openState } from '../../sandbox/standIns/onepassword/state.ts';
import { functionEnvironment } from '../../sandbox/standIns/supabaseManagement/secrets.ts';
import { requiredCheck } from '../../settings/names/requiredCheck.ts';
import { drift } from '../support/drift/driftProject.ts';
import { expectFine, startProject, type Project } from '../support/project.ts';

let project: Project;
afterEach(() => project.close());

/** Another team: none of its names is one of the sandbox's. */
const team = {
  slug: 'northstar-health',
  site: 'northstar-staging',
  productionSite: 'northstar-live',
  owner: 'northstar-org',
  repository: 'portal',
  project: 'bcdfghjklmnpqrstvwxz',
  productionProject: 'zyxwvutsrqponmlkjihg',
  item: 'op://Northstar Ops/Portal staging',
} as const;
const from = (label: string) => `${team.item}/${label}`;
const url = `https://${team.project}.supabase.co`;

/** A value with everything that tells it from those of other places, in one line. */
const line = (...parts: readonly string[]) => parts.join(' ');

describe('a second team with other names', () => {
  it('provisions a site and a project of its own on the same code', async () => {
    project = await startProject({
      environment: { GITHUB_OWNER: team.owner, STAGING_VAULT_TIMEOUT: '120' },
      configuration: [
        [['github:writeDelayMs'], '1'],
        [['github:owner'], team.owner],
        [['allincompassing:organizationId'], from('default_organization_id')],
        [
          ['allincompassing:values'],
          {
            SUPABASE_URL: { value: url, netlify: true, localFile: { as: 'VITE_SUPABASE_URL' } },
            SUPABASE_SERVICE_ROLE_KEY: { from: from('service_role_key'), netlify: { secret: true } },
            OPENAI_API_KEY: { from: from('openai_api_key'), edgeFunction: true },
            DEFAULT_ORGANIZATION_ID: {
              from: 'organizationId',
              netlify: true,
              actionsSecret: true,
              edgeFunction: true,
              localFile: true,
            },
            SUPABASE_PROJECT_ID: { value: team.project, actionsVariable: { environments: ['portal-staging'] } },
          },
        ],
        [
          ['allincompassing:netlify'],
          {
            site: team.site,
            team: team.slug,
            mode: 'separate-site',
            productionSite: team.productionSite,
            contexts: ['production'],
            onRemoval: 'delete',
          },
        ],
        [
          ['allincompassing:supabase'],
          { mode: 'separate-project', project: team.project, productionProject: team.productionProject },
        ],
        [
          ['allincompassing:github'],
          { repository: team.repository, protection: { branch: 'trunk', form: 'ruleset', otherChecks: ['verify'] } },
        ],
      ],
    });
    moveIn();
    // The provider would go by the environment, and write to another owner than the one that the guards looked at.
    const elsewhere = await project.pulumi(['preview'], { env: { GITHUB_OWNER: 'allincompassing' } });
    expect(elsewhere.output).toContain('GITHUB_OWNER is set, and GitHub’s provider would write to that owner instead');
    await expectFine(project.command('commands/adopt/command.ts', ['--yes']));
    await expectFine(project.pulumi(['up', '--yes', '--skip-preview']));
    await expectFine(project.pulumi(['preview', '--refresh', '--expect-no-changes']));

    const held = (label: string) => heldIn(project, label);
    const application = join(project.root, 'application');
    mkdirSync(application);
    writeFileSync(join(application, 'package.json'), '{}');
    writeFileSync(join(application, '.gitignore'), '.env.local\n');
    await expectFine(project.run('git', ['init', '--quiet', application]));
    await expectFine(project.command('commands/envLocal/command.ts', ['--yes', '--dir', application]));
    expect([...everyValue(), readFileSync(join(application, '.env.local'), 'utf8')]).toEqual([
      line('netlify', 'DEFAULT_ORGANIZATION_ID', 'production', held('default_organization_id')),
      line('netlify', 'SUPABASE_SERVICE_ROLE_KEY', 'production', held('service_role_key')),
      line('netlify', 'SUPABASE_URL', 'production', url),
      line('secret', 'repository', 'DEFAULT_ORGANIZATION_ID', held('default_organization_id')),
      line('variable', 'portal-staging', 'SUPABASE_PROJECT_ID', team.project),
      line('function', 'DEFAULT_ORGANIZATION_ID', held('default_organization_id')),
      line('function', 'OPENAI_API_KEY', held('openai_api_key')),
      `DEFAULT_ORGANIZATION_ID=${held('default_organization_id')}\nVITE_SUPABASE_URL=${url}\n`,
    ]);
    const { code, found } = await drift(project, [], { database: true });
    expect([found, code]).toEqual([[], 0]);

    const env = operationsEnvironment(project.sandbox.dir, project.sandbox.endpoints);
    const key = project.sandbox.standIns().onepassword.vault.read('service_role_key');
    const status = await expectFine(
      project.command('commands/killSwitch/command.ts', ['status', '--json'], {
        env: { ...env, SUPABASE_SERVICE_ROLE_KEY: key },
      }),
    );
    expect(JSON.parse(status)).toMatchObject({ project: team.project, staging: 'enabled', production: null });
    for (const args of [
      ['status'],
      ['off', '--reason', 'x', '--dry-run'],
      ['off', '--emergency', '--reason', 'x', '--dry-run'],
    ]) {
      const text = await expectFine(
        project.command('commands/killSwitch/command.ts', args, { env: { ...env, SUPABASE_SERVICE_ROLE_KEY: key } }),
      );
      // Nothing of production's is shared with this team's staging; the one context of its site has that name.
      expect(text).not.toMatch(/production['’]s|production uses|PRODUCTION/);
    }
  }, 300_000);
});

/** Puts the team in the place of the sandbox's own, of which no service knows anything any more. */
function moveIn(): void {
  const { netlify, onepassword, supabaseManagement } = project.sandbox.standIns();
  netlify.store.update((state) => {
    for (const account of state.accounts) Object.assign(account, { slug: team.slug, name: team.slug });
    Object.assign(state, { sites: [], variables: {} });
  });
  seedNetlify(netlify, {
    sites: [
      { id: '0e9d3c9e-1b42-4b0e-9c58-2e6a80d4b700', name: team.productionSite, subdomain: team.productionSite },
      { id: '1f9d3c9e-1b42-4b0e-9c58-2e6a80d4b700', name: team.site, subdomain: team.site },
    ],
    liveDeploy: true,
  });
  updateGitHub(project.sandbox.stateDir, (state) => {
    Object.assign(state, { repositories: [], organization: { ...state.organization, login: team.owner } });
  });
  seedGitHub(project.sandbox.stateDir, {
    repository: { owner: team.owner, name: team.repository },
    branches: ['main', 'trunk'],
    checks: { trunk: { [requiredCheck]: 'success' } },
    environments: { 'portal-staging': {} },
  });
  supabaseManagement.store.update((state) => {
    Object.assign(state, { projects: [team.project, team.productionProject], secrets: {} });
  });
  const labels = ['default_organization_id', 'service_role_key', 'openai_api_key'];
  onepassword.vault.provide(labels.map(from));
}

/** What the team's item holds. */
function heldIn({ sandbox }: Project, label: string): string {
  const [, , vaultName, title] = team.item.split('/');
  const item = openState(sandbox.stateDir)
    .state.vaults.find(({ name }) => name === vaultName)
    ?.items.find((each) => each.title === title);
  return item?.fields.find((field) => field.label === label)?.value ?? '';
}

/** Everything that stands on a service, one line each. */
function everyValue(): readonly string[] {
  const { sandbox } = project;
  const github = (kind: string, read: typeof githubSecrets) =>
    read(sandbox.stateDir).map(({ name, environment = 'repository', value }) => line(kind, environment, name, value));
  const functions = functionEnvironment(sandbox.standIns().supabaseManagement.store, team.project);
  const netlify = project.netlify().map(({ key, context, value }) => line('netlify', key, context, value));
  return [
    ...netlify.sort(),
    ...github('secret', githubSecrets),
    ...github('variable', githubVariables),
    ...Object.entries(functions)
      .map(([name, value]) => line('function', name, value))
      .sort(),
  ];
}

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parse, stringify } from 'yaml';
import { githubSecrets, githubVariables, updateGitHub } from '../../sandbox/standIns/github/index.ts';
import { withoutStack } from '../../settings/stack/stackCommand.ts';
import { drift } from '../support/drift/driftProject.ts';
import { expectFine, startProject, type Project } from '../support/project.ts';

const qa = ['--stack', 'qa'];
const qaProject = 'bcdfghjklmnpqrstvwxz';
const names = { netlify: 'QA_LOG_LEVEL', secret: 'QA_TOKEN', taken: 'QA_TAKEN' } as const;

let project: Project;
let before: string;
beforeAll(async () => {
  project = await startProject({ stage: 'provisioned' });
  const { supabaseManagement, onepassword } = project.sandbox.standIns();
  supabaseManagement.store.update((state) => void Object.assign(state, { projects: [...state.projects, qaProject] }));
  onepassword.vault.provide(['op://Platform/QA/token']);
  updateGitHub(project.sandbox.stateDir, ({ repositories: [repository] }) => {
    const develop = repository?.branches.find(({ name }) => name === 'develop');
    if (repository && develop) repository.branches.push({ ...develop, name: 'qa' });
  });
  before = staging();
  writeFileSync(join(project.root, 'Pulumi.qa.yaml'), stringify(configuration()));
  await expectFine(project.pulumi(['stack', 'init', 'qa', '--secrets-provider', 'passphrase']));
}, 300_000);
afterAll(() => project.close());

/** Staging's own file, with what is qa's own in the place of staging's. */
function configuration(): unknown {
  const { config } = parse(readFileSync(join(project.root, 'Pulumi.staging.yaml'), 'utf8')) as {
    config: Record<string, Record<string, unknown>>;
  };
  const rest = Object.fromEntries(Object.entries(config).filter(([key]) => key !== 'allincompassing:fingerprintKey'));
  const github = rest['allincompassing:github'] as Record<string, Record<string, unknown>>;
  return {
    config: {
      ...rest,
      'github:writeDelayMs': '1',
      'allincompassing:values': {
        [names.netlify]: { value: 'debug', netlify: true },
        [names.secret]: { from: 'op://Platform/QA/token', actionsSecret: true },
        // The same names as staging's, in places of qa's own.
        DEFAULT_ORGANIZATION_ID: { from: 'organizationId', actionsSecret: true, edgeFunction: true },
        SLACK_ALERTS_CHANNEL: { value: '#qa', actionsVariable: true },
      },
      'allincompassing:netlify': { ...rest['allincompassing:netlify'], contexts: ['branch:qa'] },
      'allincompassing:supabase': { project: qaProject },
      'allincompassing:github': {
        ...github,
        environment: 'qa',
        protection: { ...github.protection, branch: 'qa' },
      },
    },
  };
}

/** Everything of staging's and production's: what stands on each service, the stack's state and its file. */
function staging(): string {
  const { netlify, supabaseManagement } = project.sandbox.standIns();
  const own = new Set<string>(Object.values(names));
  const state = fileURLToPath(project.environment.PULUMI_BACKEND_URL ?? '');
  return JSON.stringify([
    netlify.store.state.sites,
    Object.entries(netlify.store.state.variables).map(([id, all]) => [id, all.filter(({ key }) => !own.has(key))]),
    [...githubSecrets(project.sandbox.stateDir), ...githubVariables(project.sandbox.stateDir)].filter(
      ({ environment }) => environment !== 'qa',
    ),
    supabaseManagement.store.state.secrets,
    readFileSync(join(state, '.pulumi', 'stacks', 'allincompassing', 'staging.json'), 'utf8'),
    readFileSync(join(project.root, 'Pulumi.staging.yaml'), 'utf8'),
  ]);
}

/** The commands in a text, by the words that follow their names, that would reach another stack than qa. */
function astray(text: string): string[] {
  const commands = /\b(?:npm run ([a-z][\w:-]*)|pulumi (?:up|preview|refresh|cancel|config set|config rm))\b[^.;\n`]*/g;
  return [...text.matchAll(commands)]
    .filter(([command, script]) => !withoutStack.has(script ?? '') && !command.includes('--stack qa'))
    .map(([command]) => command);
}

describe('a second environment beside staging', () => {
  it('is provisioned on the same code, and leaves staging as it is to the byte', async () => {
    const adopted = await expectFine(project.command('commands/adopt/command.ts', ['--yes', ...qa]));
    expect(astray(adopted)).toEqual([]);
    await expectFine(project.pulumi(['up', '--yes', '--skip-preview', ...qa]));
    expect(staging()).toBe(before);

    const organization = project.sandbox.standIns().onepassword.vault.read('default_organization_id');
    const { supabaseManagement } = project.sandbox.standIns();
    expect(project.netlify().filter(({ key }) => key === names.netlify)).toMatchObject([
      { context: 'branch', contextParameter: 'qa', value: 'debug' },
    ]);
    expect(
      [...githubSecrets(project.sandbox.stateDir), ...githubVariables(project.sandbox.stateDir)]
        .filter(({ environment }) => environment === 'qa')
        .map(({ name }) => name)
        .sort(),
    ).toEqual(['DEFAULT_ORGANIZATION_ID', names.secret, 'SLACK_ALERTS_CHANNEL'].sort());
    expect(supabaseManagement.store.state.otherSecrets?.[qaProject]?.DEFAULT_ORGANIZATION_ID?.value).toBe(organization);
    for (const stack of ['qa', 'staging'])
      await expectFine(project.pulumi(['preview', '--refresh', '--expect-no-changes', '--stack', stack]));
    expect(staging()).toBe(before);
  }, 300_000);

  it('is looked at and healed by itself, and every command that is printed reaches it', async () => {
    updateGitHub(project.sandbox.stateDir, ({ repositories: [repository] }) => {
      const environment = repository?.environments.find(({ name }) => name === 'qa');
      const variable = environment?.variables.find(({ name }) => name === 'SLACK_ALERTS_CHANNEL');
      if (variable) variable.value = '#elsewhere';
    });
    const reports = join(project.root, 'reports');
    mkdirSync(reports);
    const files = ['--report', join(reports, 'drift.html'), '--markdown', join(reports, 'drift.md')];
    const { found, output } = await drift(project, [...qa, ...files]);
    expect(found.map(({ where: { subject } }) => subject)).toEqual(['qa/SLACK_ALERTS_CHANNEL']);
    const texts = [output, ...['drift.html', 'drift.md'].map((name) => readFileSync(join(reports, name), 'utf8'))];
    expect(texts.flatMap(astray)).toEqual([]);
    expect(found[0]?.fix.command).toMatch(/^npm run drift -- --fix --only \S+ --stack qa$/);
    await drift(project, ['--fix', '--yes', ...qa]);
    expect((await drift(project, qa)).found).toEqual([]);
    expect(staging()).toBe(before);
  }, 300_000);

  it('refuses what staging declares in the same place, in adoption and previews, and what is there, with its own commands', async () => {
    const file = join(project.root, 'Pulumi.qa.yaml');
    const kept = readFileSync(file, 'utf8');
    const declare = (values: Readonly<Record<string, unknown>>) => {
      const document = parse(kept) as { config: Record<string, Record<string, unknown>> };
      Object.assign(document.config['allincompassing:values'] ?? {}, values);
      writeFileSync(file, stringify(document));
    };
    declare({ SUPABASE_URL: { value: 'https://x.example', netlify: true } });
    for (const refused of [
      await project.pulumi(['preview', ...qa]),
      await project.command('commands/adopt/command.ts', ['--dry-run', ...qa]),
    ]) {
      expect(refused.code).not.toBe(0);
      expect(refused.output).toContain('Pulumi.staging.yaml declares it on the same site');
      expect(astray(refused.output)).toEqual([]);
    }
    declare({ [names.taken]: { value: 'x', actionsVariable: true } });
    updateGitHub(project.sandbox.stateDir, ({ repositories: [repository] }) => {
      const environment = repository?.environments.find(({ name }) => name === 'qa');
      const [like] = environment?.variables ?? [];
      if (like) environment?.variables.push({ ...like, name: names.taken, value: 'of somebody' });
    });
    const refused = await project.pulumi(['preview', ...qa]);
    expect(refused.code).not.toBe(0);
    expect(refused.output).toContain('Take it over: npm run adopt -- --stack qa');
    writeFileSync(file, kept);
    expect(staging()).toBe(before);
  }, 300_000);
});

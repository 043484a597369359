import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { githubTokens, githubVariables } from '../../sandbox/standIns/github/index.ts';
import { resolveToolchain } from '../../toolchain/resolve.ts';
import { modeFromEnvironment, toolchainEnvironment } from '../../toolchain/toolchain.ts';
import { madeUpValue, owner, repo, startWorld, type World } from '../sandbox/standIns/github/world.ts';

/** What `@pulumi/github` does with Actions variables: the product's guards and drift are built on these facts. */

/** A variable as the program declares it. */
interface Declared {
  readonly name: string;
  readonly value: string;
  readonly environment?: string;
  readonly secret?: boolean;
  readonly import?: string;
}

const program = `
const pulumi = require('@pulumi/pulumi');
const github = require('@pulumi/github');
for (const { name, value, environment, secret, ...options } of require('./declared.json')) {
  const args = { repository: '${repo}', variableName: name, value: secret ? pulumi.secret(value) : value };
  if (environment === undefined) new github.ActionsVariable(name, args, options);
  else new github.ActionsEnvironmentVariable(environment + '-' + name, { ...args, environment }, options);
}
`;

interface Resource {
  readonly type: string;
  readonly id?: string;
  readonly outputs: Readonly<Record<string, unknown>>;
}

const secretValue = madeUpValue();
let world: World;
let folder: string;
let environment: NodeJS.ProcessEnv;

beforeAll(async () => {
  const toolchain = await resolveToolchain({ mode: modeFromEnvironment(), report: () => undefined });
  world = await startWorld({
    variables: { THEIRS: 'of the team' },
    environments: { staging: { variables: { THEIRS: 'of the environment' } } },
  });
  folder = mkdtempSync(join(tmpdir(), 'actions-variables-'));
  mkdirSync(join(folder, 'state'));
  symlinkSync(join(process.cwd(), 'node_modules'), join(folder, 'node_modules'));
  write({
    'index.cjs': program,
    'package.json': '{"name":"variables","version":"1.0.0","main":"index.cjs"}',
    'Pulumi.yaml': 'name: variables\nruntime:\n  name: nodejs\n  options:\n    typescript: false\n',
  });
  environment = toolchainEnvironment(toolchain, {
    PATH: [join(process.cwd(), 'node_modules', '.bin'), process.env.PATH].join(':'),
    HOME: process.env.HOME,
    PULUMI_BACKEND_URL: `file://${join(folder, 'state')}`,
    PULUMI_CONFIG_PASSPHRASE: 'test',
    GITHUB_BASE_URL: `${world.url}/`,
    GITHUB_OWNER: owner,
    GITHUB_TOKEN: githubTokens(world.stateDir).write,
  });
  expect(await pulumi('stack', 'init', 'test')).toMatchObject({ code: 0 });
}, 1_200_000);

afterAll(async () => {
  await world.close();
  rmSync(folder, { recursive: true, force: true });
  expect(world.violations()).toEqual([]);
});

function write(files: Readonly<Record<string, string>>): void {
  for (const [file, text] of Object.entries(files)) writeFileSync(join(folder, file), text);
}

const declare = (...declared: readonly Declared[]) => write({ 'declared.json': JSON.stringify(declared) });

function pulumi(...args: readonly string[]): Promise<{ code: number; output: string }> {
  return new Promise((resolve, reject) => {
    const quick = args[0] === 'up' || args[0] === 'destroy' ? ['--yes', '--skip-preview'] : [];
    const all = [...args, ...quick, '--non-interactive', '--color=never'];
    execFile('pulumi', all, { cwd: folder, env: environment }, (error, stdout, stderr) => {
      const output = stdout + stderr;
      if (output.includes(secretValue)) reject(new Error('a secret value was printed'));
      else resolve({ code: error ? 1 : 0, output });
    });
  });
}

/** Runs pulumi, which must end well; yields the writes that GitHub saw. */
async function fine(...args: readonly string[]): Promise<string[]> {
  const start = world.log.length;
  const { code, output } = await pulumi(...args);
  if (code !== 0) throw new Error(`pulumi ${args.join(' ')} failed:\n${output}`);
  return effectsSince(start);
}

const effectsSince = (start: number) =>
  world.log
    .slice(start)
    .flatMap(({ effects }) => effects)
    .sort();

async function state(): Promise<Resource[]> {
  const { output } = await pulumi('stack', 'export');
  const { deployment } = JSON.parse(output) as { deployment: { resources: Resource[] } };
  return deployment.resources
    .filter(({ type }) => type.includes('Variable'))
    .sort((one, other) => one.type.localeCompare(other.type));
}

const valueOf = (name: string, scope: 'repository' | 'environment' = 'repository') =>
  githubVariables(world.stateDir).find((variable) => variable.name === name && variable.scope === scope)?.value;

const channel = { name: 'CHANNEL', value: '#deployments' };
const key = { name: 'lower_case', value: secretValue, environment: 'staging', secret: true };

// One story: each step stands on the one before.
describe('Actions variables by GitHub’s provider', () => {
  it('are created, and a second preview with refresh has no changes: not for a name in lower case either', async () => {
    declare(channel, key);
    expect(await fine('up')).toEqual(['variable CHANNEL', 'variable staging/LOWER_CASE']);
    expect([valueOf('CHANNEL'), valueOf('LOWER_CASE', 'environment')]).toEqual(['#deployments', secretValue]);
    await fine('preview', '--refresh', '--expect-no-changes');
  }, 120_000);

  it('stand in the state under repository:NAME and repository:environment:NAME, a value in the clear unless it is a secret', async () => {
    const [ofEnvironment, ofRepository] = await state();
    expect([ofRepository?.id, ofEnvironment?.id]).toEqual([`${repo}:CHANNEL`, `${repo}:staging:lower_case`]);
    expect(ofRepository?.outputs).toMatchObject({
      value: '#deployments',
      createdAt: expect.stringMatching(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d \+0000 UTC$/),
    });
    expect(ofRepository?.outputs.updatedAt).toBe(ofRepository?.outputs.createdAt);
    expect(ofEnvironment?.outputs.value).toMatchObject({ ciphertext: expect.any(String) });
    expect(JSON.stringify(ofEnvironment)).not.toContain(secretValue);
  }, 60_000);

  it('are put right by an update with refresh, and by no other, when somebody changed one and deleted another', async () => {
    const path = `/repos/${owner}/${repo}`;
    await world.octokit.request(`PATCH ${path}/actions/variables/CHANNEL`, { value: '#elsewhere' });
    await world.octokit.request(`DELETE ${path}/environments/staging/variables/LOWER_CASE`);
    expect(await fine('up')).toEqual([]);
    expect(await fine('up', '--refresh')).toEqual(['variable CHANNEL', 'variable staging/LOWER_CASE']);
    expect([valueOf('CHANNEL'), valueOf('LOWER_CASE', 'environment')]).toEqual(['#deployments', secretValue]);
  }, 120_000);

  it('are not written over: GitHub refuses to create one that is there, half way through the update', async () => {
    declare(channel, key, { name: 'THEIRS', value: 'ours' }, { name: 'THEIRS', value: 'ours', environment: 'staging' });
    const start = world.log.length;
    const { code, output } = await pulumi('up');
    expect(code).toBe(1);
    expect(output).toContain('409 Already exists - Variable already exists');
    expect(effectsSince(start)).toEqual([]);
    expect([valueOf('THEIRS'), valueOf('THEIRS', 'environment')]).toEqual(['of the team', 'of the environment']);
  }, 120_000);

  it('are imported without a write, and written over in the same update when the declared value is another', async () => {
    const theirs = { name: 'THEIRS', import: `${repo}:THEIRS` };
    const own = { name: 'THEIRS', environment: 'staging', import: `${repo}:staging:THEIRS` };
    declare(channel, key, { ...theirs, value: 'of the team' }, { ...own, value: 'ours' });
    expect(await fine('up')).toEqual(['variable staging/THEIRS']);
    expect([valueOf('THEIRS'), valueOf('THEIRS', 'environment')]).toEqual(['of the team', 'ours']);
  }, 120_000);

  it('cannot be destroyed when somebody deleted one before, except with refresh', async () => {
    await world.octokit.request(`DELETE /repos/${owner}/${repo}/actions/variables/CHANNEL`);
    const failed = await pulumi('destroy');
    expect([failed.code, failed.output]).toEqual([1, expect.stringContaining('404 Not Found')]);
    await fine('destroy', '--refresh');
    expect(githubVariables(world.stateDir)).toEqual([]);
  }, 120_000);
});

import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseDocument } from 'yaml';
import type { ApplicationState } from '../../sandbox/application/layApplication.ts';
import { existingTeam } from '../../sandbox/stack/existingTeam.ts';
import { seedGitHub } from '../../sandbox/standIns/github/index.ts';
import { netlifyValues, type NetlifyValue } from '../../sandbox/standIns/netlify/index.ts';
import { startSandbox, type RunningSandbox } from '../../sandbox/sandbox.ts';
import type { Exchange } from '../../sandbox/server/serve.ts';
import { resolveToolchain } from '../../toolchain/resolve.ts';
import { modeFromEnvironment } from '../../toolchain/toolchain.ts';
import { copyFixture } from './fixture.ts';
import { copyOfSnapshot, keptEndpoints } from './state/projectSnapshot.ts';
import { runsWarm, runWarm } from './jest/warmCommand.ts';

/** How a process ended, with everything it printed. */
export interface Ended {
  readonly code: number | null;
  readonly output: string;
}

/** A copy of this project with a configuration and a stack of its own, against stand-ins in this process. */
export interface Project {
  /** The folder with Pulumi.yaml and the copy's own Pulumi.staging.yaml. */
  readonly root: string;
  readonly sandbox: RunningSandbox;
  readonly environment: Record<string, string>;
  /** Runs any program in the copy, as a shell would. */
  run(program: string, args: readonly string[], more?: RunOptions): Promise<Ended>;
  pulumi(args: readonly string[], more?: RunOptions): Promise<Ended>;
  /** Runs one of this project's commands, e.g. `commands/adopt/command.ts`. */
  command(entry: string, args: readonly string[], more?: RunOptions): Promise<Ended>;
  /** Changes the copy's configuration: the path below `config`, and the new value (`undefined` removes it). */
  configure(path: readonly string[], value: unknown): void;
  /** Every stored value on Netlify, past the API. */
  netlify(): NetlifyValue[];
  close(): Promise<void>;
}

export interface RunOptions {
  readonly env?: Readonly<Record<string, string>>;
  readonly input?: string;
  /** Called with the process as soon as it runs: to kill it half way. */
  readonly started?: (child: { readonly pid?: number | undefined; kill(signal: NodeJS.Signals): boolean }) => void;
}

/** What a project's world is to be beside the sandbox's own. */
export interface ProjectOptions {
  /** Sees every exchange whole. */
  readonly observe?: (exchange: Exchange) => void;
  /** The repository belongs to an organization, and its classic protection is declared. Default: to a user, with a ruleset. */
  readonly organization?: boolean;
  /** The state of the application, its database and its branches. Default: the playbook's. */
  readonly application?: ApplicationState;
  /** Changes of the copy's configuration, as `configure` makes them, before the stack is made. */
  readonly configuration?: readonly (readonly [path: readonly string[], value: unknown])[];
  /** What was done with the stack before: what is there was adopted, and then the rest provisioned. Default: nothing. */
  readonly stage?: 'new' | 'adopted' | 'provisioned';
  /** Put over the sandbox's own environment, before the stack is made: another place for its state. */
  readonly environment?: Readonly<Record<string, string>>;
}

/**
 * Starts the stand-ins and makes the copy with a stack `staging`, new, or at a later stage. Each is a copy of one that was
 * made before from the same sources, where there is one (see projectSnapshot.ts).
 */
export async function startProject(options: ProjectOptions = {}): Promise<Project> {
  const { observe, environment, application, organization = false, configuration = [], stage = 'new' } = options;
  const kept = { organization, configuration, stage, ...(application && { application }) };
  // Another backend holds its state elsewhere: no copy of a folder brings it here.
  if (environment !== undefined) return makeProject(mkdtempSync(join(tmpdir(), 'project-')), options);
  const folder = await copyOfSnapshot(kept, async (draft) => {
    const project = await makeProject(draft, kept);
    await project.sandbox.close();
    return project.sandbox.endpoints;
  });
  return openProject(folder, { ...(observe && { observe }) });
}

/** Makes what tests of a file begin at, where it is not kept yet: a test's own limit is not for that. */
export async function keepStages(all: readonly ProjectOptions[]): Promise<void> {
  for (const options of all) await (await startProject(options)).close();
}

/** Makes a stack from nothing in a new folder. */
async function makeProject(folder: string, options: ProjectOptions): Promise<Project> {
  const { application, organization = false, configuration = [], stage = 'new' } = options;
  const root = join(folder, 'project');
  mkdirSync(root);
  copyFixture(root, 'package.json');
  for (const shared of ['node_modules', 'launch', 'sdks', 'index.ts', 'policies'])
    symlinkSync(resolve(shared), join(root, shared));
  const project = await openProject(folder, options);
  const { sandbox } = project;
  if (application) {
    await sandbox.useApplication(application);
    seedGitHub(sandbox.stateDir, existingTeam(sandbox.standIns().onepassword.vault, application).github);
  }
  if (organization) moveToOrganization(project);
  for (const [path, value] of configuration) project.configure(path, value);
  await expectFine(project.pulumi(['stack', 'init', 'staging', '--secrets-provider', 'passphrase']));
  await expectFine(
    project.pulumi(['config', 'set', '--secret', 'allincompassing:fingerprintKey'], { input: 'k'.repeat(32) }),
  );
  if (stage === 'adopted') await adopt(project);
  if (stage === 'provisioned') await provision(project);
  return project;
}

/** Starts the stand-ins of a folder that has a project, on these addresses where it has been copied to others. */
async function openProject(
  folder: string,
  { observe, environment: more = {} }: Pick<ProjectOptions, 'observe' | 'environment'>,
): Promise<Project> {
  const toolchain = await resolveToolchain({ mode: modeFromEnvironment(), report: () => undefined });
  const root = join(folder, 'project');
  const here = process.cwd();
  const dir = join(folder, 'sandbox');
  const endpoints = keptEndpoints(folder);
  const sandbox = await startSandbox({ dir, ...(endpoints && { endpoints }), ...(observe && { observe }) });
  const environment = { ...sandbox.environment(toolchain), ...more };
  delete environment.PULUMI_OPTION_CONFIG_FILE; // the copy has a configuration file of its own

  const run: Project['run'] = (program, args, { env, input, started } = {}) => {
    const child = spawn(program, args, { cwd: root, env: { ...environment, ...env }, stdio: 'pipe' });
    let output = '';
    child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString()));
    child.stdin.on('error', () => undefined);
    child.stdin.end(input ?? '');
    started?.(child);
    return new Promise((resolve, reject) => {
      child.once('error', reject);
      child.once('close', (code) => resolve({ code, output }));
    });
  };
  return {
    root,
    sandbox,
    environment,
    run,
    pulumi: (args, more) => run('pulumi', [...args, '--non-interactive', '--color=never'], more),
    command: (entry, args, { env, input, started } = {}) =>
      started === undefined && runsWarm(entry, args)
        ? runWarm({ entry, args, env: { ...environment, ...env }, cwd: root, ...(input !== undefined && { input }) })
        : run('node', [join(here, 'launch', 'command.mjs'), entry, ...args], {
            ...(env && { env }),
            ...(input !== undefined && { input }),
            ...(started && { started }),
          }),
    configure(path, value) {
      const file = join(root, 'Pulumi.staging.yaml');
      const document = parseDocument(readFileSync(file, 'utf8'));
      if (value === undefined) document.deleteIn(['config', ...path]);
      else document.setIn(['config', ...path], document.createNode(value));
      writeFileSync(file, document.toString({ lineWidth: 0 }));
    },
    netlify: () => netlifyValues(sandbox.stateDir),
    async close() {
      await sandbox.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** The same team's repository in an organization, and what the rule of its branch had already declared with the check. */
function moveToOrganization(project: Project): void {
  const { sandbox } = project;
  const { vault } = sandbox.standIns().onepassword;
  seedGitHub(sandbox.stateDir, { ...existingTeam(vault).github, ownedByUser: false });
  const protection = ['allincompassing:github', 'protection'];
  project.configure([...protection, 'form'], 'classic');
  project.configure([...protection, 'requiredPullRequestReviews', 'requiredApprovingReviewCount'], 1);
}

/** The output of a process that must succeed; throws all of it otherwise. */
export async function expectFine(work: Promise<Ended>): Promise<string> {
  const { code, output } = await work;
  if (code !== 0) throw new Error(`exit ${code ?? 'by signal'}:\n${output}`);
  return output;
}

/** Takes over what is there. */
async function adopt(project: Project): Promise<void> {
  await expectFine(project.command('commands/adopt/command.ts', ['--yes', '--production-from-vault']));
}

/** Adopts what is there and provisions the rest. */
export async function provision(project: Project): Promise<void> {
  await adopt(project);
  await expectFine(project.pulumi(['up', '--yes']));
}

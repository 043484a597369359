import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, it, jest } from '@jest/globals';
import { leftProviders } from '../../../engine/leftProviders.ts';
import { operationsEnvironment } from '../../../sandbox/process/environment.ts';
import { injections } from '../../../sandbox/drift/injections.ts';
import { projectName } from '../../../settings/stack/file.ts';
import { runSandboxCommand } from '../../sandbox/commandProcess.ts';
import { expectFine, provision, startProject, type Project } from '../../support/project.ts';
import { buildTerminal, typed, type Dialogue } from '../../support/typed.ts';
import { worldOf } from '../../support/drift/driftProject.ts';

// Ctrl-C on a terminal, in the commands that take long: what was done, and what was not.
jest.setTimeout(600_000);
const ctrlC = '\u0003';
const dir = mkdtempSync(join(tmpdir(), 'ctrl-c-'));
let terminal: string;
let project: Project;
beforeAll(async () => {
  terminal = buildTerminal();
  project = await startProject();
}, 600_000);
afterAll(async () => {
  await project.close();
  await runSandboxCommand(dir, ['stop']);
  rmSync(dir, { recursive: true, force: true });
  rmSync(dirname(terminal), { recursive: true });
});

const launched = (entry: string, ...args: string[]) => [
  join(process.cwd(), 'node_modules', '.bin', 'node'),
  join(process.cwd(), 'launch', 'command.mjs'),
  entry,
  ...args,
];

/** Runs a command of the project on a terminal; no provider may outlive it. */
async function onTerminal(command: readonly string[], dialogue: Dialogue) {
  const env = {
    ...project.environment,
    ...operationsEnvironment(project.sandbox.dir, project.sandbox.endpoints),
    TERM: 'xterm',
    NO_COLOR: '1',
  };
  const { asked, ...ended } = await typed(terminal, command, { cwd: project.root, env }, dialogue);
  expect([ended.output, asked]).toEqual([ended.output, dialogue.length]);
  expect(await leftProviders({ root: project.root, project: projectName(project.root) })).toEqual([]);
  return { ...ended, lines: ended.output.replaceAll('\r', '').split('\n') };
}

it('npm start says which steps are done, and how to go on', async () => {
  const env = { ...process.env, STAGING_SANDBOX_DIR: dir, NO_COLOR: '1', TERM: 'xterm' };
  const dialogue: Dialogue = [[/npm run adopt: taking over[\s\S]*Reading them by/, ctrlC]];
  const { code, output } = await typed(terminal, launched('sandbox/start.ts'), { cwd: process.cwd(), env }, dialogue);
  expect(output).toContain(
    'Stopped during: npm run adopt: taking over what is there, without a write. Done before: Setting up Pulumi',
  );
  expect(output).toContain('; Starting the sandbox');
  expect(output).toContain('What was written stays in the sandbox, which still runs. Go on: npm start.');
  expect(code).toBe(130);
});

it('adopt says that no service was written to, and takes everything over when it is run again', async () => {
  const { code, lines } = await onTerminal(launched('commands/adopt/command.ts'), [
    [/Take these over\?/, 'yes\r'],
    [/Type production if [^:]+:/, 'production\r'],
    [/Reading them by/, ctrlC],
  ]);
  expect(lines).toContain(
    'Stopped. Done: nothing. Not finished: the stack’s state. No service was written to. Go on: npm run adopt',
  );
  expect([lines, code]).toEqual([lines, 130]);
  await provision(project);
});

it('drift --fix says what was fixed and what was not finished, each in a line, and recovers', async () => {
  const world = worldOf(project);
  await injections['context-missing']?.inject(world);
  world.vault.set('openai_api_key', 'a-newer-value');
  const { code, lines } = await onTerminal(launched('commands/drift/command.ts', '--fix'), [
    [/Fix (this one|these \d+)\?/, 'yes\r'],
    [/Running pulumi up/, ctrlC],
  ]);
  expect(lines).toContainEqual(expect.stringMatching(/^Stopped\. Fixed: SUPABASE_URL: written in branch:staging/));
  expect(lines).toContain('Not finished: pulumi up.');
  expect(lines).toContain('See what is left: npm run drift (after a pulumi up that was cut off: npm run recover)');
  expect(code).toBe(130);
  await expectFine(project.command('commands/recover/command.ts', ['--yes']));
  await expectFine(project.pulumi(['up', '--yes']));
});

import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeEach, expect, it, jest } from '@jest/globals';
import { leftEngines } from '../../../engine/leftEngines.ts';
import { leftProviders } from '../../../engine/leftProviders.ts';
import { processes, treeOf } from '../../../engine/processes.ts';
import { projectName } from '../../../settings/stack/file.ts';
import { runSandboxCommand } from '../../sandbox/commandProcess.ts';

// `npm start` and `npm run sandbox -- exec pulumi up`, ended from outside while the providers write.
jest.setTimeout(300_000);
const dir = mkdtempSync(join(tmpdir(), 'killed-start-'));
const root = process.cwd();
const env = { ...process.env, STAGING_SANDBOX_DIR: dir, NO_COLOR: '1' };
const exec = (...command: string[]) => runSandboxCommand(dir, ['exec', ...command]);

beforeEach(async () => {
  expect((await runSandboxCommand(dir, ['vault', 'rotate', 'anon_key'])).code).toBe(0); // so that there is something to write
  await slowNetlify(6000); // long enough that the end comes while Netlify has the request
});

async function slowNetlify(delayMs: number): Promise<void> {
  const slow = ['fault', 'add', '--service', 'netlify', '--method', 'PUT', '--delay', String(delayMs)];
  await runSandboxCommand(dir, ['fault', 'clear']);
  expect((await runSandboxCommand(dir, slow)).code).toBe(0);
}
afterAll(async () => {
  await runSandboxCommand(dir, ['stop']);
  rmSync(dir, { recursive: true, force: true });
});

/** What works under a process, by the program's name. */
const under = (pid: number, program: string) => {
  const all = processes();
  return treeOf(pid, all).filter((each) => all.some((one) => one.pid === each && one.program.startsWith(program)));
};

/** How many requests have met the delay. */
async function met(): Promise<number | undefined> {
  const { stdout } = await runSandboxCommand(dir, ['fault', 'list', '--json']);
  return (JSON.parse(stdout) as { seen: number }[])[0]?.seen;
}

/** Starts a command in a group of its own, and waits until Netlify's provider writes. */
async function writing(command: string, args: readonly string[]) {
  const before = await met();
  const child = spawn(command, args, { env, detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
  const output = { text: '' };
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => (output.text += chunk.toString()));
  const close = new Promise((resolve) => child.once('close', (code, signal) => resolve(code ?? signal)));
  const { pid = 0 } = child;
  while ((await met()) === before) {
    if (child.exitCode !== null) throw new Error(`It ended too early:\n${output.text}`);
    await sleep(50);
  }
  expect(under(pid, 'pulumi-resource-')).not.toEqual([]);
  return { child: child as ChildProcess, pid, output, close };
}

/** Nothing of a run is at work any more. */
async function nothingLeft() {
  const left = async () => [
    ...leftEngines({ root, stack: 'staging' }),
    ...(await leftProviders({ root, project: projectName(root) })),
  ];
  for (const until = Date.now() + 20_000; (await left()).length > 0 && Date.now() < until;) await sleep(100);
  expect(await left()).toEqual([]);
}

it('npm start on a closed terminal lets Pulumi end what is under way, and says what is done', async () => {
  const { pid, output, close } = await writing('npm', ['start']);
  const pulumi = under(pid, 'pulumi');
  process.kill(-pid, 'SIGHUP');
  await close;
  while (processes().some((each) => pulumi.includes(each.pid))) await sleep(50);
  expect(output.text).toContain('Stopped during: pulumi up.');
  await nothingLeft();
  expect((await exec('npm', 'run', '--silent', 'recover', '--', '--dry-run')).stdout).toContain('Nothing to recover');
});

it('recover finds the Pulumi of an exec that was killed, stops it, and leaves the stack in order', async () => {
  await slowNetlify(30_000); // and it still is when a busy machine has started the command
  const { child, close } = await writing(process.execPath, [
    ...['launch/command.mjs', 'sandbox/command.ts', 'exec', 'env', 'A=b', 'pulumi', 'up', '--yes', '--skip-preview'],
  ]);
  child.kill('SIGKILL');
  while (leftEngines({ root, stack: 'staging' }).length === 0) await sleep(50);
  const { code, stdout } = await exec('npm', 'run', '--silent', 'recover', '--', '--yes');
  expect(stdout).toMatch(/stop +process \d+ \(pulumi up\)[\s\S]*Nothing to recover/);
  expect(code).toBe(0);
  await close;
  await nothingLeft();
  await runSandboxCommand(dir, ['fault', 'clear']);
  const again = await exec('pulumi', 'up', '--yes', '--skip-preview');
  expect([again.code, again.stdout]).toEqual([0, again.stdout]);
});

import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import { withProgress } from '../../cli/interrupt.ts';
import { confirmSharedProject } from '../../cli/sharedProject.ts';
import { sharedProject } from '../support/sharedProject.ts';
import { heldByDead } from '../../machine/lock.ts';

it.each([
  ['SIGINT', 130],
  ['SIGTERM', 143],
] as const)('says at %s what was done and what was not, and ends once the children have', async (signal, code) => {
  const program = `
    import { interruptible } from ${JSON.stringify(join(process.cwd(), 'cli/interrupt.ts'))};
    const done = [];
    setInterval(() => undefined, 1000);
    let childEnds;
    const child = new Promise((resolve) => (childEnds = resolve));
    await interruptible(
      () => { setTimeout(() => { process.stderr.write('the child ended\\n'); childEnds(); }, 10); return ['Stopped. Done: ' + done.join() + '.', 'Not finished: two.']; },
      async () => { done.push('one'); process.stdout.write('ready'); await new Promise(() => undefined); },
      () => child,
    );`;
  const node = join(process.cwd(), 'node_modules', '.bin', 'node');
  const child = spawn(node, ['--input-type=module', '--eval', program], { stdio: ['ignore', 'pipe', 'pipe'] });
  let said = '';
  child.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()));
  child.stdout.once('data', () => child.kill(signal));
  const ended = await new Promise((resolve) => child.once('close', resolve));
  expect(said).toBe('\nStopped. Done: one.\nNot finished: two.\nthe child ended\n');
  expect(ended).toBe(code);
});

it('ends by the signal although the work failed as its child was ended', async () => {
  const program = `
    import { interruptible } from ${JSON.stringify(join(process.cwd(), 'cli/interrupt.ts'))};
    setInterval(() => undefined, 1000);
    const child = Promise.withResolvers();
    await interruptible(
      () => { child.reject(new Error('the child was ended')); return ['Stopped.']; },
      async () => { process.stdout.write('ready'); await child.promise; },
      () => new Promise((resolve) => setTimeout(resolve, 50)),
    );`;
  const node = join(process.cwd(), 'node_modules', '.bin', 'node');
  const child = spawn(node, ['--input-type=module', '--eval', program], { stdio: ['ignore', 'pipe', 'pipe'] });
  let said = '';
  child.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()));
  child.stdout.once('data', () => child.kill('SIGINT'));
  expect(await new Promise((resolve) => child.once('close', resolve))).toBe(130);
  expect(said).toBe('\nStopped.\n');
});

it('says that long work still goes on, and stops saying it', async () => {
  const lines: string[] = [];
  const twice = Promise.withResolvers<undefined>();
  const say = (line: string) => {
    lines.push(line.replace(/\d+ s/, 'N s'));
    if (lines.length === 2) twice.resolve(undefined);
  };
  await withProgress('reading', twice.promise, 5, say);
  expect(lines).toEqual(['  … reading (N s)', '  … reading (N s)']);
});

it('names in one refusal all that is missing for the shared project', async () => {
  const refusal = confirmSharedProject('Go on?', { yes: false, project: undefined, ref: sharedProject.ref });
  await expect(refusal).rejects.toThrow(`Add --yes --project ${sharedProject.ref}, or --dry-run`);
  const half = confirmSharedProject('Go on?', { yes: false, project: sharedProject.ref, ref: sharedProject.ref });
  await expect(half).rejects.toThrow('Add --yes, or --dry-run');
  const other = confirmSharedProject('Go on?', { yes: true, project: undefined, ref: sharedProject.ref });
  await expect(other).rejects.toThrow(`--project ${sharedProject.ref}`);
});

it('knows a lock whose owner died from one that is held, or that was let go of', () => {
  const folder = mkdtempSync(join(tmpdir(), 'lock-'));
  const file = join(folder, 'lock');
  try {
    expect(heldByDead(file)).toBe(false);
    writeFileSync(file, 'damaged');
    expect(heldByDead(file)).toBe(true);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

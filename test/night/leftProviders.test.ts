import { spawn } from 'node:child_process';
import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { endProviders, leftProviders } from '../../engine/leftProviders.ts';
import { ofPsLine, processes, treeOf, type Process } from '../../engine/processes.ts';
import { runs } from '../../machine/runs.ts';
import { providerLines } from '../../commands/recover/providers.ts';

let root: string;
let started: number[];
beforeEach(() => {
  root = realpathSync(mkdtempSync(join(tmpdir(), 'left-')));
  started = [];
});
afterEach(() => {
  for (const pid of started.filter(runs)) process.kill(pid, 'SIGKILL');
  rmSync(root, { recursive: true });
});

/** A process that outlives its parent, in a group of its own, as the engine starts a provider. Yields its id. */
async function orphan(program: string, { cwd = root, project = 'shop' } = {}): Promise<number> {
  const provider = `require('child_process').spawn(process.execPath, ['-e', 'setInterval(() => 0, 1e3)'], {argv0: 'terraform-provider-x', stdio: 'ignore'});
    setInterval(() => 0, 1e3)`;
  const options = { argv0: `/plugins/${program}`, cwd, detached: true, stdio: 'ignore' };
  const parent = `const child = require('child_process').spawn(process.execPath, ['-e', process.argv[1], '127.0.0.1:9'], ${JSON.stringify(options)});
    child.unref(); process.stdout.write(String(child.pid), () => process.exit())`;
  const child = spawn(process.execPath, ['-e', parent, provider], { env: { ...process.env, PULUMI_PROJECT: project } });
  let text = '';
  child.stdout.on('data', (chunk: Buffer) => (text += chunk.toString()));
  await new Promise((resolve) => child.once('close', resolve));
  const pid = Number(text);
  started.push(pid);
  while (treeOf(pid).length < 2) await new Promise((resolve) => setTimeout(resolve, 20));
  started.push(...treeOf(pid).slice(1));
  return pid;
}

const gone = () => Promise.resolve(false);
const find = () => leftProviders({ root, project: 'shop' }, processes(), gone);

describe('a provider that outlived its engine', () => {
  it('is found by its folder and its project, and is ended with what it started', async () => {
    const pid = await orphan('pulumi-resource-github');
    const found = await find();
    expect(found).toEqual([{ pid, program: 'pulumi-resource-github', belongs: 'this', group: pid }]);
    expect(providerLines(found)).toEqual([expect.stringContaining(`process ${pid} (pulumi-resource-github)`)]);
    await endProviders(found);
    expect(started.filter((each) => processes().some((process) => process.pid === each))).toEqual([]);
    expect(await find()).toEqual([]);
  }, 30_000);

  it('is not this stack’s in another folder, or for another project', async () => {
    await orphan('pulumi-resource-github', { cwd: tmpdir() });
    await orphan('pulumi-resource-github', { project: 'another' });
    expect(await find()).toEqual([]);
  }, 30_000);

  it('is left to a person while something answers at its engine’s address', async () => {
    const pid = await orphan('pulumi-resource-github');
    const found = await leftProviders({ root, project: 'shop' }, processes(), () => Promise.resolve(true));
    expect(found).toMatchObject([{ pid, belongs: 'unknown' }]);
    expect(providerLines(found)).toEqual([expect.stringContaining('Refused')]);
  }, 30_000);
});

describe('by ps, which names no folder', () => {
  const line = (text: string): Process[] => ofPsLine(text);
  const user = process.getuid?.() ?? 0;

  it('nothing is ended that may be another project’s', async () => {
    const all = [
      ...line(`    7     1     7 ${user} /plugins/pulumi-resource-github 127.0.0.1:9`),
      ...line(`    8     7     7 ${user} /plugins/terraform-provider-netlify_v0.4.4`),
      ...line(`    9     1     9 ${user + 1} /plugins/pulumi-resource-github 127.0.0.1:9`),
      ...line(`   10     1    10 ${user} /usr/bin/pulumi up`),
      ...line(`   11    10    11 ${user} /plugins/pulumi-resource-github 127.0.0.1:9`),
      ...line(`   12    13    13 ${user} /plugins/terraform-provider-netlify_v0.4.4`), // of Terraform itself
      ...line(''),
    ];
    expect(await leftProviders({ root, project: 'shop' }, all, gone)).toEqual([
      { pid: 7, program: 'pulumi-resource-github', belongs: 'unknown', group: 7 },
    ]);
  });
});

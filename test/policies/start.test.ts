import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';

const node = resolve('node_modules/.bin/node');
const runner = resolve('node_modules/@pulumi/pulumi/cmd/run-policy-pack');
let folder: string;
let probe: string;

/** Says, once asked to end, which of the heavy modules were really loaded. */
const probeScript = `
process.on('SIGTERM', () => {
  const loaded = (file) => Object.keys(require.cache[file].exports).length > 5; // a stand-in has fewer names
  const heavy = Object.keys(require.cache).filter((file) => /typescript\\.js$|ts-node/.test(file));
  process.stderr.write(JSON.stringify(heavy.filter(loaded)), () => process.exit(0));
});`;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'pack-start-'));
  probe = join(folder, 'probe.cjs');
  writeFileSync(probe, probeScript);
  writeFileSync(join(folder, 'package.json'), '{"version":"1.0.0"}');
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function nodeArgs(pack: string): string {
  const manifest = readFileSync(join(pack, 'PulumiPolicy.yaml'), 'utf8');
  return (parse(manifest) as { runtime: { options: { nodeargs: string } } }).runtime.options.nodeargs;
}

/** Starts a pack as a language host does, until it prints its port. */
async function start(pack: string, { cwd = pack, args = [] as string[] }) {
  const { PATH, HOME } = process.env;
  const command = [...args, '--require', probe, runner, '127.0.0.1:1', pack];
  const child = spawn(node, command, { cwd, env: { PATH, HOME } });
  let stderr = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  const ended = new Promise<void>((done) => child.once('close', () => done()));
  const port = await Promise.race([
    new Promise<string>((done) => child.stdout.setEncoding('utf8').once('data', done)),
    ended.then(() => `no port: ${stderr}`),
  ]);
  child.kill('SIGTERM');
  await ended;
  return { port, loaded: stderr };
}

describe.each(['secrets', 'staging'])('the start of policies/%s', (name) => {
  const pack = resolve('policies', name);

  it.each([
    ['its own folder', () => pack],
    ['the program’s folder', () => folder],
  ])('loads no TypeScript, from %s', async (_from, cwd) => {
    const { port, loaded } = await start(pack, { cwd: cwd(), args: [nodeArgs(pack)] });
    expect(port).toMatch(/^\d+\n$/);
    expect(JSON.parse(loaded)).toEqual([]);
  });

  it('works under a language host that does not hand Node’s arguments on', async () => {
    const { port, loaded } = await start(pack, {});
    expect(port).toMatch(/^\d+\n$/);
    expect(loaded).toMatch(/typescript\.js/); // what the arguments save
  });
});

describe('the preload of a pack', () => {
  it('does no harm where it is not found', async () => {
    const pack = resolve('policies/secrets');
    const moved = nodeArgs(pack).replace('main.cjs', 'elsewhere/deeper/main.cjs');
    expect((await start(pack, { args: [moved] })).port).toMatch(/^\d+\n$/);
  });

  it('stands in with the very names of the SDK’s own module', () => {
    const script = `
      const sdk = require('node:module').createRequire(require.resolve('@pulumi/pulumi/package.json'));
      console.log(JSON.stringify(Object.keys(sdk('./runtime/closure/v8Hooks')).filter((key) => key !== '__esModule').sort()));`;
    const names = (...preload: string[]) => execFileSync(node, [...preload, '--eval', script], { encoding: 'utf8' });
    expect(names('--require', './launch/speed/policies.cjs')).toBe(names());
  });

  it('leaves the SDK whole for whoever asks for it', () => {
    const script = `const pulumi = require('@pulumi/pulumi');
      console.log(pulumi.asset.StringAsset.name, typeof pulumi.automation.LocalWorkspace.create);`;
    const output = execFileSync(node, ['--require', './launch/speed/policies.cjs', '--eval', script], {
      encoding: 'utf8',
    });
    expect(output).toBe('StringAsset function\n');
  });
});

import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { zipSync } from 'fflate';
import { providerFile } from '../../toolchain/cache/layout.ts';
import type { BridgedName } from '../../toolchain/versions.ts';
import { Unreachable } from '../../toolchain/download/unreachable.ts';
import { Machine } from './fixture.ts';

let machine: Machine;
beforeEach(() => {
  machine = new Machine();
});
afterEach(() => machine.remove());

/** An archive with one program in it. */
function tarball(name: string, program: string): Uint8Array {
  const folder = join(machine.folder, 'release', name);
  chmodSync(machine.write(join(folder, program), '#!/bin/sh\nexit 0\n'), 0o755);
  execFileSync('tar', ['-czf', 'archive', program], { cwd: folder });
  return readFileSync(join(folder, 'archive'));
}

const cli = () => tarball('pulumi', 'pulumi/pulumi');
const github = () => tarball('github', 'pulumi-resource-github');
const provider = (name: BridgedName) =>
  zipSync({
    [basename(providerFile('', name))]: new TextEncoder().encode(`provider ${name}`),
    'README.md': new Uint8Array(),
  });
const netlify = () => provider('netlify');
const supabase = () => provider('supabase');

/** Publishes everything of which this project keeps a checksum. */
function publish(): void {
  machine.publish('pulumi', cli());
  machine.publish('github', github());
  machine.publish('netlify', netlify());
  machine.publish('supabase', supabase());
}

const origins = [
  ...['pulumi official', 'terraform-provider source', 'github official'],
  ...['netlify official', 'supabase official'],
];

describe('the official downloads', () => {
  it.each(['official', 'auto'] as const)('are checked, unpacked and used; the bridge has no sum: %s', async (mode) => {
    publish();
    const toolchain = await machine.resolve(mode);
    expect(toolchain.parts.map((part) => `${part.name} ${part.origin}`)).toEqual(origins);
    for (const part of toolchain.parts) expect(existsSync(part.path)).toBe(true);
    expect(machine.builds.map(({ programs }) => programs.map(({ file }) => file))).toEqual([['dynamic']]);
    expect(toolchain.parts[1]?.why).toContain('no checksum of pulumi-resource-terraform-provider-v1.1.4-');
  });

  it('stand where the engine and the bridge look, so that neither downloads anything by itself', async () => {
    publish();
    const { environment, parts } = await machine.resolve('official');
    const plugins = join(environment.PULUMI_HOME ?? '', 'plugins');
    expect(readdirSync(plugins).sort()).toEqual(['resource-github-v6.15.0', 'resource-terraform-provider-v1.1.4']);
    expect(readdirSync(join(plugins, 'resource-github-v6.15.0'))).toEqual(['pulumi-resource-github']);
    expect(environment.PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION).toBe('true');
    const downloads = environment.PULUMI_DYNAMIC_TF_PLUGIN_CACHE_DIR ?? '';
    expect(parts.slice(3).map(({ path }) => path)).toEqual([
      providerFile(downloads, 'netlify'),
      providerFile(downloads, 'supabase'),
    ]);
    expect(parts.slice(3).map(({ path }) => readFileSync(path, 'utf8'))).toEqual([
      'provider netlify',
      'provider supabase',
    ]);
    expect(existsSync(machine.home)).toBe(false);
  });

  it('build nothing once a checksum of the bridge is kept, too', async () => {
    publish();
    machine.publish('terraform-provider', tarball('bridge', 'pulumi-resource-terraform-provider'));
    const { parts } = await machine.resolve('official');
    expect(new Set(parts.map((part) => part.origin))).toEqual(new Set(['official']));
    for (const part of parts) expect(existsSync(part.path)).toBe(true);
    expect(machine.builds).toEqual([]);
  });

  it.each(['pulumi', 'github', 'netlify', 'supabase'] as const)(
    'are refused when %s is not what its checksum says',
    async (part) => {
      publish();
      machine.publish(part, { pulumi: cli, github, netlify, supabase }[part](), 'f'.repeat(64));
      for (const mode of ['official', 'auto'] as const) {
        // Again and again: no build from source passes over it, and it is not remembered as a place that is out of reach.
        for (let round = 0; round < 2; round += 1)
          await expect(machine.resolve(mode)).rejects.toThrow(
            /has the checksum [0-9a-f]{64}, which is not the one that toolchain\/download\/checksums\.ts keeps\.\nSomething between/,
          );
      }
      expect(machine.builds).toEqual([]);
      expect(existsSync(join(machine.cache, 'unreachable.json'))).toBe(false);
      expect(readdirSync(machine.cache).filter((name) => name.startsWith(`official-${part}`))).toEqual([]);
    },
  );

  it('are not asked for without a checksum: the sum that lies beside an archive is worth nothing', async () => {
    publish();
    machine.checksums = {};
    await expect(machine.resolve('official')).rejects.toThrow(
      /download of pulumi cannot be had: no checksum of pulumi-v/,
    );
    const { parts } = await machine.resolve('auto');
    expect(new Set(parts.map((part) => part.origin))).toEqual(new Set(['source']));
    expect(machine.downloads).toEqual([]);
  });

  it('that cannot be reached are an error with advice where they were asked for', async () => {
    await expect(machine.resolve('official')).rejects.toThrow(
      /official download of pulumi cannot be had: getaddrinfo ENOTFOUND\.\nCheck the network.*STAGING_TOOLCHAIN=auto or source/,
    );
    expect(machine.builds).toEqual([]);
  });

  it.each(['github', 'netlify', 'supabase'] as const)(
    'of %s alone missing is an error too: ours is never passed off as official',
    async (part) => {
      publish();
      for (const url of machine.network.keys())
        if (url.includes(part === 'github' ? 'pulumi-resource-github' : part)) machine.network.delete(url);
      await expect(machine.resolve('official')).rejects.toThrow(`The official download of ${part} cannot be had`);
    },
  );

  it('are left alone when building from source was asked for', async () => {
    publish();
    machine.installPulumi('v3.256.0');
    const toolchain = await machine.resolve('source');
    expect(new Set(toolchain.parts.map((part) => part.origin))).toEqual(new Set(['source']));
    expect(machine.downloads).toEqual([]);
    expect(dirname(toolchain.pulumi)).not.toBe(machine.path);
  });
});

describe('what could not be reached', () => {
  it('is not asked again for an hour, then it is', async () => {
    let now = 0;
    let asked = 0;
    const fail = (): Promise<void> => {
      asked += 1;
      return Promise.reject(new Error('down'));
    };
    const unreachable = new Unreachable(join(machine.folder, 'unreachable.json'), () => now);
    expect(await unreachable.try('x', fail)).toBe('down');
    now = 59 * 60 * 1000;
    expect(await unreachable.try('x', fail)).toBe('down');
    expect(asked).toBe(1);
    now = 61 * 60 * 1000;
    await unreachable.try('x', fail);
    expect(asked).toBe(2);
  });

  it('says a time-out in words, and a damaged memory is no obstacle', async () => {
    const file = machine.write(join(machine.folder, 'unreachable.json'), '{"x":');
    const reason = await new Unreachable(file).try('x', () => {
      throw new DOMException('The operation was aborted due to timeout', 'TimeoutError');
    });
    expect(reason).toBe('no answer in time');
  });
});

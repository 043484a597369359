import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmodSync, existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { archiveName } from '../../toolchain/official.ts';
import { Unreachable } from '../../toolchain/unreachable.ts';
import { Machine } from './fixture.ts';

let machine: Machine;
beforeEach(() => {
  machine = new Machine();
});
afterEach(() => machine.remove());

const netlifyListing = Buffer.from('{"versions":[{"version":"0.4.4"}]}');

/** Publishes an archive of the CLI whose checksum is stated rightly, or wrongly. */
function publish(checksum?: string): void {
  const folder = join(machine.folder, 'release');
  chmodSync(machine.write(join(folder, 'pulumi', 'pulumi'), '#!/bin/sh\nexit 0\n'), 0o755);
  execFileSync('tar', ['-czf', 'archive', 'pulumi'], { cwd: folder });
  const archive = readFileSync(join(folder, 'archive'));
  const sum = checksum ?? createHash('sha256').update(archive).digest('hex');
  machine.network.set(archiveName(), archive);
  machine.network.set(
    'checksums.txt',
    Buffer.from(`${'0'.repeat(64)}  pulumi-other.tar.gz\n${sum}  ${archiveName()}\n`),
  );
}

describe('the official download', () => {
  it('is checked, unpacked and used, and Netlify’s own provider too', async () => {
    publish();
    machine.network.set('/versions', netlifyListing);
    const toolchain = await machine.resolve();
    expect(toolchain.parts.map((part) => part.origin)).toEqual(['official', 'official', 'official', 'official']);
    expect(existsSync(toolchain.pulumi)).toBe(true);
    expect(machine.builds).toEqual([]);
    expect(toolchain.environment).toEqual({});
  });

  it.each(['official', 'auto'] as const)('is refused in mode %s when its checksum is another', async (mode) => {
    publish('f'.repeat(64));
    // Again and again: no build from source passes over it, and it is not remembered as a place that is out of reach.
    for (let round = 0; round < 2; round += 1)
      await expect(machine.resolve(mode)).rejects.toThrow(
        /^The downloaded .* has the checksum .*its release says f{64}/,
      );
    expect(machine.builds).toEqual([]);
    expect(existsSync(join(machine.cache, 'unreachable.json'))).toBe(false);
    expect(existsSync(join(machine.cache, 'official-pulumi-3.256.0'))).toBe(false);
  });

  it('is refused when the release does not list it', async () => {
    machine.network.set('checksums.txt', Buffer.from('nothing here'));
    await expect(machine.resolve('official')).rejects.toThrow(`do not list ${archiveName()}`);
  });

  it('that cannot be reached is an error with advice where it was asked for', async () => {
    await expect(machine.resolve('official')).rejects.toThrow(
      /official download cannot be had: getaddrinfo ENOTFOUND\.\nCheck the network.*STAGING_TOOLCHAIN=auto or source/,
    );
    expect(machine.builds).toEqual([]);
  });

  it('of Netlify’s provider alone missing is an error too: the compatible one is never passed off as official', async () => {
    publish();
    await expect(machine.resolve('official')).rejects.toThrow(/registry\.opentofu\.org cannot be had/);
  });

  it('is left alone when building from source was asked for', async () => {
    publish();
    machine.installPulumi('v3.256.0');
    const toolchain = await machine.resolve('source');
    expect(toolchain.parts.map((part) => part.origin)).toEqual(['source', 'source', 'source', 'source']);
    expect(machine.downloads).toEqual([]);
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

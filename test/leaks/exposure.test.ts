import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { exposures } from '../../leaks/exposure.ts';
import { finderOf } from '../../leaks/leaks.ts';
import { scanFolder, type ScanFolder } from '../commands/scan/scanFolder.ts';

const value = ['made', 'up', 'for', 'this', 'test'].join('/');
const find = finderOf([{ name: 'leaked', reveal: () => value }]);

let folder: ScanFolder;
let origin: string;

beforeEach(() => {
  folder = scanFolder({ repository: true });
  origin = mkdtempSync(join(tmpdir(), 'origin-'));
});
afterEach(() => {
  folder.close();
  rmSync(origin, { recursive: true, force: true });
});

const exposed = async () => (await exposures(folder.path, find)).get('leaked');

function push(): void {
  folder.git('init', '--bare', '--quiet', origin);
  folder.git('remote', 'add', 'origin', origin);
  folder.git('push', '--quiet', 'origin', 'HEAD:refs/heads/main');
  folder.git('fetch', '--quiet', 'origin');
}

describe('how far a value may have come', () => {
  it('is this machine alone while no commit has it', async () => {
    folder.commit('Begin');
    folder.write('a.txt', `x\n${value}\n`);
    expect(await exposed()).toEqual({
      ...{ folder: folder.path, standsIn: ['a.txt:2'], since: undefined, pushed: undefined, isShallow: false },
    });
  });

  it('is this clone while no other repository has the commit; since its first commit, also when it is removed again', async () => {
    folder.commit('Begin');
    push();
    folder.write('a.txt', Buffer.from(`..${value}..`).toString('base64'));
    const first = folder.commit('Bring it');
    folder.write('b.txt', value);
    folder.commit('Bring it again');
    folder.remove('a.txt');
    folder.remove('b.txt');
    folder.commit('Remove it');
    const { standsIn, since, pushed } = (await exposed()) ?? {};
    expect([standsIn, since?.id, since?.file, pushed]).toEqual([[], first, 'a.txt', undefined]);
    expect(Date.parse(since?.date ?? '')).toBeGreaterThan(0);
  });

  it('is whoever reads the other repository once the commit is on a branch of it', async () => {
    folder.write('a.txt', value);
    const first = folder.commit('Bring it');
    push();
    expect(await exposed()).toMatchObject({ since: { id: first }, pushed: { id: first, branches: ['origin/main'] } });
  });

  it('is that too where the content was pushed with another commit than the one that brought it here', async () => {
    folder.commit('Begin');
    push();
    folder.git('checkout', '--quiet', '-b', 'mine');
    folder.write('a.txt', value);
    const mine = folder.commit('Bring it');
    folder.git('checkout', '--quiet', '--detach', 'origin/main');
    folder.git('cherry-pick', mine);
    folder.git('commit', '--quiet', '--amend', '--no-verify', '--message', 'The same, by another commit');
    const theirs = folder.git('rev-parse', 'HEAD');
    folder.git('push', '--quiet', 'origin', 'HEAD:refs/heads/main');
    folder.git('fetch', '--quiet', 'origin');
    folder.git('checkout', '--quiet', 'mine');
    expect(theirs).not.toBe(mine);
    expect((await exposed())?.pushed?.id).toBe(theirs);
  });

  it('counts the message of a commit, and the name of a file', async () => {
    const named = 'QmFkIG5hbWU0711';
    const names = finderOf([{ name: 'named', reveal: () => named }]);
    const message = folder.commit(`Tell ${value}`);
    expect((await exposed())?.since).toMatchObject({ id: message, file: '(commit message)' });
    folder.write(`${named}.txt`, 'nothing');
    folder.commit('A file of that name');
    const found = (await exposures(folder.path, names)).get('named');
    expect(found?.since).toBeDefined();
    expect(JSON.stringify(found)).not.toContain(named);
  });

  it('is told of a folder without git, and of a clone that lacks its older commits', async () => {
    const plain = scanFolder();
    plain.write('a.txt', value);
    expect((await exposures(plain.path, find)).get('leaked')).toMatchObject({
      standsIn: ['a.txt:1'],
      since: undefined,
    });
    plain.close();
    folder.write('a.txt', value);
    folder.commit('Bring it');
    folder.commit('And another');
    push();
    const clone = scanFolder();
    folder.git('clone', '--quiet', '--depth', '1', '--branch', 'main', `file://${origin}`, join(clone.path, 'clone'));
    expect((await exposures(join(clone.path, 'clone'), find)).get('leaked')).toMatchObject({ isShallow: true });
    clone.close();
  });
});

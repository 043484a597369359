import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { homedir, hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { backendOf } from '../../../engine/stateBackend.ts';
import { lockFiles, removeLock } from '../../../commands/recover/locks.ts';
import { brokenSidecars } from '../../../engine/sidecars.ts';

describe('the backend', () => {
  it.each([
    ['file:///var/state?no_tmp_dir=true', { kind: 'folder', folder: '/var/state' }],
    ['file://~', { kind: 'folder', folder: homedir() }],
    ['file://state', { kind: 'folder', folder: '/project/state' }],
    ['s3://bucket?region=eu', { kind: 'service', url: 's3://bucket' }],
    ['postgres://ann:word@host/db', { kind: 'service', url: 'postgres://host/db' }],
  ])('%s', (url, expected) => expect(backendOf(url, '/project')).toEqual(expected));
});

describe('a lock', () => {
  let folder: string;
  let file: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'locks-'));
    const locks = join(folder, '.pulumi', 'locks', 'organization', 'project', 'staging');
    mkdirSync(locks, { recursive: true });
    file = join(locks, 'id.json');
    writeFileSync(`${file}.attrs`, '{}');
  });
  afterEach(() => rmSync(folder, { recursive: true }));
  const lock = (content: object | string) => {
    writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content));
    return lockFiles(folder, 'project', 'staging', (pid) => pid === 7);
  };

  it.each([
    ['a dead process', { pid: 8, hostname: hostname() }, 'dead'],
    ['a running process', { pid: 7, hostname: hostname() }, 'running'],
    ['another machine', { pid: 8, hostname: 'another' }, 'elsewhere'],
    ['nobody', { time: 1 }, 'unknown'],
    ['a kill just now', '', 'unknown'],
  ])('of %s', (_what, content, owner) => expect(lock(content)).toMatchObject([{ owner }]));

  it('is taken away only while it is the one that was judged', () => {
    const [judged] = lock({ pid: 8, hostname: hostname() });
    if (!judged) throw new Error('no lock');
    lock({ pid: 7, hostname: hostname() });
    expect(removeLock(judged)).toBe(false);
    const [dead] = lock({ pid: 8, hostname: hostname() });
    if (!dead) throw new Error('no lock');
    expect(removeLock(dead)).toBe(true);
    expect([existsSync(file), existsSync(`${file}.attrs`)]).toEqual([false, false]);
  });

  it('leaves a sidecar that is broken, and no other, to be mended', () => {
    expect(brokenSidecars(folder)).toEqual([]);
    writeFileSync(`${file}.attrs`, '{"user');
    expect(brokenSidecars(folder)).toEqual([`${file}.attrs`]);
  });
});

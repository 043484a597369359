import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { shownStateUrl, withoutStateCredentials } from '../../engine/stateUrl.ts';
import { pulumi } from '../../engine/pulumi.ts';
import { backendOf } from '../../engine/stateBackend.ts';

// Made here: an address with a password must not stand in a file.
const postgres = (password: string, rest = '@db.example.com:5432/state') => `postgres://ann:${password}${rest}`;

const passwords = ['plain', 'p@rt', 'pa/rt', 'a@b/c', 'a/b@c/d@e', 'a?b', 'a#b', 'a?b@c', 'p%40rt', 'a:b@c', '@', '/'];

describe('the address of a state', () => {
  it.each(passwords)('is shown without the password %p and without a part of it', (password) => {
    const url = postgres(password, '@db.example.com:5432/state?sslmode=require');
    const expected = /[?#]/.test(password) ? 'postgres://…' : 'postgres://db.example.com:5432/state';
    expect(shownStateUrl(url)).toBe(expected);
    expect(backendOf(url, '/project')).toEqual({ kind: 'service', url: expected });
  });

  it.each([
    ['s3://bucket?region=eu', 's3://bucket'],
    ['azblob://container/folder?storage_account=a', 'azblob://container/folder'],
    ['https://api.pulumi.com', 'https://api.pulumi.com'],
    ['postgres://[::1]:5432/state', 'postgres://[::1]:5432/state'],
    ['postgres://host/db?user=ann&password=a@b', 'postgres://…'],
    ['postgres://host/db?password=word', 'postgres://host/db'],
    [postgres('word', ''), 'postgres://…'],
    ['not an address', '…'],
  ])('%s is shown as %s', (url, expected) => expect(shownStateUrl(url)).toBe(expected));
});

describe('what pulumi says', () => {
  const folder = mkdtempSync(join(tmpdir(), 'failing-'));
  afterAll(() => rmSync(folder, { recursive: true }));

  it('is repeated without an address’ password, wherever it stands, and otherwise as it is', () => {
    const url = postgres('a"b c@d/e');
    const text = `error: parse ${JSON.stringify(url)}: bad host; ${postgres('p@q/r')}, see https://www.pulumi.com/docs?x=1#y`;
    const shown = withoutStateCredentials(text, { PULUMI_BACKEND_URL: url });
    expect(shown).toBe(
      'error: parse "postgres://db.example.com:5432/state": bad host; postgres://db.example.com:5432/state, see https://www.pulumi.com/docs?x=1#y',
    );
    expect(withoutStateCredentials('open file:///var/state@home: no such file', {})).toBe(
      'open file:///var/state@home: no such file',
    );
    expect(withoutStateCredentials('postgres://host/db?sslpassword=word', {})).toBe('postgres://host/db');
    const own = 'postgres://u:sec/ret@db.example.com/db';
    const said = `error: parse ${JSON.stringify(own)}: invalid port ":sec" after host\nnext`;
    for (const env of [{ PULUMI_BACKEND_URL: own }, {}])
      expect(withoutStateCredentials(said, env)).toBe(
        'error: parse "postgres://db.example.com/db": invalid port …\nnext',
      );
    for (const password of ['pa"ss', 'pa ss', "pa'ss"])
      expect(withoutStateCredentials(`open postgres://u:${password}@db.example.com/db: no`, {})).toBe(
        'open postgres://db.example.com/db: no',
      );
  });

  it('is no part of an error, though it repeats the address it was given', async () => {
    const stub = join(folder, 'pulumi');
    writeFileSync(stub, '#!/bin/sh\necho "error: could not open $PULUMI_BACKEND_URL" >&2\nexit 1\n');
    chmodSync(stub, 0o755);
    const PATH = `${folder}${delimiter}${process.env.PATH ?? ''}`;
    for (const password of passwords) {
      const env = { PATH, PULUMI_BACKEND_URL: postgres(password) };
      await expect(pulumi(['whoami'], { cwd: folder, env })).rejects.toThrow(
        /^pulumi whoami failed \(exit 1\)\.\nerror: could not open postgres:\/\/(db\.example\.com:5432\/state|…)$/,
      );
    }
  });
});

import { randomBytes } from 'node:crypto';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { pulumi } from '../../../engine/pulumi.ts';
import { heldValues, Secret } from '../../../secrets/secret.ts';

const { PATH: before = '' } = process.env;
let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'pulumi-'));
  process.env.PATH = `${folder}${delimiter}${before}`;
});
afterAll(() => {
  process.env.PATH = before;
  rmSync(folder, { recursive: true, force: true });
});

it('the words of a failed pulumi hold no value of the vault, whatever its form, in either stream', async () => {
  const value = new Secret(`${randomBytes(4).toString('hex')} of our own`).reveal();
  const program = join(folder, 'pulumi');
  const said = `printf 'Diagnostics:\\n    error: refused %s\\n' '${value}'; echo 'refused ${value} at https://x.example' >&2`;
  writeFileSync(program, `#!/bin/sh\n${said}\nexit 1\n`);
  chmodSync(program, 0o700);
  const failed: unknown = await pulumi(['up'], { cwd: folder }).catch((error: unknown) => error);
  expect(String(failed)).toMatch(/error: refused \*{4}[^]*refused \*{4} at https:\/\/x\.example/);
  expect(String(failed)).not.toContain(value);
});

it('an address without a path is no such value; one with a path, a password or a token before its host is', () => {
  const [plain, hook, own] = ['https://x.example', 'https://x.example/hook', 'postgres://a:b@x.example'];
  const token = `https://${randomBytes(4).toString('hex')}@x.example`;
  for (const each of [plain, hook, own, token]) new Secret(each).reveal();
  expect(heldValues()).toEqual(expect.arrayContaining([hook, own, token]));
  expect(heldValues()).not.toContain(plain);
});

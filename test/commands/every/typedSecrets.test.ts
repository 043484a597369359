import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { runCommand } from '../../support/command.ts';
import { copyFixture } from '../../support/fixture.ts';

let root: string;
beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'typed-'));
  copyFixture(root, '.gitignore');
});
afterAll(() => {
  rmSync(root, { recursive: true, force: true });
});

const digest = createHash('sha256').update('made up for this test').digest();
const token = `ghp_${digest.toString('hex').slice(0, 36)}`;
const random = `QmXkPlWq_${digest.toString('base64url').slice(0, 30)}`;
const hex = digest.toString('hex');
const values = [token, random, hex, 'hunter2!x'];

/** Commands that take the name of a value, with the value itself in its place. */
const calls: readonly [entry: string, args: (typed: string) => string[]][] = [
  ['rotate', (typed) => [typed, '--dry-run']],
  ['rotate', (typed) => [typed, '--leaked']],
  ['history', (typed) => [typed]],
  ['readers', (typed) => ['.', '--value', typed]],
];

it.each(calls)(
  '%s does not repeat a secret that was typed for a name',
  async (entry, args) => {
    for (const typed of values) {
      const { code, stdout, stderr } = await runCommand(
        `commands/${entry}/command.ts`,
        args(typed),
        { STAGING_VAULT: 'off', INIT_CWD: root },
        root,
      );
      expect([code, stdout]).toEqual([1, '']);
      expect(stderr).toContain('is not repeated here');
      expect(stderr).not.toContain(typed.slice(0, 8));
    }
  },
  120_000,
);

it.each(calls.filter(([, args]) => !args('').includes('--leaked')))(
  '%s repeats a misspelt name, and says which may be meant',
  async (entry, args) => {
    const env = { STAGING_VAULT: 'off', INIT_CWD: root };
    const { stderr } = await runCommand(`commands/${entry}/command.ts`, args('SUPABASE_ANON_KEI'), env, root);
    expect(stderr).toMatch(/SUPABASE_ANON_KEI\b.*Did you mean SUPABASE_ANON_KEY/s);
    const lower = await runCommand(`commands/${entry}/command.ts`, args('supabase_anon_kei'), env, root);
    expect(lower.stderr).toMatch(/is not repeated here.*Did you mean SUPABASE_ANON_KEY/s);
  },
  60_000,
);

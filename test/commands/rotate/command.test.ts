import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { runCommand } from '../../support/command.ts';
import { copyFixture } from '../../support/fixture.ts';

let root: string;
beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'rotate-'));
  copyFixture(root, '.gitignore');
});
afterAll(() => {
  rmSync(root, { recursive: true, force: true });
});

const rotate = (args: readonly string[], env: Readonly<Record<string, string>>) =>
  runCommand(
    'commands/rotate/command.ts',
    ['SUPABASE_SERVICE_ROLE_KEY', ...args],
    { STAGING_VAULT: 'off', ...env },
    root,
  );

it('is refused in a CI job, whose disk would take the journal with it', async () => {
  for (const CI of ['true', '1'])
    expect(await rotate(['--yes', '--project', 'wnnjeqheqxxyrgsjmygy'], { CI, ROTATIONS_DIR: '' })).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/journal of a rotation would be gone.*ROTATIONS_DIR/),
    });
  expect(existsSync(join(root, '.rotations'))).toBe(false);
}, 60_000);

it('is not refused there with a folder that outlives the job, or for the plan alone', async () => {
  const plan = await rotate(['--dry-run'], { CI: 'true', ROTATIONS_DIR: '' });
  expect(plan).toMatchObject({ code: 0, stdout: expect.stringContaining('Rotation of SUPABASE_SERVICE_ROLE_KEY') });
  const kept = { CI: 'true', ROTATIONS_DIR: join(root, 'kept') };
  const begun = await rotate(['--yes', '--project', 'wnnjeqheqxxyrgsjmygy'], kept);
  expect(begun.stderr).toContain('No access to 1Password'); // further than the refusal
}, 60_000);

it('names code that cannot take the new kind of key, in the plan', async () => {
  const app = join(root, 'app');
  mkdirSync(app);
  writeFileSync(
    join(app, 'a.ts'),
    'fetch(u, { headers: { authorization: `Bearer ${process.env.SUPABASE_SERVICE_ROLE_KEY}` } });\n',
  );
  const why = 'sends SUPABASE_SERVICE_ROLE_KEY as a bearer token';
  const text = await rotate(['--dry-run', '--app', app], {});
  expect(text).toMatchObject({
    code: 0,
    stdout: expect.stringContaining(`Cannot take the new kind of key\n  a.ts:1 ${why}`),
  });
  const { stdout } = await rotate(['--dry-run', '--json', '--app', app], {});
  expect(JSON.parse(stdout)).toMatchObject({
    cannotTake: [{ at: 'a.ts:1', why: expect.stringContaining(why), isGiven: true }],
  });
}, 60_000);

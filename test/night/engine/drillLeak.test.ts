import { expect, it } from '@jest/globals';
import { runCommand } from '../../support/command.ts';

it('plays a leak from the commit to the refused key, keeps its record, and ends with 0', async () => {
  const { code, stdout, stderr } = await runCommand('sandbox/command.ts', ['drill', '--leak']);
  const story = [
    'Leaked: SUPABASE_SERVICE_ROLE_KEY',
    'found: scripts/backfill.mjs:1 (commit ',
    'seen by: PUSHED with commit ',
    'SUPABASE_SERVICE_ROLE_KEY is rotated: every place has the new one, and the old one is refused.',
    'Scanned again: no value that the vault has now stands in a file or in a commit.',
    'A request with the old key is refused; one with the new key is answered.',
    'Leaked, and replaced since: SUPABASE_SERVICE_ROLE_KEY',
    ' Opened: Leaked: SUPABASE_SERVICE_ROLE_KEY',
    'every step proved itself',
  ];
  expect(story.filter((line) => !stdout.includes(line))).toEqual([]);
  expect(stderr).toMatch(/was replaced, and what leaked is refused as a key, and STILL TAKEN AS A BEARER TOKEN/);
  // The keys of the twin, old and new, have these forms.
  expect(stdout + stderr).not.toMatch(/eyJ[\w-]{20}|sb_(?:secret|publishable)_\w/);
  expect(code).toBe(0);
}, 600_000);

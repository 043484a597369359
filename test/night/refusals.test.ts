import { expect, it } from '@jest/globals';
import { refuseMissing } from '../../operations/missing.ts';
import { sharedProject } from '../../settings/sharedProject.ts';
import { runCommand } from '../support/command.ts';

it.each([
  ['drift --only without --fix', 'drift', ['--only', 'value-changed:A'], ['--only names what to fix: add --fix.']],
  ['drift --fix without anybody to ask', 'drift', ['--fix'], ['add --yes, or leave --fix out']],
  [
    'drift --fix of a finding of production’s, without anybody to ask',
    'drift',
    ['--fix', '--only', 'production-value-changed:A'],
    [`add --yes --project ${sharedProject.ref}, or leave --fix out`],
  ],
  [
    'incident start without anything',
    'incident',
    ['start', '--severity', 'none'],
    ['--title TEXT is missing.', '--kind is ', '--severity is '],
  ],
] as const)('%s is refused once, with all that is missing', async (_what, command, args, said) => {
  const { code, stderr } = await runCommand(`operations/${command}.ts`, args, { GITHUB_OWNER: 'owner' });
  expect(code).toBe(1);
  expect(stderr).toContain('Nothing was done.');
  for (const each of said) expect(stderr).toContain(each);
});

it('is no refusal where nothing is missing', () => {
  expect(() => refuseMissing([false, false])).not.toThrow();
  expect(() => refuseMissing([false, 'One.', 'Two.'])).toThrow('Nothing was done. One. Two.');
});

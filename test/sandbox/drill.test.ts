import { expect, it } from '@jest/globals';
import { runCommand } from '../support/command.ts';

it('plays the incident from the alert to the root cause, and ends with 0', async () => {
  const { code, stdout } = await runCommand('sandbox/command.ts', ['drill']);
  expect(stdout).toMatch(
    /Opened: Agents act on a broken staging[\s\S]*Rolled back; production was never touched[\s\S]*Closed[\s\S]*every step proved itself/,
  );
  expect(code).toBe(0);
}, 180_000);

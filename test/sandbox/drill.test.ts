import { readFileSync } from 'node:fs';
import { expect, it } from '@jest/globals';
import { runCommand } from '../support/command.ts';

it('plays the incident from the alert to the root cause, and ends with 0', async () => {
  const committed = readFileSync('Pulumi.staging.yaml', 'utf8');
  const { code, stdout, stderr } = await runCommand('sandbox/command.ts', ['drill']);
  const story = [
    'Smoke test failed: sign-in', // staging breaks
    'Opened: Agents act on a broken staging',
    'agents are DISABLED', // level 1
    'refused by level 1, the row (execution.gate.denied)',
    'Edge Function secret AGENT_ACTIONS_DISABLED=true: read back', // level 2
    'Deployed again from aaaa',
    'Migrations applied again: 20260601090000_visit_notes',
    'The deploy is ready and its smoke test passed',
    'Smoke test of https://develop--allincompassing.netlify.app passed',
    'every step proved itself',
  ];
  expect(story.filter((line) => !stdout.includes(line))).toEqual([]);
  // What a person would type, each before what it did.
  expect(stdout + stderr).toMatch(/^\$ npm run kill-switch -- off /m);
  expect(stdout + stderr).toMatch(/^\$ npm run incident -- close /m);
  expect(stdout).toContain('Rolled back; production was never touched');
  expect(code).toBe(0);
  expect(readFileSync('Pulumi.staging.yaml', 'utf8')).toBe(committed);
}, 300_000);

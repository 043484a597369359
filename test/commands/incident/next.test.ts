import { describe, expect, it } from '@jest/globals';
import { nextStep } from '../../../commands/incident/next.ts';
import { noted, type Deed, type Incident } from '../../../incidents/record.ts';
import type { StagingServices } from '../../../deploys/stagingServices.ts';

const incidentOf = (kind: Incident['kind'], deeds: readonly (Deed | undefined)[]) =>
  deeds.reduce<Incident>((incident, did) => noted(incident, 'Ada', 'a line', did), {
    ...{ id: 'i', title: 't', severity: 'high', kind, lead: 'Ada', startedAt: '2026-01-01T00:00:00Z', timeline: [] },
  });
const next = (kind: Incident['kind'], stopped: boolean, ...deeds: (Deed | undefined)[]) =>
  nextStep(incidentOf(kind, deeds), {} as StagingServices, () => Promise.resolve(stopped));

describe('the next step of an incident', () => {
  it.each([
    ['nothing was done', false, [], /^npm run kill-switch -- off/],
    ['they are stopped', true, ['agents-stopped'], /^prove it: npm run kill-switch -- verify/],
    [
      'the stop is proved',
      true,
      ['agents-stopped', 'stop-proved', undefined],
      /kill-switch -- restore.*incident -- close/,
    ],
    ['stopped once more after a proof', true, ['stop-proved', 'agents-let-act', 'agents-stopped'], /^prove it/],
    [
      'they were let act again',
      false,
      ['agents-stopped', 'stop-proved', 'agents-let-act'],
      /^npm run incident -- close/,
    ],
    [
      'something else let them act after the proof',
      false,
      ['agents-stopped', 'stop-proved'],
      /^npm run kill-switch -- off/,
    ],
  ] as const)('for agents, when %s', async (_, stopped, deeds, expected) => {
    expect(await next('agents', stopped, ...deeds)).toMatch(expected);
  });

  it.each([
    ['nothing was deployed', [], /^npm run deploy:rollback/],
    ['a deploy was proved', ['deployed', undefined], /^npm run incident -- close/],
    ['a deploy failed after it', ['deployed', 'deploy-failed'], /^npm run deploy:rollback/],
  ] as const)('for a deploy, when %s', async (_, deeds, expected) => {
    expect(await next('deploy', false, ...deeds)).toMatch(expected);
  });
});

import { describe, expect, it } from '@jest/globals';
import { stopped, ways } from '../../../commands/rotate/ways.ts';
import { newJournal, type Journal } from '../../../rotation/journal.ts';
import { Secret } from '../../../secrets/secret.ts';

const time = '2026-11-28T00:00:00.000Z';
const journal = (changes: Partial<Journal> = {}): Journal => ({
  ...newJournal('A_TOKEN', 'ann', { members: [], apart: [], legacy: false }, () => new Secret('x'), {
    ...{ overlapSeconds: 0, random: false },
  }),
  ...changes,
});
const command = (flag: string) => `--${flag}`;
const both = 'Go on: --resume   Take it back: --back';

describe('how a rotation goes on', () => {
  it.each<[string, Partial<Journal>, string]>([
    ['either way, before the revocation', { started: { overlap: time } }, both],
    ['forward alone, once the revocation began', { started: { revoke: time } }, 'Go on: --resume'],
    ['either way, where legacy keys can be enabled again', { started: { revoke: time }, legacy: true }, both],
    ['either way, where the old one opens nothing', { started: { revoke: time }, random: true }, both],
    ['forward alone, where all but its marks is done', { ended: true }, 'Go on: --resume'],
    ['forward alone, where somebody ended the old one', { dead: 'old' }, 'Go on: --resume'],
    ['back alone, where it is being taken back', { direction: 'back', ended: true }, 'Go on: --back'],
  ])('is %s', (_, changes, expected) => {
    expect(ways(journal(changes), command)).toBe(expected);
  });
});

it('what is stopped has harmed nothing, unless a key was found to be refused', () => {
  expect(stopped(journal(), command)).toBe(`Stopped. Nothing that runs has a dead key. ${both}`);
  expect(stopped(journal({ dead: 'new' }), command)).toMatch(/^Stopped\. The new key was refused.*--resume.*--back/);
});

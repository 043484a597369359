import { expect, it } from '@jest/globals';
import { noTrail, type Checked, type CheckedLine } from '../../../audit/chain.ts';
import { isUnproved, proofText } from '../../../commands/history/proof.ts';
import { placesText } from '../../../commands/history/text.ts';

const line: CheckedLine = {
  ...{ n: 1, time: '2026-11-28T00:00:00.000Z', stack: 'staging', by: 'ann', from: 'laptop', command: 'drift' },
  ...{ action: 'set', writes: [], outcome: 'done', previous: '' },
};
/** A checked trail with so many lines. */
const trail = (lines: number, more: Partial<Checked>): Checked => ({
  ...noTrail,
  lines: Array.from({ length: lines }, () => line),
  ...more,
});

it('says of lines that nobody signed that they prove nothing, and that is a finding', () => {
  const forged = trail(4, { key: 'abc', open: 4 });
  expect(proofText('F', forged)).toMatch(/^F: 4 lines, none signed with the stack’s key \(abc\)\. They prove nothing/);
  expect(isUnproved(forged)).toBe(true);
  const another = trail(4, { key: 'abc', unchecked: 4 });
  expect(proofText('F', another)).toContain('4 named as signed by another key: not checked.');
  expect(isUnproved(another)).toBe(true);
});

it('says how many the key signed, and keeps the others separate', () => {
  const mixed = trail(7, { key: 'abc', signed: 3, unchecked: 1, open: 1 });
  const text = proofText('F', mixed);
  expect(text).toContain(
    'F: 7 lines, 3 signed with the stack’s key (abc): written by somebody who has that key, and not',
  );
  expect(text).toContain('2 not signed, before a signed one: they stood there then; who wrote them is not proved.');
  expect(text).toContain('1 not signed, after the last signed one: they prove nothing.');
  expect(text).toContain('1 named as signed by another key: not checked.');
  expect(isUnproved(mixed)).toBe(false);
  expect(proofText('F', { ...mixed, problems: [{ line: 1, what: 'was changed' }] })).not.toContain('not changed');
});

it('claims nothing without the key, and nothing of a trail without lines', () => {
  const unknown = trail(2, { unchecked: 1, open: 1 });
  expect(proofText('F', unknown)).toContain('2 lines, 1 with a signature. None of these was checked');
  expect(isUnproved(unknown)).toBe(false);
  expect(proofText('F', noTrail)).toBe('F: 0 lines.\n');
  expect(isUnproved({ ...noTrail, key: 'abc' })).toBe(false);
});

it('a write whose line is not signed is marked', () => {
  const write = { ...line, isSigned: false };
  const place = { title: 'Netlify', place: 'netlify', name: 'KEY', earlier: [] };
  expect(placesText('KEY', [{ ...place, write }])).toContain('(set) [not signed]');
  expect(placesText('KEY', [{ ...place, write: { ...write, isSigned: true } }])).not.toContain('not signed');
});

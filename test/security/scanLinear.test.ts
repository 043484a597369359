import { gzipSync } from 'node:zlib';
import { describe, expect, it, jest } from '@jest/globals';
import { findSecrets } from '../../detection/findSecrets.ts';
import { nameRules, shapeRules } from '../../detection/rules/index.ts';
import { everySecret } from '../../detection/everySecret.ts';
import { createRedactor } from '../../detection/redact.ts';
import { valueSearch } from '../../detection/text/valueSearch.ts';
import { made, shapeless } from '../policies/support/made.ts';
import { linesFor, type AdversarialLine } from './support/adversarialLines.ts';

jest.setTimeout(300_000); // a rule that is not linear takes for ever; the ratio judges, not the time

/** The processor's time for `work` over every line, in milliseconds; that of others on this machine does not count. */
function cost(lines: readonly AdversarialLine[], size: number, work: (text: string) => void): number {
  const texts = lines.map(({ make }) => make(size));
  const before = process.cpuUsage();
  for (const text of texts) work(text);
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}

/**
 * Sizes in bytes, each measured with one four times as large, and the milliseconds below which that measure is made of noise.
 * The larger pair is measured only where the smaller one raises doubts: its floor is low enough to doubt what is quadratic.
 */
const sizes = [
  { size: 25_000, floor: 4 },
  { size: 100_000, floor: 20 },
] as const;

/** How much longer four times the text takes: 4 where the work is linear, 16 where it is quadratic. The best of three. */
function growth(lines: readonly AdversarialLine[], work: (text: string) => void): number {
  work(lines[0]?.make(1000) ?? ''); // compiled, before anything is measured
  const ratio = (size: number, floor: number) => {
    const small = cost(lines, size, work);
    return cost(lines, size * 4, work) / Math.max(small, floor);
  };
  let best = Infinity;
  for (const { size, floor } of sizes) {
    for (let round = 0; round < 2 && best >= 8; round++) best = Math.min(best, ratio(size, floor));
  }
  return best;
}

function drain(spans: Iterable<unknown>): void {
  for (const span of spans) if (span === undefined) throw new Error('no span');
}

describe('one long line', () => {
  it.each([...shapeRules, ...nameRules].map((rule) => [rule.id, rule] as const))(
    'is looked through by %s in a time that grows with its length',
    (_id, rule) => {
      expect(growth(linesFor(rule), (text) => drain(rule.find(text)))).toBeLessThan(8);
    },
  );

  it('is looked through as a whole in a time that grows with its length', () => {
    const lines = linesFor({
      hints: ['eyJ', 'token: ', '\\u0022', '&quot;', Buffer.from('api_key=').toString('base64')],
    });
    expect(growth(lines, (text) => drain(findSecrets(text)))).toBeLessThan(8);
    expect(growth(lines, (text) => drain(everySecret(text)))).toBeLessThan(8);
  });

  const line = (name: string, part: string): AdversarialLine => ({
    name,
    make: (size) => part.repeat(Math.ceil(size / part.length)).slice(0, size),
  });

  it('full of secrets takes a time that grows with their number', () => {
    const lines = [
      line('tokens', `${made('npm token')} `),
      line('names', `api_token=${shapeless()} `),
      line('tokens in base64', `${Buffer.from(`x ${made('Stripe live key')} y`).toString('base64')} `),
    ];
    expect(growth(lines, (text) => drain(findSecrets(text)))).toBeLessThan(8);
  });

  it.each([
    ['base64 without an end', 'eHh4'],
    ['base64 in lines', `${'eHh4'.repeat(19)}\n`],
    ['base64 in lines that are no base64 in the end', `${'eHh4'.repeat(19)}\n${'eHh4'.repeat(19)}\n!`],
    ['base64 of a bomb', `${gzipSync(Buffer.alloc(1024 * 1024, 'a')).toString('base64')} `],
    ['hexadecimal digits without an end', '78'],
    ['hexadecimal digits in words', `${'78'.repeat(16)} `],
    ['an address’s escapes', '%3A'],
    ['an address’s escapes of escapes', '%25252525'],
  ])('of %s takes a time that grows with its length', (name, part) => {
    expect(growth([line(name, part)], (text) => drain(findSecrets(text)))).toBeLessThan(8);
    expect(growth([line(name, part)], (text) => drain(everySecret(text)))).toBeLessThan(8);
  });

  it('full of values of the vault takes a time that grows with their number', () => {
    const value = shapeless();
    const search = valueSearch([{ name: 'KEY', reveal: () => value }]);
    const lines = [line('values', `${value} `)];
    expect(growth(lines, (text) => drain(search(text)))).toBeLessThan(8);
    const redact = createRedactor([value]);
    expect(growth(lines, (text) => drain([redact(text)]))).toBeLessThan(8);
  });
});

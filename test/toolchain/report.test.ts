import { plainly } from '../../machine/paint.ts';
import { describe, expect, it } from '@jest/globals';
import { describeToolchain, progressReport, type Output } from '../../toolchain/report.ts';
import { modeFromEnvironment } from '../../toolchain/toolchain.ts';
import { isSuitable } from '../../toolchain/versions.ts';

function captured(isTTY: boolean): { output: Output; text: () => string } {
  let text = '';
  return { output: { isTTY, columns: 30, write: (more: string) => (text += more) }, text: () => text };
}

describe('progress', () => {
  it('rewrites one line on a terminal, never wider than it, and clears it for the next step', () => {
    const { output, text } = captured(true);
    const report = progressReport(output);
    report({ kind: 'progress', text: 'x'.repeat(80), seconds: 61 });
    report({ kind: 'step', text: 'next' });
    expect(text()).toBe(`\r\u001b[K  1:01  ${'x'.repeat(21)}\r\u001b[Knext\n`);
  });

  it('writes a plain line every half minute elsewhere', () => {
    const { output, text } = captured(false);
    const report = progressReport(output);
    for (const seconds of [1, 29, 30, 31, 59, 60]) report({ kind: 'progress', text: 'compiling', seconds });
    expect(text()).toBe('  0:30  compiling\n  1:00  compiling\n');
  });
});

it('each part is described by a line with its origin and the reason', () => {
  const text = describeToolchain(
    {
      pulumi: '/p',
      environment: {},
      pathEntries: [],
      parts: [
        { name: 'pulumi', version: '3.256.0', origin: 'source', why: 'because', path: '/p' },
        { name: 'netlify', version: '0.4.4', origin: 'official', why: 'so', path: '/n' },
      ],
    },
    plainly,
  );
  expect(text).toBe('pulumi 3.256.0  source    because\nnetlify 0.4.4   official  so');
});

it('the mode comes from STAGING_TOOLCHAIN, auto by default, and a wrong one is named', () => {
  expect(modeFromEnvironment({})).toBe('auto');
  expect(modeFromEnvironment({ STAGING_TOOLCHAIN: 'source' })).toBe('source');
  expect(() => modeFromEnvironment({ STAGING_TOOLCHAIN: 'fast' })).toThrow(
    'STAGING_TOOLCHAIN must be one of auto, official, source, not "fast".',
  );
});

it.each([
  ['v3.256.0', true],
  ['3.256.1', true],
  ['v3.300.0-alpha.1', true],
  ['v3.255.99', false],
  ['v2.999.0', false],
  ['v4.0.0', false],
  ['', false],
  ['dev', false],
])('version %p is suitable: %p', (version, suitable) => {
  expect(isSuitable(version, '3.256.0')).toBe(suitable);
});

import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { driftKinds } from '../../../commands/drift/kinds.ts';
import { placedKinds } from '../../../commands/drift/placedKinds.ts';
import { expected, expectedOwn, expectedRuleset, expectedPaid } from '../../support/drift/driftRows.ts';

const fixedBy = { machine: '`--fix`', ask: '`--fix --only ID`', person: 'a person' };

describe('docs/drift.md', () => {
  it('lists every kind with its severity and who fixes it', () => {
    const rows = Object.entries(driftKinds).map(
      ([name, { target, severity, by, title }]) => `- \`${name}\` (${target}, ${severity}, ${fixedBy[by]}): ${title}`,
    );
    const listed = readFileSync('docs/drift.md', 'utf8')
      .split('\n')
      .filter((line) => /^- `[a-z-]+` \(/.test(line));
    expect(listed).toEqual(rows);
  });
});

describe('the kinds', () => {
  it('are each injected by a test, with the severity and the fixer that the table of kinds has', () => {
    // Of the running site: running.test.ts.
    const ofTheSite = ['site-unreachable', 'site-wrong-context', 'site-wrong-project'];
    const injected = { ...expected, ...expectedOwn, ...expectedRuleset, ...expectedPaid };
    // placed.test.ts, applicationReaders.test.ts, test/engine/places.test.ts
    const ofPlaces = [
      ...Object.keys(placedKinds),
      'value-read-elsewhere',
      'value-not-declared',
      'value-not-read',
    ].filter((kind) => !(kind in injected));
    const ofTheFile = ['permission-left', 'token-old', 'value-expires']; // test/night/permissions.test.ts, expiry.test.ts
    expect([...Object.keys(injected), ...ofTheSite, ...ofTheFile, ...ofPlaces].sort()).toEqual(
      Object.keys(driftKinds).sort(),
    );
    for (const [kind, row] of Object.entries(injected)) {
      const { severity, by } = driftKinds[kind as keyof typeof driftKinds];
      expect([kind, ...row]).toEqual([kind, severity, by]);
    }
  });
});

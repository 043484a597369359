import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { driftKinds } from '../../../operations/drift/kinds.ts';

const healers = { machine: '`--fix`', ask: '`--fix --only ID`', person: 'a person' };

describe('docs/drift.md', () => {
  it('lists every kind with its severity and who heals it', () => {
    const rows = Object.entries(driftKinds).map(
      ([name, { target, severity, by, title }]) =>
        `| \`${name}\` | ${target} | ${severity} | ${healers[by]} | ${title} |`,
    );
    const listed = readFileSync('docs/drift.md', 'utf8')
      .split('\n')
      .filter((line) => line.startsWith('| `'))
      .map((line) => line.replace(/ {2,}/g, ' '));
    expect(listed).toEqual(rows);
  });
});

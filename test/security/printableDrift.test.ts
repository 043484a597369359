import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from '@jest/globals';
import { readMemory } from '../../commands/drift/history.ts';

const folder = mkdtempSync(join(tmpdir(), 'memory-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const run = {
  time: '2026-01-02T03:04:05.000Z',
  counts: { low: 1, medium: 0, high: 0, critical: 0 },
  complete: true,
};

it('takes from a cached history only what is what it should be', () => {
  const file = join(folder, 'memory.json');
  const planted = [
    run,
    { ...run, time: '<script>alert(1)</script>' },
    { ...run, counts: { ...run.counts, high: '<img src=x onerror=alert(1)>' } },
    { ...run, counts: {} },
    'text',
    null,
  ];
  writeFileSync(file, JSON.stringify({ runs: planted, told: [{ id: 'x' }, 'text'], failing: true }));
  expect(readMemory(file)).toEqual({ runs: [run], told: [], failing: true });
});

it.each(['', 'null', '[]', '{"runs": 1}', '{'])('takes %j for no history', (text) => {
  const file = join(folder, 'damaged.json');
  writeFileSync(file, text);
  expect(readMemory(file)).toEqual({ runs: [], told: [], failing: false });
});

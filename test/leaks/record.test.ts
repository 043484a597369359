import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { noteLeak } from '../../leaks/record.ts';
import { Secret } from '../../secrets/secret.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'incidents-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const secret = ['made', 'up', 'for', 'this', 'test'].join('/');
const leaked = { value: 'SESSION_SECRET', by: 'an engineer', isPushed: true, secrets: [new Secret(secret)] };
const texts = () => readdirSync(folder).map((name) => readFileSync(join(folder, name), 'utf8'));

it('opens one record a value, goes on with it, and says the same thing once', () => {
  const first = noteLeak(folder, leaked, 'found in a.txt:1', true);
  noteLeak(folder, leaked, 'found in a.txt:1', true);
  const last = noteLeak(folder, { ...leaked, isPushed: false }, 'scanned again', false);
  expect(last?.id).toBe(first?.id);
  expect(last).toMatchObject({ title: 'Leaked: SESSION_SECRET', kind: 'leak', severity: 'high', lead: 'an engineer' });
  expect(last?.timeline.map(({ text }) => text)).toEqual([
    ...['Opened: Leaked: SESSION_SECRET', 'found in a.txt:1', 'scanned again'],
  ]);
  noteLeak(folder, { ...leaked, value: 'OPENAI_API_KEY' }, 'found', true);
  expect(texts()).toHaveLength(2);
});

it('opens none where it may not', () => {
  expect(noteLeak(folder, leaked, 'scanned again', false)).toBeUndefined();
  expect(texts()).toEqual([]);
});

it('holds no value, in no spelling', () => {
  noteLeak(folder, leaked, `found ${secret} and ${Buffer.from(`..${secret}..`).toString('base64')}`, true);
  expect(texts().join()).toContain('found ****');
  expect(texts().join()).not.toContain(secret);
});

it('throws where a record there is broken: nobody knows whether it is this leak’s', () => {
  writeFileSync(join(folder, 'broken.json'), '{"id":');
  expect(() => noteLeak(folder, leaked, 'found', true)).toThrow();
});

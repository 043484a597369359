import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { finderOf, sorted } from '../../leaks/leaks.ts';
import { rowsOfInput } from '../../leaks/input.ts';
import { leaksJson, leaksText } from '../../leaks/text.ts';
import { vaultValues } from '../../leaks/vaultValues.ts';
import { rowsOf } from '../../leaks/rows.ts';
import { createKeys } from '../../sandbox/standIns/supabase/keys.ts';
import { Secret } from '../../secrets/secret.ts';
import type { ItemFields } from '../../secrets/vaultFields.ts';
import { scanFolder, type ScanFolder } from '../commands/scan/scanFolder.ts';

const keys = createKeys('made up for this test', 'abcdefghijklmnopqrst');
const op = (field: string) => `op://Platform/Supabase/${field}`;
const session = 'correct horse/battery+staple';
const before = 'the one that was/before it';
const openai = ['sk', 'proj', 'x'.repeat(4) + 'a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R8s9T0'].join('-');
const stripe = ['sk', 'live', '51Hx9Qz7Lw3Rt8Vb2Nm6Kp4J'].join('_');

const held: Readonly<Record<string, string>> = {
  service: keys.serviceRoleKey,
  p_service: keys.serviceRoleKey,
  anon: keys.anonKey,
  session,
  openai,
};
const beside: Readonly<Record<string, string>> = {
  previous_session: before,
  rotating_openai: 'by an engineer since x',
};
const fields: ItemFields = {
  get: (label) => (beside[label] === undefined ? undefined : new Secret(beside[label])),
};
const references = Object.keys(held).map(op);
const values = vaultValues(
  references,
  new Map(Object.entries(held).map(([name, value]) => [op(name), new Secret(value)])),
  new Map(references.map((reference) => [reference, fields])),
);

let folder: ScanFolder;
beforeEach(() => {
  folder = scanFolder({ repository: true });
});
afterEach(() => folder.close());

async function found(input: string | true, known = values.filter(({ state }) => state !== 'public')) {
  const { finderOf } = await import('../../leaks/leaks.ts');
  const find = finderOf(known);
  const looked = { folders: [folder.path], from: folder.path, known: (text: string) => [...find(text)] };
  const { leaks, strangers, lost } = sorted(await rowsOfInput(input, looked), [folder.path], values);
  return {
    leaks: leaks.map(({ value, found: rows }) => [value.references.join(' '), value.state, rows.length]),
    strangers: strangers.map(({ rule, revocation }) => [rule, revocation.vendor]),
    lost: lost.length,
  };
}

describe('the values of the vault', () => {
  it('are one each, with every field that holds it, those that were replaced, and who replaces one now', () => {
    expect(values.map(({ references: own, state, mark }) => [own.join(' '), state, mark])).toEqual([
      [`${op('service')} ${op('p_service')}`, 'current', undefined],
      [op('anon'), 'public', undefined],
      [op('session'), 'current', undefined],
      [op('openai'), 'current', 'by an engineer since x'],
      [op('session'), 'previous', undefined],
    ]);
  });
});

describe('what a scan has found', () => {
  it('is a value of the vault wherever it stands: a report of files, of the history, of standard rules, in another spelling', async () => {
    folder.write('a.ts', `const key = '${keys.serviceRoleKey}';\n`);
    folder.write('b.txt', `\n x ${Buffer.from(`..${session}..`).toString('base64')}`);
    folder.commit('Bring them');
    folder.write('a.ts', 'nothing\n');
    const history = await folder.scan(['--history', '.', '--json', '--no-vault']);
    folder.write('history.json', history.stdout);
    expect(JSON.parse(history.stdout)).toMatchObject([{ file: 'a.ts' }]);
    expect(await found('history.json')).toEqual({
      leaks: [[`${op('service')} ${op('p_service')}`, 'current', 1]],
      ...{ strangers: [], lost: 0 },
    });
    expect(await found('b.txt')).toEqual({ leaks: [[op('session'), 'current', 1]], strangers: [], lost: 0 });
    folder.remove('history.json');
    // Without anything given, files and history are scanned.
    expect((await found(true)).leaks.map(([reference]) => reference)).toEqual([
      ...[op('session'), `${op('service')} ${op('p_service')}`],
    ]);
  });

  it('is found by the fingerprint that a report prints, also of a scan without the vault', async () => {
    folder.write('a.ts', `const key = '${keys.serviceRoleKey}';\n`);
    const report = (await folder.scan(['--no-vault'])).stdout;
    const fingerprint = / ([0-9a-f]{12}) until /.exec(report)?.[1] ?? '';
    expect((await found(fingerprint)).leaks).toHaveLength(1);
    await expect(found('0123456789ab')).rejects.toThrow(/No finding has the fingerprint 0123456789ab/);
    await expect(found('no-such-thing')).rejects.toThrow(/is no file, no folder and no fingerprint/);
  });

  it('is one leak in many places, and several where values overlap or stand on one line', async () => {
    folder.write('a.txt', `${session} ${openai}\n${session}\n`);
    expect((await found('a.txt')).leaks).toEqual([
      [op('session'), 'current', 2],
      [op('openai'), 'current', 1],
    ]);
    const outer = vaultValues(
      [op('url'), op('session')],
      new Map([
        [op('url'), new Secret(`db://user:${session}@host`)],
        [op('session'), new Secret(session)],
      ]),
      new Map(),
    );
    folder.write('a.txt', `db://user:${session}@host\n`);
    const find = finderOf(outer);
    const rows = await rowsOfInput('a.txt', {
      ...{ folders: [folder.path], from: folder.path, known: (text: string) => [...find(text)].slice(0, 1) },
    });
    expect(sorted(rows, [folder.path], outer).leaks.map(({ value }) => value.references[0])).toEqual([
      ...[op('url'), op('session')],
    ]);
  });

  it('is told apart: replaced before, made to be seen, of another vault, not there any more', async () => {
    folder.write('a.txt', `${before}\n`);
    folder.write('b.ts', `const a = '${keys.anonKey}', b = '${stripe}';\n`);
    const rows = (await folder.scan(['--json', '--no-vault'])).stdout;
    folder.write('findings.json', rows);
    expect(await found('a.txt')).toMatchObject({ leaks: [[op('session'), 'previous', 1]] });
    expect(await found('findings.json')).toEqual({
      leaks: [[op('anon'), 'public', 1]],
      strangers: [['vendor-token', 'Stripe']],
      lost: 0,
    });
    folder.write('b.ts', 'nothing\n');
    expect(await found('findings.json')).toEqual({ leaks: [], strangers: [], lost: 2 });
  });

  it('is looked for below the folder that a report is about, and in the names of files', async () => {
    folder.write('deep/down/a.ts', `const key = '${keys.serviceRoleKey}';\n`);
    const below = (await folder.scan(['deep/down', '--json', '--no-vault'])).stdout;
    expect(JSON.parse(below)).toMatchObject([{ file: 'a.ts' }]);
    folder.write('findings.json', below);
    expect((await found('findings.json')).leaks).toHaveLength(1);
    folder.write(`${openai}.txt`, 'nothing\n');
    expect((await found(true)).leaks.map(([reference]) => reference)).toContain(op('openai'));
  });

  it('is refused where it is no report', () => {
    expect(() => rowsOf('{"version":"2.1.0"}', 'findings.sarif')).toThrow(/findings.sarif is no report of a scan/);
    expect(() => rowsOf('[{"file":"a","line":0}]', 'x')).toThrow(/no report/);
    expect(rowsOf('[]', 'x')).toEqual([]);
  });

  it('is told without a value', async () => {
    folder.write('a.ts', `const key = '${keys.serviceRoleKey}', b = '${stripe}';\n`);
    folder.write('c.txt', session);
    const find = finderOf(values);
    const rows = await rowsOfInput(true, {
      ...{ folders: [folder.path], from: folder.path, known: (text: string) => [...find(text)] },
    });
    const all = sorted(rows, [folder.path], values);
    const text = leaksText(all, () => ['A_NAME'], new Map());
    const json = JSON.stringify(leaksJson(all, () => ['A_NAME'], new Map()));
    expect(text).toContain('revoke it at Stripe: https://dashboard.stripe.com/apikeys');
    for (const secret of [keys.serviceRoleKey, stripe, session])
      for (const shown of [text, json, JSON.stringify(all)]) expect(shown).not.toContain(secret.slice(-12));
  });

  it('names the first few of the places and branches that have it, where there are hundreds', async () => {
    folder.write('a.ts', `const key = '${keys.serviceRoleKey}';\n`);
    const rows = await rowsOfInput(true, {
      ...{ folders: [folder.path], from: folder.path, known: (text: string) => [...finderOf(values)(text)] },
    });
    const all = sorted(rows, [folder.path], values);
    const many = (name: string) => Array.from({ length: 200 }, (_, index) => `${name}-${index}`);
    const commit = { id: 'c'.repeat(40), date: '2026-01-02T03:04:05Z', file: 'a.ts' };
    const pushed = { ...commit, branches: [...many('origin/feature'), 'origin/main'] };
    const exposure = { folder: folder.path, standsIn: many('a.ts'), since: commit, pushed, isShallow: false };
    const text = leaksText(all, () => ['A_NAME'], new Map(all.leaks.map(({ value }) => [value.name, [exposure]])));
    expect(text).toContain('whoever can read origin/main, origin/feature-0,');
    expect(text).toMatch(/origin\/feature-3 and 196 branches more$/m);
    expect(text).toMatch(/a\.ts-4 and 195 places more$/m);
  });
});

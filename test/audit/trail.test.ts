import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import fs, {
  appendFileSync,
  chmodSync,
  linkSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import timers from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { append, readTrail } from '../../audit/file.ts';
import type { Statement } from '../../audit/line.ts';
import { locked } from '../../audit/lock.ts';
import { approvedBy, audited, openTrail } from '../../audit/trail.ts';

const key = 'k'.repeat(40);
let folder: string;
let file: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'trail-'));
  file = join(folder, 'deep', 'trail.jsonl');
  process.env.STAGING_AUDIT_FILE = file;
  openTrail({ stack: 'staging', command: 'drift', file: () => undefined, key: () => Promise.resolve(key) });
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const rows = () => readFileSync(file, 'utf8').trimEnd().split('\n');
const statement = (name: string): Statement => ({
  time: '2026-11-28T00:00:00.000Z',
  stack: 'staging',
  by: 'ann',
  from: 'laptop',
  command: 'drift',
  action: 'set',
  writes: [{ place: 'netlify', name, in: 'branch:develop' }],
  outcome: 'done',
});
/** Three lines, signed. */
function three() {
  for (const name of ['A', 'B', 'C']) append(file, statement(name), key);
}
const problems = () => readTrail(file, key).problems;

test('a write has a line before it and a signed one after it, with the fingerprint and never the value', async () => {
  const value = ['sk', 'proj', 'A9fK3mZq7Lw2Xc8Vb5Nt'].join('-');
  approvedBy('--yes');
  const before: number[] = [];
  const result = await audited(
    { action: 'set', writes: [{ place: 'netlify', name: 'OPENAI_API_KEY', in: 'branch:develop', value }] },
    () => {
      before.push(readTrail(file, key).lines.length);
      return Promise.resolve('taken');
    },
  );
  expect(result).toBe('taken');
  expect(before).toEqual([1]);
  const { lines, problems, signed } = readTrail(file, key);
  expect(problems).toEqual([]);
  expect(signed).toBe(1);
  expect(lines.map(({ outcome, begun, approval }) => ({ outcome, begun, approval }))).toEqual([
    { outcome: 'begun', begun: undefined, approval: '--yes' },
    { outcome: 'done', begun: 1, approval: '--yes' },
  ]);
  expect(lines[1]?.writes).toEqual([
    {
      place: 'netlify',
      name: 'OPENAI_API_KEY',
      in: 'branch:develop',
      fingerprint: expect.stringMatching(/^[0-9a-f]{12}$/),
    },
  ]);
  expect(lines[1]).toMatchObject({ stack: 'staging', command: 'drift', from: hostname() });
  expect(readFileSync(file, 'utf8')).not.toContain(value);
  expect(statSync(file).mode & 0o777).toBe(0o600);
});

test('what failed is said to be refused or unknown, and the error goes on', async () => {
  const act = { action: 'set', writes: [{ place: 'netlify', name: 'A' }] };
  const fails = () => Promise.reject(new Error('no'));
  await expect(audited(act, fails, () => 'refused')).rejects.toThrow('no');
  await expect(audited(act, fails)).rejects.toThrow('no');
  expect(readTrail(file, key).lines.map(({ outcome }) => outcome)).toEqual(['begun', 'refused', 'begun', 'unknown']);
});

test.each([
  [
    'removed in the middle',
    (all: string[]) => [all[0], all[2]],
    [{ line: 2, what: 'follows a line that was removed: number 2' }],
  ],
  [
    'removed at the beginning',
    (all: string[]) => all.slice(1),
    [{ line: 1, what: 'follows a line that was removed: number 1' }],
  ],
  [
    'removed at the end',
    (all: string[]) => all.slice(0, 2),
    [{ line: 2, what: 'is the last one here, and the trail had 3: lines were removed after it' }],
  ],
  [
    'changed',
    (all: string[]) => all.map((row, at) => (at === 1 ? row.replace('ann', 'bob') : row)),
    [{ line: 2, what: expect.stringContaining('was changed') }],
  ],
  [
    'changed at the end',
    (all: string[]) => all.map((row, at) => (at === 2 ? row.replace('ann', 'bob') : row)),
    [{ line: 3, what: expect.stringContaining('was changed') }],
  ],
  [
    'doubled',
    (all: string[]) => [all[0], all[0], all[1], all[2]],
    [{ line: 2, what: 'is number 1, which is not the next one' }],
  ],
  [
    'swapped',
    (all: string[]) => [all[1], all[0], all[2]],
    [expect.objectContaining({ line: 1 }), expect.objectContaining({ line: 2 }), expect.objectContaining({ line: 3 })],
  ],
  [
    'no line',
    (all: string[]) => [all[0], 'not a line', all[2]],
    [{ line: 2, what: 'is no line of a trail: it was changed or cut short' }],
  ],
])('a line that was %s is found', (_, change, expected) => {
  three();
  writeFileSync(file, `${change(rows()).join('\n')}\n`);
  expect(problems()).toEqual(expected);
});

test('unsigned lines are held by the links', () => {
  for (const name of ['A', 'B', 'C']) append(file, statement(name), undefined);
  expect(readTrail(file, key)).toMatchObject({ problems: [], signed: 0 });
  writeFileSync(file, readFileSync(file, 'utf8').replace('"A"', '"X"'));
  expect(problems()).toEqual([{ line: 1, what: 'was changed' }]);
});

describe('without the key', () => {
  /** What a person without the key leaves: each line linked, and what the file beside says, of these texts. */
  function forge(rest: readonly string[], names: readonly string[], keepHead = false) {
    const head = keepHead ? readFileSync(`${file}.head`) : undefined;
    writeFileSync(file, rest.map((row) => `${row}\n`).join(''));
    rmSync(`${file}.head`);
    for (const name of names) append(file, { ...statement(name), by: 'mallory' }, undefined);
    if (head) writeFileSync(`${file}.head`, head);
  }

  test('a whole chain can be written, and no line of it counts as signed', () => {
    three();
    forge([], ['A', 'B', 'C', 'D']);
    expect(readTrail(file, key)).toMatchObject({ signed: 0, open: 4, unchecked: 0, problems: [] });
    expect(readTrail(file, key).lines.map(({ isSigned }) => isSigned)).toEqual([false, false, false, false]);
  });

  test('the last signed lines cannot be cut off, whatever is put in their place', () => {
    three();
    const whole = rows();
    const unsure = [{ line: 3, what: expect.stringContaining('is not signed with the key that signed lines here') }];
    forge(whole.slice(0, 2), ['X']);
    expect(problems()).toEqual(unsure);
    // An unsigned end that says no more than what is there.
    const digest = createHash('sha256')
      .update(whole[1] ?? '')
      .digest('hex');
    writeFileSync(file, `${whole.slice(0, 2).join('\n')}\n`);
    writeFileSync(`${file}.head`, JSON.stringify({ n: 2, digest }));
    expect(problems()).toEqual([{ ...unsure[0], line: 2 }]);
    // The one line that is left has no end beside it.
    writeFileSync(file, `${whole[0] ?? ''}\n`);
    rmSync(`${file}.head`);
    expect(problems()).toEqual([{ line: 1, what: 'may not be the last one: the file that says so is gone' }]);
  });

  test('nor where an unsigned line, as that before a request, was the last', () => {
    three();
    append(file, statement('D'), undefined);
    expect(readTrail(file, key)).toMatchObject({ problems: [], signed: 3, open: 1 });
    const beside = JSON.parse(readFileSync(`${file}.head`, 'utf8')) as object;
    const whole = rows();
    forge(whole.slice(0, 2), []);
    writeFileSync(`${file}.head`, JSON.stringify({ ...beside, n: 2, digest: 'x' }));
    expect(problems()).toEqual([
      { line: 2, what: 'is the last one here, and the trail had 3: lines were removed after it' },
    ]);
  });

  test('the end that was signed cannot be signed anew', () => {
    three();
    append(file, statement('D'), undefined);
    const text = readFileSync(`${file}.head`, 'utf8');
    writeFileSync(`${file}.head`, text.replace('"n":3', '"n":2'));
    expect(problems()).toEqual([{ line: 4, what: 'may not be the last one: the file that says so was changed' }]);
  });

  test('lines that are added are not signed, and a line that names another key neither', () => {
    three();
    forge(rows(), ['X', 'Y'], true);
    expect(readTrail(file, key)).toMatchObject({ problems: [], signed: 3, open: 2 });
    append(file, statement('Z'), 'another key');
    expect(readTrail(file, key)).toMatchObject({ signed: 3, open: 2, unchecked: 1 });
  });
});

test('a later approval stands beside the earlier ones, and a fuller one in place of its part', async () => {
  for (const how of ['typed ref', '--yes', '--yes --project ref', 'typed none', 'typed ref']) approvedBy(how);
  await audited({ action: 'set', writes: [] }, () => Promise.resolve());
  expect(readTrail(file, key).lines.at(-1)?.approval).toBe('--yes --project ref; typed none; typed ref');
});

test('a new key does not make the lines of the old one wrong', () => {
  three();
  const next = 'n'.repeat(40);
  append(file, statement('D'), next);
  expect(readTrail(file, next)).toMatchObject({ problems: [], signed: 1 });
});

test('the whole file gone is found, and the file of its end gone too', () => {
  three();
  const text = readFileSync(file, 'utf8');
  rmSync(file);
  expect(problems()).toEqual([
    { line: 1, what: 'is the last one here, and the trail had 3: lines were removed after it' },
  ]);
  writeFileSync(file, text);
  rmSync(`${file}.head`);
  expect(problems()).toEqual([{ line: 3, what: 'may not be the last one: the file that says so is gone' }]);
});

test('a kill between the line and the file of its end is no finding', () => {
  three();
  const head = readFileSync(`${file}.head`);
  append(file, statement('D'), key);
  writeFileSync(`${file}.head`, head);
  expect(problems()).toEqual([]);
});

test('a line that was cut short is said, and the next one is whole', () => {
  three();
  appendFileSync(file, '{"n":4,"ti');
  expect(problems()).toEqual([{ line: 4, what: 'was cut short' }]);
  append(file, statement('E'), key);
  expect(problems()).toEqual([{ line: 4, what: 'is no line of a trail: it was changed or cut short' }]);
  expect(readTrail(file, key).lines.map(({ n }) => n)).toEqual([1, 2, 3, 5]);
});

test('where no line can be written, the write is made once, and that is said once', async () => {
  const said: string[] = [];
  const write = jest.spyOn(process.stderr, 'write').mockImplementation((text) => {
    said.push(String(text));
    return true;
  });
  process.env.STAGING_AUDIT_FILE = '/dev/full/trail.jsonl';
  const work = jest.fn(() => Promise.resolve('taken'));
  const act = { action: 'set', writes: [{ place: 'netlify', name: 'A' }] };
  await expect(audited(act, work)).resolves.toBe('taken');
  await expect(audited(act, work)).resolves.toBe('taken');
  write.mockRestore();
  expect(work).toHaveBeenCalledTimes(2);
  expect(said).toEqual([expect.stringMatching(/^No audit line: .*The write goes on\.\n$/)]);
});

test('no trail is kept, and nothing is said of it, outside of the project: in the job of the application’s repository', async () => {
  const write = jest.spyOn(process.stderr, 'write').mockReturnValue(true);
  const away = jest.spyOn(process, 'cwd').mockReturnValue('/');
  delete process.env.STAGING_AUDIT_FILE;
  await expect(audited({ action: 'set', writes: [] }, () => Promise.resolve('taken'))).resolves.toBe('taken');
  expect(write).not.toHaveBeenCalled();
  away.mockRestore();
  write.mockRestore();
});

test('the lock of a process that was killed is taken away', () => {
  three();
  const gone = 2 ** 22 + 1; // above Linux's largest process number
  writeFileSync(`${file}.lock`, `${hostname()} ${gone}`);
  append(file, statement('D'), key);
  expect(readTrail(file, key)).toMatchObject({ problems: [], signed: 4 });
});

/** A process that holds the lock on a machine of another name, since `seconds`. */
function foreignLock(seconds: number) {
  writeFileSync(`${file}.lock`, 'another-container 7');
  const at = Date.now() / 1000 - seconds;
  utimesSync(`${file}.lock`, at, at);
}

test('a lock that another machine holds keeps a write waiting for a quarter of a second, once', async () => {
  three();
  foreignLock(0);
  const said = jest.spyOn(process.stderr, 'write').mockReturnValue(true);
  const act = { action: 'set', writes: [{ place: 'netlify', name: 'A' }] };
  const wait = jest.spyOn(Atomics, 'wait');
  /** Milliseconds that were spent in waiting so far. */
  const waited = () => wait.mock.calls.reduce((sum, [, , , milliseconds = Infinity]) => sum + milliseconds, 0);
  const before: number[] = [];
  for (let write = 0; write < 3; write += 1) await audited(act, () => before.push(waited()));
  const total = waited();
  wait.mockRestore();
  const words = said.mock.calls.map(([text]) => String(text));
  said.mockRestore();
  const [first = Infinity] = before;
  expect(first).toBeGreaterThan(0);
  expect(first).toBeLessThanOrEqual(255);
  expect([...before, total]).toEqual([first, first, first, first]);
  expect(words).toEqual([expect.stringContaining(`another process holds ${file}.lock`)]);
  expect(readFileSync(`${file}.lock`, 'utf8')).toBe('another-container 7');
  rmSync(`${file}.lock`);
  await audited(act, () => undefined);
  expect(readTrail(file, key)).toMatchObject({ problems: [], lines: { length: 5 } });
});

test('a lock that is older than a minute is taken away, whoever made it', () => {
  three();
  foreignLock(50);
  expect(() => append(file, statement('D'), key)).toThrow('another process holds');
  foreignLock(70);
  append(file, statement('D'), key);
  expect(readTrail(file, key)).toMatchObject({ problems: [], signed: 4 });
  expect(readdirSync(dirname(file)).sort()).toEqual(['trail.jsonl', 'trail.jsonl.head']);
});

test('so is one of a killed process whose number is this one’s, as in a container', () => {
  three();
  foreignLock(70);
  linkSync(`${file}.lock`, `${file}.lock.${process.pid}`);
  append(file, statement('D'), key);
  expect(readTrail(file, key)).toMatchObject({ problems: [], signed: 4 });
});

test('who was stopped for so long that its lock was taken away leaves the new owner’s alone', () => {
  three();
  locked(
    file,
    () => {
      rmSync(`${file}.lock`);
      foreignLock(0);
    },
    0,
  );
  expect(readFileSync(`${file}.lock`, 'utf8')).toBe('another-container 7');
});

test('a line that is added while the trail is read is no finding', () => {
  three();
  const real = readFileSync;
  let isFirst = true;
  const spy = jest.spyOn(fs, 'readFileSync').mockImplementation((...args: Parameters<typeof readFileSync>) => {
    const content = real(...args);
    if (isFirst) {
      isFirst = false;
      append(file, statement('D'), key);
    }
    return content;
  });
  const found = problems();
  spy.mockRestore();
  expect(isFirst).toBe(false);
  expect(found).toEqual([]);
});

describe('a key', () => {
  const act = { action: 'set', writes: [{ place: 'netlify', name: 'A' }] };
  const withKey = (read: () => Promise<string | undefined>) =>
    openTrail({ stack: 'staging', command: 'drift', file: () => undefined, key: read });
  const write = () => audited(act, () => Promise.resolve());

  test('that never comes keeps a write waiting for a second, once, and the line is linked', async () => {
    withKey(() => new Promise(() => undefined));
    const sleeps = jest.spyOn(timers, 'setTimeout');
    await write();
    await write();
    const [first, second, ...more] = sleeps.mock.calls.map(([milliseconds]) => milliseconds);
    sleeps.mockRestore();
    expect(first).toBe(1000);
    expect(second).toBeLessThan(10);
    expect(more).toEqual([]);
    const { lines, problems, signed } = readTrail(file, key);
    expect(lines.map(({ outcome }) => outcome)).toEqual(['begun', 'done', 'begun', 'done']);
    expect({ problems, signed }).toEqual({ problems: [], signed: 0 });
  });

  test('that never comes does not hold back the error of a write either', async () => {
    withKey(() => new Promise(() => undefined));
    await expect(audited(act, () => Promise.reject(new Error('no')))).rejects.toThrow('no');
    expect(readTrail(file, key).lines.map(({ outcome }) => outcome)).toEqual(['begun', 'unknown']);
  });

  test('is read while the write goes on', async () => {
    const order: string[] = [];
    let asked: () => void;
    const isAsked = new Promise<void>((resolve) => (asked = resolve));
    withKey(() => {
      order.push('key');
      asked();
      return Promise.resolve(key);
    });
    await audited(act, async () => {
      order.push('request');
      await Promise.race([isAsked, new Promise((resolve) => setTimeout(resolve, 2000))]);
      order.push('answer');
    });
    expect(order).toEqual(['request', 'key', 'answer']);
    expect(readTrail(file, key).signed).toBe(1);
  });

  test('that comes late signs what is written from then on', async () => {
    let come: (key: string) => void = () => undefined;
    const late = new Promise<string>((resolve) => (come = resolve));
    withKey(() => late);
    await write();
    come(key);
    await write();
    expect(readTrail(file, key)).toMatchObject({ problems: [], signed: 1, lines: { length: 4 } });
  });

  test('whose reading fails, at once or later, costs the signature alone', async () => {
    withKey(() => Promise.reject(new Error('no key')));
    await write();
    withKey(() => {
      throw new Error('no key');
    });
    await write();
    expect(readTrail(file, key)).toMatchObject({ problems: [], signed: 0, lines: { length: 4 } });
  });
});

test('several processes at once leave one chain, with every line of each', async () => {
  const program = join(folder, 'writer.ts');
  const module = join(process.cwd(), 'audit/file.ts');
  writeFileSync(
    program,
    `import { append } from ${JSON.stringify(module)};
     for (let at = 0; at < 20; at += 1) append(${JSON.stringify(file)}, { ...${JSON.stringify(statement('X'))}, by: String(process.pid) }, ${JSON.stringify(key)}, 20_000);`,
  );
  const children = [1, 2, 3].map(() =>
    spawn(process.execPath, ['--experimental-strip-types', '--no-warnings', program]),
  );
  const codes = await Promise.all(children.map(async (child) => ((await once(child, 'close')) as [number])[0]));
  expect(codes).toEqual([0, 0, 0]);
  const { lines, problems } = readTrail(file, key);
  expect(problems).toEqual([]);
  for (const { pid } of children) expect(lines.filter(({ by }) => by === String(pid))).toHaveLength(20);
});

test('only its owner may read the trail, also one that was open before', () => {
  three();
  chmodSync(file, 0o644);
  append(file, statement('D'), key);
  expect(statSync(file).mode & 0o777).toBe(0o600);
});

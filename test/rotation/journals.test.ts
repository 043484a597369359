import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { Journals, newJournal } from '../../rotation/journal.ts';
import { DamagedJournalError } from '../../rotation/journalFile.ts';
import { Secret } from '../../secrets/secret.ts';

let folder: string;
let lock: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'journals-'));
  lock = join(folder, 'KEY.lock');
  file = join(folder, 'KEY.json');
});
afterEach(() => {
  jest.useRealTimers();
  rmSync(folder, { recursive: true, force: true });
});

const reference = 'op://Platform/Supabase/key';
function journal() {
  const scope = {
    members: [{ reference, key: 'secret', isProductions: false, holders: [] }],
    legacy: false,
    apart: [],
  } as const;
  const made = newJournal('KEY', 'ann', { ...scope, members: [...scope.members] }, () => new Secret('the old one'), {
    overlapSeconds: 0,
    random: false,
  });
  return { ...made, since: '2026-11-28T09:00:00.000Z' };
}
const hold = (work = () => Promise.resolve('done')) => new Journals(folder).hold('KEY', work);

/** The lock of a process on another machine, whose last sign of life was so many seconds ago. */
function foreign(seconds: number, owner: object = { host: 'runner-1' }) {
  const whole = { pid: 4242, started: '1', boot: 'b', id: 'i', since: '2026-11-28T09:00:01.000Z', ...owner };
  writeFileSync(lock, JSON.stringify(whole));
  const at = Date.now() / 1000 - seconds;
  utimesSync(lock, at, at);
}

describe('the rotation of a process on another machine', () => {
  it('that lives is not disturbed: the message names machine, process, since when, the lock, and what to do', async () => {
    new Journals(folder).save(journal());
    foreign(20);
    const work = jest.fn(() => Promise.resolve('done'));
    const said = await hold(work).then(String, String);
    expect(work).not.toHaveBeenCalled();
    for (const part of [
      'process 4242 of the machine runner-1 since 2026-11-28T09:00:01.000Z, begun by ann at 2026-11-28T09:00:00.000Z',
      'Nothing was done.',
      /last sign of life was (19|20|21) s ago: 180 s after the last one, --resume and --back go on/,
      `remove ${lock}`,
    ])
      expect(said).toMatch(part);
    expect(said).not.toContain('this machine');
    expect(existsSync(lock)).toBe(true);
  });

  it('that was killed is gone on with, once it has given no sign of life for three minutes', async () => {
    foreign(170);
    await expect(hold()).rejects.toThrow('runner-1');
    foreign(190);
    await expect(hold()).resolves.toBe('done');
    expect(existsSync(lock)).toBe(false);
  });

  it('is judged so too where the machine has this one’s name, as a runner or a container may', async () => {
    foreign(20, { host: hostname() });
    await expect(hold()).rejects.toThrow('process 4242');
    foreign(190, { host: hostname() });
    await expect(hold()).resolves.toBe('done');
  });

  it('by its lock without a date, as an older version left it, is named as well', async () => {
    foreign(20, { host: 'runner-1', since: undefined, boot: undefined, id: undefined });
    await expect(hold()).rejects.toThrow('process 4242 of the machine runner-1. Nothing was done.');
  });
});

it('a rotation of this machine that lives is named, with its lock', async () => {
  await hold(async () => {
    await expect(hold()).rejects.toThrow(
      new RegExp(`process ${process.pid} of this machine since .*Its lock: ${lock}$`),
    );
    return 'done';
  });
});

it('who holds a rotation gives a sign of life three times a minute and more, and changes nothing by it', async () => {
  jest.useFakeTimers({ doNotFake: ['Date', 'nextTick', 'queueMicrotask'] });
  await hold(async () => {
    const before = readFileSync(lock, 'utf8');
    foreign(170, JSON.parse(before) as object);
    await jest.advanceTimersByTimeAsync(20_000);
    expect(Date.now() - statSync(lock).mtimeMs).toBeLessThan(60_000);
    expect(readFileSync(lock, 'utf8')).toBe(before);
    return 'done';
  });
  expect(existsSync(lock)).toBe(false);
  expect(jest.getTimerCount()).toBe(0);
});

it('who was stopped for so long that another one goes on writes nothing more, and leaves the other’s lock alone', async () => {
  const journals = new Journals(folder);
  const first = journals.hold('KEY', () => {
    rmSync(lock);
    foreign(0);
    journals.save(journal());
    return Promise.resolve('done');
  });
  await expect(first).rejects.toThrow(`has lost ${lock}`);
  expect(existsSync(file)).toBe(false);
  expect(readFileSync(lock, 'utf8')).toContain('runner-1');
});

describe('a journal that is damaged', () => {
  const readable = () => JSON.parse(JSON.stringify(journal())) as Record<string, unknown>;
  const said = () => {
    try {
      new Journals(folder).read('KEY');
    } catch (error) {
      expect(error).toBeInstanceOf(DamagedJournalError);
      return String(error);
    }
    throw new Error('it was read');
  };

  it.each([
    ['empty', () => '', 'it is empty'],
    ['cut short', () => JSON.stringify(journal()).slice(0, 80), 'it is no JSON'],
    ['a list', () => '[]', 'wrong or missing: all of it'],
    ['of another value', () => JSON.stringify({ ...readable(), value: 'OTHER' }), 'it is of OTHER'],
  ])('because it is %s is named with its file, the vault’s fields and the ways out', (_, text, why) => {
    writeFileSync(file, text());
    const message = said();
    expect(message).toContain(`The journal ${file} is damaged: ${why}. Nothing was done.`);
    for (const part of ['rotating_…', 'previous_…', 'npm run rotate -- KEY --resume', 'npm run rotate -- KEY.'])
      expect(message).toContain(part);
  });

  it('says what can still be read of it', () => {
    const at = '2026-11-28T09:00:02.000Z';
    const rest = { ...readable(), fingerprintKey: undefined };
    const steps = { started: { make: at, 'staging-vault': at }, done: { make: at } };
    writeFileSync(file, JSON.stringify({ ...rest, ...steps, direction: 'back', overlapSeconds: 'x' }));
    const message = said();
    expect(message).toContain('wrong or missing: fingerprintKey, overlapSeconds.');
    expect(message).toContain(
      'begun by ann at 2026-11-28T09:00:00.000Z; it was being taken back; done: make; begun: staging-vault.',
    );
    expect(message).toContain(`in the item of ${reference}:`);
  });

  it('does not hide whose rotation is under way', async () => {
    writeFileSync(file, '{');
    foreign(20);
    await expect(hold()).rejects.toThrow('process 4242 of the machine runner-1');
  });
});

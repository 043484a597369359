import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Journals } from '../../rotation/journal.ts';
import type { Used } from '../../rotation/ports.ts';
import { usesLines } from '../../rotation/uses.ts';
import { parseSettings } from '../../settings/settings.ts';
import { valid } from '../settings/raw.ts';
import { Twin } from './twin.ts';

const op = (field: string) => `op://Platform/Supabase/${field}`;
const raw = valid();
Object.assign(raw.values, {
  SUPABASE_SERVICE_ROLE_KEY: { from: op('service'), production: op('p_service'), netlify: { secret: true } },
  OPENAI_API_KEY: { from: op('openai'), netlify: { secret: true }, edgeFunction: true },
});
const settings = parseSettings(raw);
const secretKey = 'sb_secret_old';
const key = 'SUPABASE_SERVICE_ROLE_KEY';
const hour = 3600_000;

let world: Twin;
let asked: string[];
beforeEach(() => {
  const common = { url: 'x', production_url: 'x', default_organization_id: 'x', anon: 'x', p_anon: 'x' };
  world = new Twin(settings, { ...common, openai: 'old-o', service: secretKey, p_service: secretKey });
  world.keys.push({ id: 'old', name: 'default', value: secretKey });
  world.opens.add('old-o');
  world.overlapSeconds = 8;
  asked = [];
});
afterEach(() => world.close());

const at = (ms: number) => new Date(Date.now() + ms).toISOString();
const use = { path: '/rest/v1/people', agent: 'cron/1', network: '', requests: 3 };
/** A request with the old key at this moment, which the logs show to whoever asks for that time. */
const usedAt =
  (last: string) =>
  (since: string): Used => {
    asked.push(since);
    return { uses: last > since ? [{ ...use, last }] : [], since, isCut: false, newest: at(hour) };
  };
const saved = () => new Journals(world.folder).read(key);
const said = () => world.reported.join('\n');

describe('a rotation, before it revokes a key of Supabase', () => {
  it('asks for requests with the old key in the second half of the overlap, and ends it where there is none', async () => {
    world.used = usedAt(at(-hour));
    const begin = Date.now();
    await world.run(key);
    expect(asked).toHaveLength(1);
    expect(Date.parse(asked[0] ?? '')).toBeGreaterThanOrEqual(begin + 4000);
    expect(said()).toMatch(/logs have no request with the old one since 20/);
    expect(world.accepted(secretKey)).toBe(false);
  });

  it('stops where it is used, says by whom, and goes on when the next run finds no later one', async () => {
    const last = at(hour);
    world.used = usedAt(last);
    await expect(world.run(key)).rejects.toThrow(
      new RegExp(
        `not revoked, because it is still used: 3 requests since .*, the last at ${last}\\n` +
          `  /rest/v1/people by cron/1: 3 requests, the last at ${last}\\n.*--resume.*--although-used`,
      ),
    );
    expect([world.accepted(secretKey), saved()?.used, saved()?.started.overlap]).toEqual([true, last, undefined]);
    // The next run asks for what came after the last one that was told of, in whatever time that was.
    await world.run(key);
    expect(asked.at(-1)).toBe(last);
    expect(world.accepted(secretKey)).toBe(false);
  });

  it('stops again at each later request', async () => {
    for (const last of [at(hour), at(2 * hour)]) {
      world.used = usedAt(last);
      await expect(world.run(key)).rejects.toThrow(last);
    }
    expect(world.accepted(secretKey)).toBe(true);
  });

  it('ends it all the same where a person accepts that', async () => {
    world.used = usedAt(at(hour));
    world.althoughUsed = true;
    await world.run(key);
    expect(world.accepted(secretKey)).toBe(false);
  });

  const without = (isPassing: boolean) => (): Used => ({ unknown: 'Supabase’s logs cannot be read: why', isPassing });
  const words = /whether it is still used.*Supabase’s logs cannot be read: why\n.*--resume.*--although-used/;

  it('says in one line where nobody can ever say it, and goes on', async () => {
    world.used = without(false);
    await world.run(key);
    expect(world.reported.filter((line) => line.includes('still used'))).toEqual([
      'Not checked: whether the old one is still used. Supabase’s logs cannot be read: why',
    ]);
    expect(world.accepted(secretKey)).toBe(false);
  });

  it('waits where nobody can say it now, until somebody can, or a person accepts that', async () => {
    world.used = without(true);
    await expect(world.run(key)).rejects.toThrow(words);
    expect([world.accepted(secretKey), saved()?.started.overlap]).toEqual([true, undefined]);
    world.althoughUsed = true;
    await world.run(key);
    expect(world.accepted(secretKey)).toBe(false);
  });

  it.each([
    ['the logs can never be read', without(false), /why/],
    ['the logs are behind', () => ({ uses: [], since: at(0), isCut: false, newest: at(-hour) }), /know nothing yet/],
    ['the logs have nothing', () => ({ uses: [], since: at(0), isCut: false, newest: undefined }), /of the last min/],
    ['an answer is cut', () => ({ uses: [], since: at(0), isCut: true, newest: at(hour) }), /more than one answer/],
  ] as const)('never ends a key that was seen in use because then %s', async (_, later, why) => {
    const last = at(hour);
    world.used = usedAt(last);
    await expect(world.run(key)).rejects.toThrow(last);
    world.used = later;
    await expect(world.run(key)).rejects.toThrow(why);
    await expect(world.run(key)).rejects.toThrow(`It was, at ${last}.`);
    expect(world.accepted(secretKey)).toBe(true);
  });

  it('takes silence for nothing where the logs do not have its own requests with the new one', async () => {
    world.used = usedAt(at(-hour));
    let since = '';
    world.usedNew = (moment) => ({ uses: [], since: (since = moment), isCut: false, newest: at(hour) });
    const begin = at(-1000);
    await world.run(key);
    expect(said()).toMatch(/Not checked: whether the old one is still used\. .* own requests with the new one/);
    expect(said()).not.toMatch(/logs have no request with the old one since/);
    expect(since > begin && since < at(0)).toBe(true);
  });

  it('waits for logs that are behind, no longer than two minutes, and says how far they came', async () => {
    const newest = at(-hour);
    let times = 0;
    world.used = (since) => ({ uses: [], since, isCut: false, newest: ++times < 4 ? newest : at(hour) });
    await world.run(key);
    expect(times).toBe(4);
    expect(said()).toMatch(/logs are behind/);
    expect(said()).not.toMatch(/they know nothing yet/);
  });

  it('goes on after two minutes with what the logs know', async () => {
    const newest = at(-hour);
    world.used = (since) => ({ uses: [], since, isCut: false, newest });
    await world.run(key);
    expect(world.calls.filter((call) => call === 'usesOf').length).toBe(5);
    expect(said()).toContain(
      `Not checked: whether the old one is still used. Supabase’s logs have no request with it, and of what came after ${newest} they know nothing yet.`,
    );
  });

  it('finds what a late log shows at last', async () => {
    let times = 0;
    world.used = (since) => {
      const isLate = ++times < 3;
      return {
        uses: isLate ? [] : [{ ...use, last: at(hour) }],
        since,
        isCut: false,
        newest: isLate ? at(-hour) : at(hour),
      };
    };
    await expect(world.run(key)).rejects.toThrow(/still used/);
  });

  it('does not ask, and says so, where it was told that there is no overlap, as of a leak', async () => {
    world.used = usedAt(at(hour));
    await expect(world.run(key)).rejects.toThrow(/still used/);
    const journal = saved();
    if (journal === undefined) throw new Error('no journal');
    new Journals(world.folder).save({ ...journal, overlapSeconds: 0 });
    world.calls.length = 0;
    await world.run(key);
    expect(world.calls).not.toContain('usesOf');
    expect(said()).toMatch(/Not asked: whether the old one is still used, because there is no overlap/);
    expect(world.accepted(secretKey)).toBe(false);
  });

  it('does not ask of other vendors’ tokens, nor once the revocation has begun', async () => {
    world.overlapSeconds = 0;
    await world.run('OPENAI_API_KEY');
    world.stopsBefore = (call) => call === 'deleteKey';
    await expect(world.run(key)).rejects.toThrow('deleteKey');
    world.stopsBefore = undefined;
    world.overlapSeconds = 8;
    await world.run(key);
    expect(world.calls).not.toContain('usesOf');
    expect(world.accepted(secretKey)).toBe(false);
  });
});

describe('what is said of requests', () => {
  it('is one line each, with no letter that steers a terminal, and names the first ten', () => {
    const last = at(0);
    const uses = Array.from({ length: 12 }, (_, index) => ({
      ...{ path: `/rest/v1/t${index}`, agent: index === 0 ? '' : `\u001b[31m${'x'.repeat(200)}\n`, network: 'A Net' },
      ...{ requests: 1, last },
    }));
    const lines = usesLines({ uses, since: last, isCut: true });
    expect(lines).toHaveLength(12);
    expect(lines[0]).toBe(`at least 12 requests since ${last}, the last at ${last}`);
    expect(lines[1]).toBe(`/rest/v1/t0 by an unnamed client from A Net: 1 request, the last at ${last}`);
    expect(lines.every((line) => /^[^\p{Cc}]{1,200}$/u.test(line))).toBe(true);
    expect(lines.at(-1)).toBe('and 2 more clients or paths');
  });
});

import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { Asked, Moments } from './killing.ts';
import { startRotationWorld, value } from './world.ts';

let world: Awaited<ReturnType<typeof startRotationWorld>>;
beforeAll(async () => {
  world = await startRotationWorld();
}, 120_000);
afterAll(() => world.close());

const args = ['--leaked', 'leaked.txt', '--resume', '--yes', '--project', 'wnnjeqheqxxyrgsjmygy', '--no-smoke'];

/** At each write once before and once after it took effect, and at each read once; of the vault's after each write alone. */
function atEach(met: Set<string>): Moments {
  const once = (key: string) => !met.has(key) && met.add(key).has(key);
  return ({ step, service, method, path }: Asked) => {
    const key = `${step} ${service} ${method} ${path.replaceAll(/\b(?:[0-9a-f]{24}|\d+)\b/g, 'N')}`;
    if (service !== 'onepassword' && once(`${key} before`)) return 'before';
    return method !== 'GET' && once(`${key} after`) ? 'after' : undefined;
  };
}

it('a leak that is killed at every request goes on: one record, no dead key, and all is searched again', async () => {
  const met = new Set<string>();
  const at = atEach(met);
  let ended: Awaited<ReturnType<typeof world.rotateUntil>>;
  let killed = -1;
  do {
    ended = await world.rotateUntil(at, args);
    killed += 1;
    expect([[...met].at(-1), world.dead()]).toEqual([[...met].at(-1), []]);
    // Nothing ends before everybody has the new one.
    if (!world.old.every((key) => world.accepted(key)))
      expect([...met].some((key) => key.startsWith('revoke '))).toBe(true);
    expect(world.incidents().length).toBeLessThan(2);
  } while (ended === undefined);
  expect([ended.code, ended.code === 0 ? '' : ended.stderr]).toEqual([0, '']);
  expect(ended.stdout).toContain('Scanned again: no value that the vault has now stands in a file or in a commit');
  expect(world.old.map((key) => world.accepted(key))).toEqual([false, false]);
  expect([world.journal(), world.marks()]).toEqual([undefined, []]);
  const [record, ...more] = world.incidents();
  expect([record?.title, more]).toEqual([`Leaked: ${value}`, []]);
  const texts = record?.timeline.map(({ text }) => text) ?? [];
  expect(texts.filter((text) => text.startsWith('Opened: '))).toHaveLength(1);
  expect(new Set(texts).size).toBe(texts.length);
  expect(world.secrets().filter((secret) => JSON.stringify(record).includes(secret)).length).toBe(0);
  expect(killed).toBeGreaterThan(30);
}, 600_000);

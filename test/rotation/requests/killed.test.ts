import { afterAll, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { startServices, type Kill, type Seen } from './world.ts';

let world: Awaited<ReturnType<typeof startServices>>;
let begin: ReturnType<typeof world.remember>;
beforeAll(async () => {
  jest.spyOn(process.stderr, 'write').mockReturnValue(true); // what it reports of deploys
  world = await startServices();
  begin = world.remember();
}, 120_000);
beforeEach(() => world.restore(begin, value));
afterAll(() => world.close());
afterAll(() => {
  jest.restoreAllMocks();
});

const value = 'SUPABASE_SERVICE_ROLE_KEY';

/**
 * Kills a run at each request once: a write before and after it took effect, a read before it. Of the vault's, after each
 * write alone: before the next one, nothing has changed.
 */
function atEach(met: Set<string>): (seen: Seen) => Kill {
  const once = (key: string) => !met.has(key) && met.add(key).has(key);
  return ({ step, service, method, path }) => {
    const isWrite = method !== 'GET';
    // Each run makes a deploy of its own.
    const key = `${step} ${service} ${method} ${path.replaceAll(/\b(?:[0-9a-f]{24}|\d{4,})\b/g, 'ID')}`;
    if (service !== 'onepassword' && once(`${key} before`)) return 'before';
    return isWrite && once(`${key} after`) ? 'after' : undefined;
  };
}

/** One rotation by as many processes as it takes; yields how many were killed. */
async function killedAtEach(way: 'forward' | 'back'): Promise<number> {
  const kill = atEach(new Set());
  let killed = 0;
  while (!(await world.rotate(value, way, kill))) killed += 1;
  return killed;
}

describe('a rotation by the real services, killed at every request and resumed', () => {
  it('of the legacy keys: nobody is ever served with a dead key, and both old ones are refused', async () => {
    const old = [world.vault.read('anon_key'), world.vault.read('service_role_key')];
    const killed = await killedAtEach('forward');
    expect(world.harmed).toEqual([]);
    expect(old.map((key) => world.accepted(key))).toEqual([false, false]);
    expect(world.inUse().map(({ value: key }) => world.accepted(key))).toEqual([true, true, true, true]);
    const steps = new Set(world.requests.map(({ step }) => step));
    expect([...steps].sort()).toEqual([
      ...['begin', 'make', 'overlap', 'production-deploy', 'production-places', 'production-vault'],
      ...['revoke', 'staging-deploy', 'staging-places', 'staging-vault'],
    ]);
    expect(world.requests.some(({ path }) => path.endsWith('/analytics/endpoints/logs'))).toBe(true);
    expect(killed).toBeGreaterThan(40);
  }, 600_000);
});

const stops: readonly (readonly [what: string, at: (seen: Seen) => Kill])[] = [
  ['a new key was made', ({ step, method }) => (step === 'make' && method === 'POST' ? 'after' : undefined)],
  [
    'staging got the new one',
    ({ step, service }) => (step === 'staging-places' && service === 'hosting' ? 'after' : undefined),
  ],
  // Production has the new one by then.
  ['the old ones were disabled', ({ step, method }) => (step === 'revoke' && method === 'PUT' ? 'after' : undefined)],
];

describe('a rotation by the real services that is taken back, killed at every request of that', () => {
  it.each(stops)(
    'after %s: nobody is ever served with a dead key, and all is as it was',
    async (_, at) => {
      const before = world.held();
      expect(await world.rotate(value, 'forward', at)).toBe(false);
      expect(world.held()).not.toEqual(before);
      const killed = await killedAtEach('back');
      expect(world.harmed).toEqual([]);
      expect(world.held()).toEqual(before);
      expect(world.journal(value)).toBeUndefined();
      expect(killed).toBeGreaterThan(10);
    },
    600_000,
  );
});

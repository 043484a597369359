import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import type { Prepared } from '../../../commands/rotate/prepare.ts';
import type { rotate as rotateType } from '../../../commands/rotate/rotate.ts';
import type { StagingServices } from '../../../deploys/stagingServices.ts';
import { declaredHolders } from '../../../rotation/holders.ts';
import { Journals } from '../../../rotation/journal.ts';
import { planOf } from '../../../rotation/plan.ts';
import { notLooked } from '../../../rotation/readBy.ts';
import { scopeOf, scopeUnderWay } from '../../../rotation/scope.ts';
import { subjectOf } from '../../../rotation/subject.ts';
import { createKeys } from '../../../sandbox/standIns/supabase/keys.ts';
import { Secret } from '../../../secrets/secret.ts';
import { ServiceError } from '../../../services/door/http.ts';
import { namesIn } from '../../../settings/reference.ts';
import { parseSettings } from '../../../settings/settings.ts';
import { Twin } from '../../rotation/twin.ts';
import { valid } from '../../settings/raw.ts';

// What `rotate` does around the steps, which other tests play on the same twin: whether it begins, what it says, how it ends.
const opensAsBearer = jest.fn<(...asked: unknown[]) => Promise<string | undefined>>();
const refuseAbsent = jest.fn<() => Promise<void>>();
jest.mock('../../../commands/rotate/bearer.ts', () => ({
  opensAsBearer: (...asked: unknown[]) => opensAsBearer(...asked),
}));
jest.mock('../../../commands/rotate/absent.ts', () => ({ refuseAbsent: () => refuseAbsent() }));
jest.mock('../../../commands/rotate/ports.ts', () => ({ realPorts: () => ports() }));

const op = (field: string) => `op://Platform/Supabase/${field}`;
const raw = valid();
Object.assign(raw.values, {
  SUPABASE_ANON_KEY: { from: op('anon'), production: op('p_anon'), netlify: true, localFile: true },
  SUPABASE_SERVICE_ROLE_KEY: { from: op('service'), production: op('p_service'), netlify: { secret: true } },
  SESSION_SECRET: { from: op('session'), edgeFunction: true },
});
const settings = parseSettings(raw);
const legacy = createKeys('made up for this test', settings.supabase.project);
const key = 'SUPABASE_SERVICE_ROLE_KEY';
const own = 'SESSION_SECRET';

let rotate: typeof rotateType;
beforeAll(async () => {
  ({ rotate } = await import('../../../commands/rotate/rotate.ts')); // after what it imports was replaced
});

let world: Twin;
let root: string;
let ports: () => ReturnType<Twin['ports']>;
let said = '';
const { env: before } = process;
beforeEach(() => {
  const { anonKey: anon, serviceRoleKey: service } = legacy;
  const common = { url: 'x', production_url: 'x', default_organization_id: 'x', session: 'old-s' };
  world = new Twin(settings, { ...common, anon, p_anon: anon, service, p_service: service });
  world.legacy.push(anon, service);
  world.opens.add('old-s');
  root = mkdtempSync(join(tmpdir(), 'rotate-'));
  process.env = { ...before, OP_SERVICE_ACCOUNT_TOKEN: 'made up', INCIDENTS_DIR: join(root, 'incidents') };
  opensAsBearer.mockReset().mockResolvedValue(undefined);
  refuseAbsent.mockReset().mockResolvedValue();
  said = '';
  for (const stream of [process.stdout, process.stderr])
    jest.spyOn(stream, 'write').mockImplementation((chunk) => {
      said += String(chunk);
      return true;
    });
});
afterEach(() => {
  jest.restoreAllMocks();
  process.env = before;
  world.close();
  rmSync(root, { recursive: true, force: true });
});

const staging = () =>
  ({ settings, root, stack: 'staging', project: { ref: settings.supabase.project } }) as StagingServices;
const given = {
  ...{ yes: true, project: settings.supabase.project, smoke: undefined, timeoutMs: 1000, checked: false },
  ...{ althoughUsed: false, codeChecked: false, resume: false, back: false, overlapSeconds: 0 },
};

/** As `prepare` does it, from the twin's vault. */
function prepared(name: string): Prepared {
  const subject = subjectOf(settings, name, name === own);
  const holders = declaredHolders(settings);
  const journals = new Journals(world.folder);
  const known = journals.read(subject.value);
  const values = new Map(
    holders.map(({ reference }) => [reference, new Secret(world.fields.get(namesIn(reference).at(-1) ?? '') ?? '')]),
  );
  const scope =
    known === undefined
      ? scopeOf(subject, holders, values, settings.supabase.project)
      : scopeUnderWay(known.members, known.legacy, holders);
  const plan = planOf(settings, subject, scope, 0);
  world.begin();
  ports = () => world.ports(plan.holders.map((each) => each.name));
  return {
    plan,
    readers: { lines: [], readers: [], undeclared: [], ofPlatform: [], unclear: [], cannotTake: [] },
    values,
    journals,
    overlapSeconds: 0,
  };
}
const run = (name: string, more: Partial<typeof given> = {}) =>
  rotate(staging(), prepared(name), { ...given, ...more });
/** A run that ends right before a call. */
async function stopBefore(name: string, call: string): Promise<void> {
  world.stopsBefore = (each) => each === call;
  await expect(run(name)).rejects.toThrow(call);
  world.stopsBefore = undefined;
}
const resume = `npm run rotate -- ${key} --resume`;
const back = `npm run rotate -- ${key} --back`;

describe('a rotation', () => {
  it('prints its plan, ends with 0, and says who has to take the new one', async () => {
    expect(await run(key)).toEqual({ code: 0, opensStill: false });
    expect(said).toContain(`Rotation of ${key}`);
    expect(said).toContain(`${key} is rotated: every place has the new one, and the old one is refused.\n`);
    expect(said).toContain('  each developer: npm run env:local');
    expect(new Journals(world.folder).read(key)).toBeUndefined();
  });

  it('claims of a value of our own no more than that every place has the new one', async () => {
    expect(await run(own)).toEqual({ code: 0, opensStill: false });
    expect(said).toContain(`${own} is rotated: every place has the new one.\n`);
    expect(opensAsBearer).not.toHaveBeenCalled();
  });

  it('asks once whether a legacy key still opens something, and tells its caller', async () => {
    opensAsBearer.mockResolvedValue('is refused as a key, and still taken');
    expect(await run(key)).toEqual({ code: 0, opensStill: true });
    expect(said).toContain('NOT over: the old one is refused as a key, and still taken');
    expect(opensAsBearer).toHaveBeenCalledTimes(1);
  });

  it('takes what nobody could ask for something that may still be open', async () => {
    opensAsBearer.mockRejectedValue(new ServiceError('Supabase answered 503', 503));
    expect(await run(key)).toEqual({ code: 0, opensStill: true });
    expect(said).toContain('could not be asked: Supabase answered 503');
  });

  it('does nothing without the vault, without consent, and where the stack lacks a place', async () => {
    await expect(rotate(staging(), { ...prepared(key), values: undefined }, given)).rejects.toThrow(
      /No access to 1Password/,
    );
    await expect(run(key, { yes: false })).rejects.toThrow(/Nothing was done: the old one stays/);
    refuseAbsent.mockRejectedValue(new Error('the stack does not have it'));
    await expect(run(key)).rejects.toThrow('the stack does not have it');
    expect([world.calls, new Journals(world.folder).read(key)]).toEqual([[], undefined]);
  });

  it('begins nothing with a legacy key while nobody has read whether the code can take a new one', async () => {
    const unread = { ...prepared(key), readers: notLooked };
    expect(await rotate(staging(), unread, given)).toEqual({ code: 2, opensStill: false });
    expect(said).toMatch(/Nothing was done: .*nobody has read.*--app PATH.*--code-checked/);
    expect([world.calls, new Journals(world.folder).read(key)]).toEqual([[], undefined]);
    expect(
      (await rotate(staging(), { ...prepared(key), readers: notLooked }, { ...given, codeChecked: true })).code,
    ).toBe(0);
  });

  it('ends with 2 where a person has to do something, and names the commands that go on', async () => {
    world.held = ['Netlify variable COPY, production'];
    expect(await run(key)).toEqual({ code: 2, opensStill: false });
    expect(said).toMatch(/still held, or may be, by\n {2}Netlify variable COPY, production/);
    expect(said).toContain(`Go on: ${resume}   Take it back: ${back}`);
    world.held = [];
    said = '';
    expect((await run(key, { resume: true })).code).toBe(0);
    // What goes on prints no plan again, and asks nothing of the stack.
    expect([said.includes('Rotation of'), refuseAbsent.mock.calls.length]).toEqual([false, 1]);
  });

  it('names them after an error too, and after the end only the one that takes the marks away', async () => {
    await stopBefore(key, 'deployStaging');
    expect(said).toContain(`Go on: ${resume}   Take it back: ${back}`);
    said = '';
    await run(key, { resume: true });
    world.stopsBefore = (call) => call === 'changeItem' && new Journals(world.folder).read(key)?.ended === true;
    const anew = prepared(key);
    await expect(rotate(staging(), anew, given)).rejects.toThrow('changeItem');
    expect(said).toMatch(new RegExp(`Go on: ${resume}\\n$`));
  });
});

describe('a rotation that is under way', () => {
  it('is not begun again, and says who began it', async () => {
    await stopBefore(key, 'deployStaging');
    const calls = world.calls.length;
    await expect(run(key)).rejects.toThrow(new RegExp(`${key} is being rotated, begun by .* at 20.*Go on: ${resume}`));
    expect(world.calls.length).toBe(calls);
  });

  it('is none where --resume or --back is given without one', async () => {
    for (const way of [{ resume: true }, { back: true }])
      await expect(run(key, way)).rejects.toThrow(`No rotation of ${key} is under way here.`);
    expect(world.calls).toEqual([]);
  });

  it('is taken back with 0, and then goes in no other way', async () => {
    await stopBefore(key, 'deployStaging');
    world.stopsBefore = (call) => call === 'deployStaging';
    await expect(run(key, { back: true })).rejects.toThrow('deployStaging');
    world.stopsBefore = undefined;
    await expect(run(key, { resume: true })).rejects.toThrow(`is being taken back. Go on: ${back}`);
    expect(said).toMatch(new RegExp(`Go on: ${back}\\n$`));
    expect(await run(key, { back: true })).toEqual({ code: 0, opensStill: false });
    expect(said).toContain(`${key} is as it was: every place has the old one again.\n`);
    expect(world.fields.get('service')).toBe(legacy.serviceRoleKey);
    expect(opensAsBearer).not.toHaveBeenCalled();
  });

  it('takes a new overlap with it', async () => {
    await stopBefore(key, 'deployStaging');
    world.used = (since) => ({
      uses: [{ path: '/', agent: 'a', network: '', requests: 1, last: since }],
      since,
      isCut: false,
      newest: since,
    });
    expect((await run(key, { resume: true, overlapSeconds: 5 })).code).toBe(2);
    expect(said).toContain('--resume --although-used');
    world.althoughUsed = true;
    expect((await run(key, { resume: true, overlapSeconds: 5 })).code).toBe(0);
  });
});

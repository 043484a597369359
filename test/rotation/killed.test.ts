import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { createKeys } from '../../sandbox/standIns/supabase/keys.ts';
import { parseSettings } from '../../settings/settings.ts';
import { valid } from '../settings/raw.ts';
import { Killed, Twin } from './twin.ts';

const op = (field: string) => `op://Platform/Supabase/${field}`;
const raw = valid();
Object.assign(raw.values, {
  SUPABASE_ANON_KEY: { from: op('anon'), production: op('p_anon'), netlify: true, localFile: true },
  SUPABASE_SERVICE_ROLE_KEY: {
    from: op('service'),
    production: op('p_service'),
    netlify: { secret: true },
    actionsSecret: true,
  },
  OPENAI_API_KEY: { from: op('openai'), netlify: { secret: true }, edgeFunction: true },
  SESSION_SECRET: { from: op('session'), edgeFunction: true, actionsSecret: true },
});
const settings = parseSettings(raw);
const keys = createKeys('made up for this test', 'abcdefghijklmnopqrst');
const common = { url: 'x', production_url: 'x', default_organization_id: 'x', openai: 'old-o', session: 'old-s' };
const legacyValues = {
  anon: keys.anonKey,
  p_anon: keys.anonKey,
  service: keys.serviceRoleKey,
  p_service: keys.serviceRoleKey,
};
const newValues = {
  anon: 'sb_publishable_old',
  p_anon: 'sb_publishable_old',
  service: 'sb_secret_old',
  p_service: 'sb_secret_old',
};

interface Story {
  readonly what: string;
  readonly name: string;
  readonly random?: boolean;
  readonly twin: () => Twin;
  /** What must be refused in the end, or stand nowhere. */
  readonly old: readonly string[];
}

function twin(values: Readonly<Record<string, string>>): Twin {
  const made = new Twin(settings, { ...common, ...values });
  made.overlapSeconds = 8; // so that the logs are asked too
  made.legacy.push(keys.anonKey, keys.serviceRoleKey);
  for (const value of [newValues.anon, newValues.service]) made.keys.push({ id: value, name: 'default', value });
  for (const value of [common.openai, common.session]) made.opens.add(value);
  return made;
}

const stories: readonly Story[] = [
  {
    what: 'a legacy key, with its twin',
    name: 'SUPABASE_SERVICE_ROLE_KEY',
    twin: () => twin(legacyValues),
    old: [keys.anonKey, keys.serviceRoleKey],
  },
  { what: 'a secret key', name: 'SUPABASE_SERVICE_ROLE_KEY', twin: () => twin(newValues), old: [newValues.service] },
  { what: 'a publishable key', name: 'SUPABASE_ANON_KEY', twin: () => twin(newValues), old: [newValues.anon] },
  { what: 'a token that a person makes', name: 'OPENAI_API_KEY', twin: () => twin(newValues), old: [common.openai] },
  {
    what: 'a secret of our own',
    name: 'SESSION_SECRET',
    random: true,
    twin: () => twin(newValues),
    old: [common.session],
  },
];

const journalOf = (world: Twin, name: string) => join(world.folder, `${name}.json`);
const journalOfRun = (world: Twin, name: string) =>
  z
    .object({
      ...{
        since: z.string(),
        direction: z.enum(['forward', 'back']),
        legacy: z.boolean(),
        ended: z.boolean().optional(),
        dead: z.string().optional(),
      },
      ...{ started: z.record(z.string(), z.string()), done: z.record(z.string(), z.string()) },
    })
    .parse(JSON.parse(readFileSync(journalOf(world, name), 'utf8')));

/** Nothing of the rotation is left but the new value, in every place. */
function expectRotated(world: Twin, { name, old }: Story): void {
  expect(world.harmed).toEqual([]);
  const values = [...world.live.values(), ...world.running.values()];
  for (const value of old) expect(values).not.toContain(value);
  for (const value of old) if (!world.opens.has(value)) expect(world.accepted(value)).toBe(false);
  const labels = [...world.fields.keys()];
  expect(labels.filter((label) => label.startsWith('rotating_'))).toEqual([]);
  for (const value of old)
    expect(labels.filter((label) => world.fields.get(label) === value)).toEqual(
      labels.filter((label) => label.startsWith('previous_') && world.fields.get(label) === value),
    );
  expect(world.keys.filter(({ name: key }) => key.startsWith('rotated_')).length).toBeLessThanOrEqual(old.length);
  expect(existsSync(journalOf(world, name))).toBe(false);
}

/** Everything is as it was before the rotation began. */
function expectUntouched(world: Twin, { name, twin: before }: Story): void {
  const as = before();
  expect(world.harmed).toEqual([]);
  expect(Object.fromEntries(world.fields)).toEqual(Object.fromEntries(as.fields));
  expect(Object.fromEntries(world.live)).toEqual(Object.fromEntries(as.live));
  expect(Object.fromEntries(world.running)).toEqual(Object.fromEntries(as.running));
  expect([world.keys, world.legacyEnabled]).toEqual([as.keys, true]);
  expect(existsSync(journalOf(world, name))).toBe(false);
  as.close();
}

const endings = [false, true];

describe.each(stories)('the rotation of $what', (story) => {
  const { name, random = false } = story;
  const callsOf = async (way: 'forward' | 'back', world: Twin) => {
    await world.run(name, way, random);
    return world.calls.length;
  };

  it('ends with the new one in every place and the old one refused; nobody is ever served with a dead key', async () => {
    const world = story.twin();
    await world.run(name, 'forward', random);
    expectRotated(world, story);
    world.close();
  });

  it('killed at every call and resumed, ends in the same way', async () => {
    const measured = story.twin();
    const calls = await callsOf('forward', measured);
    measured.close();
    expect(calls).toBeGreaterThan(8);
    for (let call = 0; call < calls; call += 1)
      for (const afterEffect of endings) {
        const world = story.twin();
        world.killAt = { call, afterEffect };
        const killed = await world.run(name, 'forward', random).then(
          () => false,
          (error: unknown) => error instanceof Killed || Promise.reject(error as Error),
        );
        world.killAt = undefined;
        if (killed) await world.run(name, 'forward', random);
        expectRotated(world, story);
        world.close();
      }
  });

  it('left without an answer at every call, says which, harms nobody, and resumed ends in the same way', async () => {
    const measured = story.twin();
    await callsOf('forward', measured);
    measured.close();
    for (const [call, what] of measured.calls.entries())
      for (const afterEffect of what === 'report' ? [] : endings) {
        const world = story.twin();
        world.failAt = { call, afterEffect };
        const error = await world.run(name, 'forward', random).then(
          () => undefined,
          (failure: unknown) => failure,
        );
        expect(world.harmed).toEqual([]);
        world.failAt = undefined;
        if (error !== undefined) {
          // Of a call that is mended on the spot, the error says that as well.
          expect(error).toMatchObject({ message: expect.stringContaining(what) });
          await world.run(name, 'forward', random);
        }
        expectRotated(world, story);
        world.close();
      }
  });

  it('killed at every call and taken back, is as before; also when that is killed at every call', async () => {
    const measured = story.twin();
    await callsOf('forward', measured);
    measured.close();
    // What is only asked leaves everything as the write before it did.
    for (const call of asked(measured.calls).filter((each) => writes.has(measured.calls[each] ?? ''))) {
      const whole = await killedAt(story, { call, afterEffect: true });
      const before = whole.world.calls.length;
      if (whole.canGoBack) await whole.world.run(name, 'back', random);
      whole.world.close();
      if (!whole.canGoBack) continue;
      for (const second of asked(whole.world.calls).filter((each) => each >= before)) {
        const { world } = await killedAt(story, { call, afterEffect: true });
        // In turn: before and after what it does.
        world.killAt = { call: second, afterEffect: (call + second) % 2 === 0 };
        await expect(world.run(name, 'back', random)).rejects.toThrow(Killed);
        world.killAt = undefined;
        expect(world.harmed).toEqual([]);
        await world.run(name, 'back', random);
        expectUntouched(world, story);
        world.close();
      }
    }
  });

  it('taken back, killed at every call of that and resumed, ends as a rotation unless the old one is on its way back', async () => {
    const measured = story.twin();
    await callsOf('forward', measured);
    measured.close();
    const at = { call: measured.calls.lastIndexOf('stillHeld'), afterEffect: true };
    const seen = new Set<string>();
    const whole = await killedAt(story, at);
    const before = whole.world.calls.length;
    await whole.world.run(name, 'back', random);
    whole.world.close();
    for (const second of asked(whole.world.calls).filter((each) => each >= before))
      for (const afterEffect of endings) {
        const { world } = await killedAt(story, at);
        world.killAt = { call: second, afterEffect };
        await expect(world.run(name, 'back', random)).rejects.toThrow(Killed);
        world.killAt = undefined;
        const { direction } = journalOfRun(world, name);
        seen.add(direction);
        await world.run(name, direction, random);
        if (direction === 'forward') expectRotated(world, story);
        else expectUntouched(world, story);
        world.close();
      }
    expect([...seen].sort()).toEqual(['back', 'forward']);
  });
});

/** A rotation that was killed at a call, and whether it can still be taken back. */
async function killedAt({ name, random = false, twin: begin }: Story, at: Twin['killAt']) {
  const world = begin();
  world.killAt = at;
  const killed = await world.run(name, 'forward', random).then(
    () => false,
    () => true,
  );
  world.killAt = undefined;
  const isThere = killed && existsSync(journalOf(world, name));
  const journal = isThere ? journalOfRun(world, name) : undefined;
  const canGoBack =
    journal !== undefined &&
    journal.ended !== true &&
    (journal.started.revoke === undefined || journal.legacy || random);
  return { world, canGoBack };
}

const writes = new Set([
  ...['changeItem', 'createKey', 'deleteKey', 'setLegacyKeys', 'update', 'deployStaging', 'deployProduction'],
]);

/** The calls at which something is asked or done: between a report and the next one, nothing changes. */
function asked(calls: readonly string[]): number[] {
  return calls.flatMap((call, index) => (call === 'report' ? [] : [index]));
}

/** A rotation that waits before the revocation: a place holds the old one. */
async function stopped(what: string): Promise<{ readonly world: Twin; readonly name: string }> {
  const story = stories.find((each) => each.what === what);
  if (!story) throw new Error(`there is no story of ${what}`);
  const world = story.twin();
  world.held = ['a place'];
  await expect(world.run(story.name)).rejects.toThrow(/still held/);
  return { world, name: story.name };
}

/** Which call of a whole rotation of the new key is this one, the nth time. */
async function callOf(call: string, nth = 1): Promise<number> {
  const world = twin(newValues);
  await world.run('SUPABASE_SERVICE_ROLE_KEY');
  world.close();
  const all = world.calls.flatMap((each, index) => (each === call ? [index] : []));
  return all[nth - 1] ?? -1;
}

describe('a rotation', () => {
  const [story] = stories;
  if (!story) throw new Error('there is no story');

  it('keeps names, times and fingerprints, for its owner alone; never a value', async () => {
    const world = story.twin();
    world.killAt = { call: 30, afterEffect: true };
    await expect(world.run(story.name)).rejects.toThrow(Killed);
    const files = readdirSync(world.folder);
    expect(files).toEqual([`${story.name}.json`]);
    for (const file of files) {
      expect(statSync(join(world.folder, file)).mode & 0o777).toBe(0o600);
      const text = readFileSync(join(world.folder, file), 'utf8');
      for (const value of [...world.fields.values(), ...world.keys.map((key) => key.value)])
        if (value.length > 10 && !value.startsWith('by ')) expect(text.includes(value)).toBe(false);
    }
    world.close();
  });

  it('revokes nothing, and claims nothing, once the vault has lost the old value', async () => {
    const world = story.twin();
    world.held = ['a place'];
    await expect(world.run(story.name)).rejects.toThrow(/still held/);
    world.held = [];
    world.fields.delete('previous_service');
    world.fields.delete('previous_p_service');
    await expect(world.run(story.name)).rejects.toThrow(/has no field previous_service any more/);
    expect(world.legacyEnabled).toBe(true);
    world.fields.set('previous_service', keys.serviceRoleKey);
    await world.run(story.name);
    expect(world.legacyEnabled).toBe(false);
    world.close();
  });

  it('stops before production without the typed reference, and goes on with it', async () => {
    const world = story.twin();
    world.mayWrite = false;
    await expect(world.run(story.name)).rejects.toThrow(/Stopped before production\. Go on: --resume/);
    const production = [...world.live].filter(([place]) => place.includes('production'));
    expect(production.every(([, value]) => !value.startsWith('sb_'))).toBe(true);
    world.mayWrite = true;
    await world.run(story.name);
    expectRotated(world, story);
    world.close();
  });

  it('revokes nothing while a place still holds the old one, and names it', async () => {
    const world = story.twin();
    world.held = ['GitHub Actions secret SERVICE_KEY'];
    await expect(world.run(story.name)).rejects.toThrow(/GitHub Actions secret SERVICE_KEY/);
    expect(world.legacyEnabled).toBe(true);
    world.held = [];
    await world.run(story.name);
    expectRotated(world, story);
    world.close();
  });

  it('revokes nothing while nobody says of what cannot be read that it was checked', async () => {
    const world = story.twin();
    world.hidden = ['GitHub Actions secret DEPLOY'];
    await expect(world.run(story.name)).rejects.toThrow(/nobody can read[^]*GitHub Actions secret DEPLOY[^]*--checked/);
    expect(world.legacyEnabled).toBe(true);
    world.checked = true;
    await world.run(story.name);
    expectRotated(world, story);
    world.close();
  });

  it('asks for what was written as long as a field of the vault gave the old one, also after the rotation began', async () => {
    const world = story.twin();
    world.mayWrite = false;
    await expect(world.run(story.name)).rejects.toThrow(/Stopped before production/);
    const copied = new Date().toISOString(); // from the field that has the old one for production
    await new Promise((resolve) => setTimeout(resolve, 5));
    world.mayWrite = true;
    world.hidden = ['GitHub Actions secret DEPLOY'];
    await expect(world.run(story.name)).rejects.toThrow(/nobody can read/);
    const { since, done } = journalOfRun(world, story.name);
    expect(done['production-vault']).toBeDefined();
    expect(world.asked).toEqual([{ before: done['production-vault'], mayBeNew: since }]);
    expect(Date.parse(copied)).toBeLessThan(Date.parse(world.asked[0]?.before ?? ''));
    world.close();
  });

  it('deletes no new key that somebody may have put where nobody can read, when it is taken back', async () => {
    const { world, name } = await stopped('a secret key');
    world.held = [];
    world.hidden = ['Dependabot secret DEPLOY'];
    await expect(world.run(name, 'back')).rejects.toThrow(/new key is not deleted[^]*DEPLOY[^]*--back --checked/);
    world.checked = true;
    await world.run(name, 'back');
    expect(world.keys.filter((key) => key.name.startsWith('rotated_'))).toEqual([]);
    world.close();
  });

  it('of one value by two people at once: the second is refused, and told who and since when', async () => {
    const world = story.twin();
    world.killAt = { call: 12, afterEffect: true };
    await expect(world.run(story.name)).rejects.toThrow(Killed);
    const second = story.twin();
    for (const [label, value] of world.fields) second.fields.set(label, value);
    await expect(second.run(story.name)).rejects.toThrow(
      /is being rotated by an engineer since \d{4}-\d\d-\d\dT.*Nothing was done/,
    );
    expect(readdirSync(second.folder)).toEqual([]);
    expect(second.keys.filter(({ name }) => name.startsWith('rotated_'))).toEqual([]);
    world.close();
    second.close();
  });

  it('is not taken back once the old key was deleted', async () => {
    const [world, name] = [twin(newValues), 'SUPABASE_SERVICE_ROLE_KEY'];
    world.killAt = { call: await callOf('deleteKey'), afterEffect: true };
    await expect(world.run(name)).rejects.toThrow(Killed);
    world.killAt = undefined;
    await expect(world.run(name, 'back')).rejects.toThrow(/cannot be put back\. Go on: --resume/);
    await world.run(name);
    expect(world.harmed).toEqual([]);
    world.close();
  });

  it('puts no key back that somebody has ended meanwhile', async () => {
    const { world, name } = await stopped('a secret key');
    world.keys.splice(
      world.keys.findIndex(({ value }) => value === newValues.service),
      1,
    );
    await expect(world.run(name, 'back')).rejects.toThrow(/old key is refused.*--resume/);
    expect(world.fields.get('service')).toMatch(/^sb_secret_(?!old)/);
    world.held = [];
    await world.run(name); // and the way forward is still open
    world.close();
  });

  it('half taken back goes forward again where somebody has ended the old key meanwhile', async () => {
    const { world, name } = await stopped('a secret key');
    world.held = [];
    world.stopsBefore = (call) => call === 'deployStaging';
    await expect(world.run(name, 'back')).rejects.toThrow(Killed);
    world.stopsBefore = undefined;
    expect(journalOfRun(world, name).direction).toBe('back');
    world.load = () => undefined; // whoever ended it did the harm
    world.keys.splice(
      world.keys.findIndex(({ value }) => value === newValues.service),
      1,
    );
    await expect(world.run(name, 'back')).rejects.toThrow(/old key is refused.*--resume/);
    expect(journalOfRun(world, name)).toMatchObject({ direction: 'forward', done: {} });
    await world.run(name);
    const own = [...world.live].filter(([place]) => place.endsWith('SERVICE_ROLE_KEY'));
    expect(own.length > 0 && own.every(([, value]) => world.accepted(value))).toBe(true);
    expect(world.fields.get('service')).toMatch(/^sb_secret_(?!old)/);
    world.close();
  });

  it('puts no token back that its vendor refuses by now, and half taken back goes forward again', async () => {
    const { world, name } = await stopped('a token that a person makes');
    world.held = [];
    world.refused = common.openai;
    await expect(world.run(name, 'back')).rejects.toThrow(/old key is refused.*--resume/);
    expect(journalOfRun(world, name)).toMatchObject({ direction: 'forward', dead: 'old' });
    expect(world.fields.get('openai')).not.toBe(common.openai);
    world.refused = undefined;
    world.stopsBefore = (call) => call === 'deployStaging';
    await expect(world.run(name, 'back')).rejects.toThrow(Killed);
    world.stopsBefore = undefined;
    expect(world.fields.get('openai')).toBe(common.openai);
    world.refused = common.openai;
    await expect(world.run(name, 'back')).rejects.toThrow(/old key is refused.*--resume/);
    expect(journalOfRun(world, name)).toMatchObject({ direction: 'forward', done: {} });
    await world.run(name);
    expect([...world.live.values()]).not.toContain(common.openai);
    world.close();
  });

  it('is not over while the vendor still takes a token that a person says to be revoked', async () => {
    const [world, name] = [twin(newValues), 'OPENAI_API_KEY'];
    world.refused = 'another';
    world.isMistaken = true;
    await expect(world.run(name)).rejects.toThrow(/OpenAI still takes the old OPENAI_API_KEY.*--resume/);
    expect(world.noted).toEqual([]);
    await expect(world.run(name, 'back')).rejects.toThrow(/cannot be put back/);
    world.isMistaken = false;
    await world.run(name);
    expect(world.noted).toEqual([common.openai]);
    world.close();
  });

  it('names no way back where there is none, and says of itself that a key was refused', async () => {
    const [world, name] = [twin(newValues), 'SUPABASE_SERVICE_ROLE_KEY'];
    world.killAt = { call: await callOf('deleteKey'), afterEffect: true };
    await expect(world.run(name)).rejects.toThrow(Killed);
    world.killAt = undefined;
    world.load = () => undefined; // whoever deleted it did the harm
    const made = world.keys.findIndex((key) => key.name.startsWith('rotated_'));
    world.keys.splice(made, 1);
    await expect(world.run(name)).rejects.toThrow(/new key is refused(?!.*--back)/);
    expect(journalOfRun(world, name).dead).toBe('new');
    world.close();
  });

  it('taken back deploys production anew where an update may have brought the new one there', async () => {
    const [world, name] = [twin(newValues), 'SUPABASE_SERVICE_ROLE_KEY'];
    world.killAt = { call: await callOf('update', 2), afterEffect: true };
    await expect(world.run(name)).rejects.toThrow(Killed);
    world.killAt = undefined;
    world.deployFromOutside();
    await world.run(name, 'back');
    const keysInUse = [...world.running.values()].filter((value) => value.startsWith('sb_secret_'));
    expect([world.harmed, keysInUse.length > 0, keysInUse.every((value) => world.accepted(value))]).toEqual([
      ...[[], true, true],
    ]);
    world.close();
  });

  it('revokes nothing while production serves a deploy with the old one: it was rolled back', async () => {
    const { world, name } = await stopped('a secret key');
    world.held = [];
    world.productionAt = 0;
    await expect(world.run(name)).rejects.toThrow(/made before it got the new one/);
    expect(world.accepted(newValues.service)).toBe(true);
    world.close();
  });

  it('revokes nothing once the new key was deleted, and asks before each revocation', async () => {
    for (const what of ['a secret key', 'a legacy key, with its twin']) {
      const { world, name } = await stopped(what);
      world.held = [];
      world.load = () => undefined; // whoever deleted it did the harm
      for (const key of world.keys.filter((each) => each.name.startsWith('rotated_')))
        world.keys.splice(world.keys.indexOf(key), 1);
      await expect(world.run(name)).rejects.toThrow(/new key is refused, so the old one stays/);
      expect([world.accepted(newValues.service), world.legacyEnabled]).toEqual([true, true]);
      world.close();
    }
  });

  it('goes on in no way once its mark was taken away', async () => {
    const { world, name } = await stopped('a legacy key, with its twin');
    world.held = [];
    for (const label of [...world.fields.keys()]) if (label.startsWith('rotating_')) world.fields.delete(label);
    await expect(world.run(name)).rejects.toThrow(/gave it up/);
    await expect(world.run(name, 'back')).rejects.toThrow(/gave it up/);
    expect(world.legacyEnabled).toBe(true);
    world.close();
  });

  it('of the other key of a pair is refused meanwhile', async () => {
    const { world } = await stopped('a legacy key, with its twin');
    await expect(world.run('SUPABASE_ANON_KEY')).rejects.toThrow(/is being rotated by an engineer/);
    world.close();
  });

  it('deletes no new key that somebody has taken, when it is taken back', async () => {
    const { world, name } = await stopped('a secret key');
    await expect(world.run(name, 'back')).rejects.toThrow(/new key is not deleted/);
    expect(world.keys.filter((key) => key.name.startsWith('rotated_'))).toHaveLength(1);
    world.held = [];
    await world.run(name, 'back');
    expect(world.keys.filter((key) => key.name.startsWith('rotated_'))).toEqual([]);
    world.close();
  });

  it('takes no value that is the old one, or of another form', async () => {
    for (const [given, message] of [
      ['old-o', /That is the old OPENAI_API_KEY/],
      ['new-o', /does not begin as/],
      ['old-two words', /blanks/],
    ] as const) {
      const world = twin(newValues);
      world.given = given;
      await expect(world.run('OPENAI_API_KEY')).rejects.toThrow(message);
      expect(world.fields.get('openai')).toBe('old-o');
      world.given = 'old-other';
      world.opens.add('old-other');
      await world.run('OPENAI_API_KEY');
      expect(world.fields.get('openai')).toBe('old-other');
      world.close();
    }
  });

  it('takes one of another form where the person says that it is right, and none that its vendor refuses', async () => {
    const world = twin(newValues);
    world.given = 'new-o';
    world.opens.add('new-o');
    world.right = true;
    world.refused = 'new-o';
    await expect(world.run('OPENAI_API_KEY')).rejects.toThrow(
      /OpenAI refuses the new OPENAI_API_KEY.*Nothing was written/,
    );
    expect(world.fields.get('openai')).toBe('old-o');
    world.refused = 'another';
    await world.run('OPENAI_API_KEY');
    expect(world.fields.get('openai')).toBe('new-o');
    world.close();
  });

  it('enables the legacy keys again when a new one is refused once they are disabled', async () => {
    const world = story.twin();
    const accepted = world.accepted.bind(world);
    world.accepted = (value) => (world.legacyEnabled ? accepted(value) : false);
    world.load = () => undefined;
    await expect(world.run(story.name)).rejects.toThrow(/they are enabled again/);
    expect(world.legacyEnabled).toBe(true);
    world.close();
  });
});

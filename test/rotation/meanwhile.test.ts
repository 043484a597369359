import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { WaitsError } from '../../rotation/ports.ts';
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
const token = 'OPENAI_API_KEY';

let world: Twin;
beforeEach(() => {
  const common = { url: 'x', production_url: 'x', default_organization_id: 'x', anon: 'x', p_anon: 'x' };
  world = new Twin(settings, { ...common, openai: 'old-o', service: secretKey, p_service: secretKey });
  world.keys.push({ id: 'old', name: 'default', value: secretKey });
  world.opens.add('old-o');
});
afterEach(() => world.close());
const journal = (name: string) => existsSync(join(world.folder, `${name}.json`));
/** A run that stops right before a call. */
async function stopBefore(name: string, call: string, when: () => boolean = () => true): Promise<void> {
  world.stopsBefore = (each) => each === call && when();
  await expect(world.run(name)).rejects.toThrow(call);
  world.stopsBefore = undefined;
}

describe('what somebody does while a rotation is stopped', () => {
  it('is not overwritten by --back: a value that is neither the old one nor this rotation’s', async () => {
    await stopBefore(token, 'deployStaging');
    world.fields.set('openai', 'third-one');
    await expect(world.run(token, 'back')).rejects.toThrow(/openai holds neither the old value nor the new one/);
    expect(world.fields.get('openai')).toBe('third-one');
    expect(journal(token)).toBe(true);
  });

  it.each([
    ['is of another form', 'new-one', /does not begin as/],
    ['has blanks', 'old-one two', /blanks/],
    ['its vendor refuses', 'old-refused', /OpenAI refuses the new OPENAI_API_KEY/],
  ])(
    'is checked as a pasted one where it is a new value in the vault by hand: one that %s',
    async (_, given, message) => {
      await stopBefore(token, 'newValue');
      world.fields.set('previous_openai', 'old-o');
      world.fields.set('openai', given);
      world.refused = 'old-refused';
      await expect(world.run(token)).rejects.toThrow(message);
      expect([...world.live.values()]).not.toContain(given);
      world.fields.set('openai', 'old-better');
      world.opens.add('old-better');
      await world.run(token);
      expect([...world.live.values()]).toContain('old-better');
    },
  );

  it('is asked about where the old value went with it', async () => {
    await stopBefore(token, 'newValue');
    world.fields.set('openai', 'old-better');
    await expect(world.run(token)).rejects.toThrow(/has no field previous_openai any more/);
    expect([...world.live.values()]).not.toContain('old-better');
  });

  it('is not taken for the new one once that is known', async () => {
    await stopBefore(token, 'deployStaging');
    world.fields.set('openai', 'old-third');
    await expect(world.run(token)).rejects.toThrow(/does not hold the new value|holds neither/);
    expect(world.accepted('old-o')).toBe(true);
  });

  it('is not undone by the --back of a rotation that has written nothing', async () => {
    await stopBefore(key, 'createKey');
    expect(world.fields.get('service')).toBe(secretKey);
    // Another machine's rotation came to its end, and its old value is beside the new one.
    world.fields.set('previous_service', secretKey);
    world.fields.set('service', 'sb_secret_of_another_rotation');
    await world.run(key, 'back');
    expect(world.fields.get('service')).toBe('sb_secret_of_another_rotation');
  });

  it('is seen where staging is rolled back to a deploy with the old key: nothing ends', async () => {
    await stopBefore(key, 'stillHeld');
    world.stagingAt = 0;
    await expect(world.run(key)).rejects.toThrow(/Staging serves a deploy that was made before it got the new one/);
    expect(world.accepted(secretKey)).toBe(true);
    await world.ports([]).deployStaging();
    await world.run(key);
    expect(world.accepted(secretKey)).toBe(false);
  });

  it('has the overlap begin anew where the old one was still held', async () => {
    world.held = ['GitHub Actions secret COPY'];
    await expect(world.run(key)).rejects.toThrow(WaitsError);
    const { started } = z
      .object({ started: z.record(z.string(), z.string()) })
      .parse(JSON.parse(readFileSync(join(world.folder, `${key}.json`), 'utf8')));
    expect(Object.keys(started)).toContain('production-places');
    expect(Object.keys(started)).not.toContain('overlap');
    world.held = [];
    await world.run(key);
    expect(world.accepted(secretKey)).toBe(false);
  });
});

describe('a rotation that has come to its end but for its marks', () => {
  it('is not taken back: the old one is over', async () => {
    await stopBefore(key, 'changeItem', () => !world.accepted(secretKey));
    const marks = () => [...world.fields.keys()].filter((label) => label.startsWith('rotating_'));
    expect(marks()).not.toEqual([]);
    await expect(world.run(key, 'back')).rejects.toThrow(/has come to its end: the old one is over.*--resume/);
    await world.run(key);
    expect([journal(key), marks()]).toEqual([false, []]);
  });
});

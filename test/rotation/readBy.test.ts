import { describe, expect, it } from '@jest/globals';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { inTheWay } from '../../rotation/inTheWay.ts';
import type { Plan } from '../../rotation/plan.ts';
import { notLooked, readBy, type ReadBy } from '../../rotation/readBy.ts';
import { subjectOf } from '../../rotation/subject.ts';
import { parseSettings } from '../../settings/settings.ts';
import { valid } from '../settings/raw.ts';

const raw = valid();
const op = (field: string) => `op://Platform/Supabase/${field}`;
Object.assign(raw.values, {
  SUPABASE_ANON_KEY: { from: op('anon'), netlify: true },
  SUPABASE_SERVICE_ROLE_KEY: { from: op('service'), netlify: { secret: true } },
  OPENAI_API_KEY: { from: op('openai'), netlify: { secret: true } },
});
const settings = parseSettings(raw);
const planOf = (value: string, legacy: boolean | undefined): Pick<Plan, 'subject' | 'scope'> => ({
  subject: subjectOf(settings, value),
  scope: { members: [], apart: [], legacy },
});
const legacy = planOf('SUPABASE_SERVICE_ROLE_KEY', true);
const secret = planOf('SUPABASE_SERVICE_ROLE_KEY', false);
const publishable = planOf('SUPABASE_ANON_KEY', false);
const looked = (name?: string, unclear: readonly string[] = []): ReadBy => ({
  ...{ lines: [], readers: [], undeclared: [], cannotTake: [], unclear },
  ofPlatform: name === undefined ? [] : [{ name, at: 'functions/a.ts:3' }],
});

describe('what stands in the way of disabling the legacy keys', () => {
  it.each(['SUPABASE_SERVICE_ROLE_KEY', 'SUPABASE_ANON_KEY'])('is code of Edge Functions that reads %s', (name) => {
    expect(inTheWay(looked(name), legacy, [])).toEqual([expect.stringMatching(/^functions\/a\.ts:3, code/)]);
  });

  it('is also that nobody has read the sources, or that they do not say it', () => {
    expect(inTheWay(notLooked, legacy, [])).toEqual([expect.stringMatching(/--app PATH/)]);
    expect(inTheWay(looked(undefined, ['why']), legacy, [])).toEqual([expect.stringMatching(/why$/)]);
  });

  it('is nothing where the sources say so, or read the new kinds', () => {
    expect(inTheWay(looked(), legacy, [])).toEqual([]);
    expect(inTheWay(looked('SUPABASE_SECRET_KEYS'), legacy, [])).toEqual([]);
  });
});

describe('what stands in the way of deleting a key', () => {
  it('is code of Edge Functions that gets it from Supabase itself, under the key’s name', () => {
    expect(inTheWay(looked('SUPABASE_SECRET_KEYS'), secret, ['default'])).toEqual([
      expect.stringMatching(/reads SUPABASE_SECRET_KEYS/),
    ]);
    expect(inTheWay(looked('SUPABASE_PUBLISHABLE_KEYS'), publishable, ['default'])).toEqual([
      expect.stringMatching(/reads SUPABASE_PUBLISHABLE_KEYS/),
    ]);
    expect(inTheWay(looked('SUPABASE_PUBLISHABLE_KEYS'), secret, ['default'])).toEqual([]);
  });

  it('is also that nobody has read the sources, or that they do not say it', () => {
    expect(inTheWay(notLooked, secret, ['default'])).toEqual([expect.stringMatching(/--app PATH/)]);
    expect(inTheWay(looked(undefined, ['why']), secret, ['default'])).toEqual([expect.stringMatching(/why$/)]);
  });

  it('is nothing for a key that a rotation made, whose name no code knows, and for another vendor’s', () => {
    const made = ['rotated_here'];
    expect(inTheWay(looked('SUPABASE_SECRET_KEYS'), secret, made)).toEqual([]);
    expect(inTheWay(notLooked, secret, made)).toEqual([]);
    expect(inTheWay(notLooked, planOf('OPENAI_API_KEY', false), [])).toEqual([]);
  });
});

describe('the sources that say it', () => {
  const names = ['SUPABASE_SERVICE_ROLE_KEY', 'SUPABASE_SECRET_KEYS'];
  const entry = 'supabase/functions/mail/index.ts';

  async function application(files: Readonly<Record<string, string>>): Promise<ReadBy> {
    const folder = mkdtempSync(join(tmpdir(), 'application-'));
    try {
      for (const [file, text] of Object.entries(files)) {
        mkdirSync(dirname(join(folder, file)), { recursive: true });
        writeFileSync(join(folder, file), text);
      }
      return await readBy(settings, names, folder, true);
    } finally {
      rmSync(folder, { recursive: true });
    }
  }

  it.each(['sandbox/app', 'sandbox/app-newest'])('are whole in %s', async (folder) => {
    expect(await readBy(settings, names, folder, true)).toMatchObject({ unclear: [], ofPlatform: [], cannotTake: [] });
  });

  it.each([
    ['an empty folder', {}, /no code of Edge Functions/],
    ['a folder without functions', { 'src/a.ts': 'export {};' }, /no code of Edge Functions/],
    ['one function’s own folder', { 'index.ts': 'Deno.env.get("A");' }, /no code of Edge Functions/],
    ['a name that is computed', { [entry]: 'Deno.env.get(location.href);' }, /mail\/index\.ts:1, .*does not say/],
    ['the whole environment', { [entry]: 'const all = Deno.env.toObject(); all[location.href];' }, /mail\/index\.ts:1/],
    ['code that cannot be read', { [entry]: 'const = ;' }, /mail\/index\.ts:1 cannot be read/],
  ])('do not say it: %s', async (_, files, why) => {
    expect((await application(files)).unclear).toEqual([expect.stringMatching(why)]);
  });

  it('name the code, below another entry than index.ts too', async () => {
    const text = 'Deno.env.get("SUPABASE_SECRET_KEYS");';
    const other = 'supabase/functions/mail/main.ts';
    expect((await application({ [entry]: text, [other]: text })).ofPlatform).toEqual([
      { name: 'SUPABASE_SECRET_KEYS', at: `${entry}:1` },
      { name: 'SUPABASE_SECRET_KEYS', at: `${other}:1` },
    ]);
  });
});

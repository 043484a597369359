import { createHash, randomBytes } from 'node:crypto';
import { afterAll, beforeAll, expect, it, jest } from '@jest/globals';
import { supabase } from '../../sandbox/process/identity.ts';
import { startSupabaseProgram, type SupabaseProgram } from '../support/supabaseProgram/supabaseProgram.ts';

// Supabase's provider behind the real bridge and engine, on a program of its own: each weakness that a component has to know.
jest.setTimeout(300_000);

let program: SupabaseProgram;
const made = () => `made-${randomBytes(12).toString('hex')}`;
const values = { first: made(), second: made(), third: made(), fourth: made() };
const digest = (value: string) => createHash('sha256').update(value).digest('hex');
const key = { name: 'rotation', description: 'for the next rotation' };
const urn = 'urn:pulumi:dev::supabase::supabase:index/edgeFunctionSecrets:EdgeFunctionSecrets::secrets';
const type = 'supabase:index/edgeFunctionSecrets:EdgeFunctionSecrets';
const body = (secrets: Readonly<Record<string, string>>) =>
  JSON.stringify(Object.entries(secrets).map(([name, value]) => ({ name, value })));

beforeAll(async () => {
  program = await startSupabaseProgram();
}, 1_200_000);
afterAll(async () => {
  const { printed, problems } = program;
  await program.close();
  expect(problems).toEqual([]);
  for (const value of Object.values(values)) expect(printed.join('\n')).not.toContain(value);
});

it('creates what is declared, replaces what has the same name, leaves the rest, and shows digests', async () => {
  program.byHand({ FOREIGN: 'theirs', FIRST: 'theirs' });
  program.declare({ secrets: { FIRST: values.first, SECOND: values.second }, key });
  const output = await program.pulumi('up', '--yes', '--skip-preview');
  expect(program.asked('secrets')).toEqual([`POST secrets ${body({ FIRST: values.first, SECOND: values.second })}`]);
  expect(program.secrets()).toEqual({ FOREIGN: 'theirs', FIRST: values.first, SECOND: values.second });
  expect(output).toContain(digest(values.first));
  // A secret key beside the default publishable one; the description does not arrive.
  const made = program.keys().map(({ name, type: kind, description }) => [name, kind, description]);
  expect(made).toEqual([
    ['default', 'publishable', null],
    ['rotation', 'secret', null],
  ]);
});

it('writes every value again for the change of one, and then deletes what left the set', async () => {
  program.declare({ secrets: { FIRST: values.third, THIRD: values.third }, key });
  await program.pulumi('up', '--yes', '--skip-preview');
  expect(program.asked('secrets')).toEqual([
    `POST secrets ${body({ FIRST: values.third, THIRD: values.third })}`,
    'DELETE secrets ["SECOND"]',
  ]);
  program.declare({ secrets: { FIRST: values.first, THIRD: values.third }, key });
  await program.pulumi('up', '--yes', '--skip-preview');
  expect(program.asked('secrets')).toEqual([`POST secrets ${body({ FIRST: values.first, THIRD: values.third })}`]);
});

it('overwrites a change by hand unseen, unless it is refreshed first: then by its digest', async () => {
  program.byHand({ FIRST: 'by hand', THIRD: undefined });
  const unseen = await program.pulumi('preview', '--expect-no-changes');
  expect([unseen.includes(digest('by hand')), program.asked('secrets')]).toEqual([false, []]);
  const seen = await program.pulumi('preview', '--refresh', '--diff');
  expect(seen).toContain(digest('by hand'));
  await program.pulumi('up', '--refresh', '--yes', '--skip-preview');
  expect(program.asked('secrets')).toEqual([
    'GET secrets',
    'GET secrets',
    `POST secrets ${body({ FIRST: values.first, THIRD: values.third })}`,
  ]);
  expect(program.keys().map(({ description }) => description)).toEqual([null, key.description]);
});

it('is refused a reserved name by the service, in the update and not in the preview', async () => {
  program.declare({ secrets: { FIRST: values.first, SUPABASE_X: values.fourth }, key });
  await program.pulumi('preview');
  expect(await program.fails('up', '--yes', '--skip-preview')).toMatch(/status 400.*SUPABASE_ prefix/);
  program.asked('secrets');
});

it('imports every secret of the project without values, and deletes the undeclared ones with the next update', async () => {
  program.declare({ secrets: { FIRST: values.first }, key });
  await program.pulumi('state', 'delete', urn, '--yes');
  const imported = await program.pulumi(
    ...['import', type, 'secrets', supabase.projectRef, '--yes', '--protect=false', '--generate-code=false'],
  );
  expect(imported).toContain('only returns SHA-256 hashes');
  expect(await program.held()).toEqual(['FIRST', 'FOREIGN', 'THIRD']);
  program.asked('secrets');
  await program.pulumi('up', '--yes', '--skip-preview');
  expect(program.asked('secrets')).toEqual([
    `POST secrets ${body({ FIRST: values.first })}`,
    'DELETE secrets ["FOREIGN","THIRD"]',
  ]);
});

it('keeps an empty set when all of its secrets are gone, and deletes what it names', async () => {
  program.byHand({ FIRST: undefined, FOREIGN: 'theirs' });
  await program.pulumi('refresh', '--yes', '--skip-preview');
  expect(await program.held()).toEqual([]);
  await program.pulumi('up', '--yes', '--skip-preview');
  await program.pulumi('destroy', '--yes', '--skip-preview');
  expect(program.asked('secrets')).toEqual([
    'GET secrets',
    `POST secrets ${body({ FIRST: values.first })}`,
    'DELETE secrets ["FIRST"]',
  ]);
  expect([program.secrets(), program.keys().map(({ name }) => name)]).toEqual([{ FOREIGN: 'theirs' }, ['default']]);
});

import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { failing, faults, type NamedFault } from '../faults.ts';
import { haste } from '../../rotation/haste.ts';
import type { Moments } from './killing.ts';
import { rows, type Row } from './rows.ts';
import { startRotationWorld, value } from './world.ts';

jest.setTimeout(120_000);
const consent = ['--yes', '--project', 'wnnjeqheqxxyrgsjmygy', '--no-smoke'];

let world: Awaited<ReturnType<typeof startRotationWorld>>;
let begin: ReturnType<typeof world.held>;
/** How everything was when each step began. */
const moments = new Map<string, ReturnType<typeof world.remember>>();
beforeAll(async () => {
  world = await startRotationWorld();
  begin = world.held();
  const heard = (line: string) => {
    const step = /^\d+\/\d+ ([\w-]+):/.exec(line)?.[1];
    if (step !== undefined) moments.set(step, world.remember());
  };
  const ended = await world.rotate([value, ...consent, '--overlap', '1'], {}, heard);
  expect(ended.code === 0 ? '' : ended.stdout + ended.stderr).toBe('');
  const revoking = moments.get('revoke');
  if (revoking === undefined) throw new Error('nothing was revoked');
  world.restore(revoking);
  const disabled: Moments = ({ service, method }) =>
    service === 'supabaseManagement' && method === 'PUT' ? 'after' : undefined;
  // The run before has asked with the old keys whether they are refused.
  expect(await world.rotateUntil(disabled, [value, '--resume', '--although-used', ...consent])).toBeUndefined();
  expect(world.old.map((key) => world.accepted(key))).toEqual([false, false]);
  moments.set('disabled', world.remember());
});
afterAll(() => world.close());

const addresses: Readonly<Record<string, string>> = {
  netlify: 'NETLIFY_API_ENDPOINT',
  github: 'GITHUB_BASE_URL',
  supabase: 'STAGING_SUPABASE_URL',
  supabaseManagement: 'SUPABASE_API_ENDPOINT',
};

const isBack = ({ args }: Row) => args.includes('--back');

/** What is wrong after the fault; nothing, if it ended as it should. */
async function problems(row: Row, fault: NamedFault): Promise<string[]> {
  const moment = moments.get(row.step);
  if (moment === undefined) return ['the step was never begun'];
  world.restore(moment);
  const before = world.journal();
  const { [row.service as 'netlify']: real } = world.endpoints;
  const faulty = await failing(real, fault, row.extent);
  const patience =
    fault.name === 'time-out' ? { STAGING_REQUEST_TIMEOUT: '0.5', STAGING_VAULT_TIMEOUT: `${2 * haste}` } : {};
  const at =
    row.service === 'onepassword'
      ? { OP_SERVICE_ACCOUNT_TOKEN: world.vaultToken(faulty.url) }
      : { [addresses[row.service] ?? '']: faulty.url };
  const ended = await world.rotate([...row.args, ...consent], { ...patience, ...at }).finally(() => faulty.close());
  const said = ended.stdout + ended.stderr;
  const { code = row.code ?? 1, says = row.says } = row.except?.[fault.name] ?? {};
  const cause = says ?? (row.service === 'onepassword' ? /1Password/ : fault.cause);
  const after = world.journal();
  return [
    ...(ended.code === code ? [] : [`exit code ${ended.code}, not ${code}`]),
    ...(cause.test(said) ? [] : ['does not name the cause']),
    ...(said.includes(`npm run rotate -- ${value} --${isBack(row) ? 'back' : 'resume'}`)
      ? []
      : ['does not name the command that goes on']),
    ...(/\n\s+at /.test(said) ? ['prints a stack trace'] : []),
    ...(world.secrets().some((secret) => said.includes(secret)) ? ['prints a value'] : []),
    ...world.dead().map((where) => `${where} has a dead key`),
    ...(row.step === 'disabled' || world.old.every((key) => world.accepted(key)) ? [] : ['revoked an old key']),
    ...(after?.id === before?.id ? [] : ['has lost the journal']),
    ...(after?.direction === 'forward' || isBack(row) ? [] : ['is being taken back']),
    ...Object.keys(before?.done ?? {}).flatMap((step) => (after?.done[step] === undefined ? [`forgot ${step}`] : [])),
    ...(row.step !== 'overlap' && after?.done[row.step] !== undefined ? [`says that ${row.step} is done`] : []),
    ...(after?.done.revoke === undefined ? [] : ['says that the old one is revoked']),
    ...(row.args[0] === '--leaked' && world.incidents().length !== 1 ? ['keeps no record of the leak'] : []),
  ].flatMap((problem, index) => (index === 0 ? [problem, said] : [problem]));
}

/** What is wrong after the fault has passed, and the rotation went on. */
async function resumed(row: Row): Promise<string[]> {
  const ended = await world.rotate([...row.args, ...consent]);
  const accepted = world.old.map((key) => world.accepted(key));
  return [
    ...(ended.code === 0 ? [] : [`resumed: exit code ${ended.code}`, ended.stdout, ended.stderr]),
    ...world.dead().map((where) => `resumed: ${where} has a dead key`),
    ...(isBack(row) || !accepted.includes(true) ? [] : ['resumed: an old key is still answered']),
    ...(isBack(row) && accepted.includes(false) ? ['taken back: an old key is refused'] : []),
    ...(isBack(row) && JSON.stringify(world.held()) !== JSON.stringify(begin) ? ['taken back: something is left'] : []),
    ...(world.journal() === undefined ? [] : ['resumed: the journal is still there']),
    ...world.marks().map(({ label }) => `resumed: ${label} is still there`),
    ...(row.args[0] === '--leaked' && world.incidents().length !== 1 ? ['resumed: not one record of the leak'] : []),
  ];
}

describe.each(rows.map((row) => [row.args.join(' '), row.step, row.extent, row.service, row] as const))(
  'rotate %s at %s, while %s of %s',
  (_, __, ___, ____, row) => {
    it.each(faults.map((fault) => [fault.name, fault] as const))('fails by %s, and goes on', async (__name, fault) => {
      expect(await problems(row, fault)).toEqual([]);
      // From the same journal it goes on in the same way, whatever the fault was: each fault and each row does so in turn.
      if ((rows.indexOf(row) + faults.indexOf(fault)) % faults.length === 0) expect(await resumed(row)).toEqual([]);
    });
  },
);

/** These last: nobody waits for them. */
const lasting: readonly string[] = ['401', '403', '404', '409', '422'];

describe(`rotate ${value} --resume at overlap, while Supabase’s logs alone`, () => {
  it.each(faults.map((fault) => [fault.name, fault] as const))(
    'fail by %s, says so, and ends the old ones only where that lasts',
    async (__, fault) => {
      const moment = moments.get('overlap');
      if (moment === undefined) throw new Error('the step was never begun');
      world.restore(moment);
      const faulty = await failing(world.endpoints.supabaseManagement, fault, 'logs');
      const environment = {
        SUPABASE_API_ENDPOINT: faulty.url,
        ...(fault.name === 'time-out' && { STAGING_REQUEST_TIMEOUT: '0.5' }),
      };
      const ended = await world.rotate([value, '--resume', ...consent], environment).finally(() => faulty.close());
      const said = ended.stdout + ended.stderr;
      const line = said.split('\n').find((each) => each.includes('whether'));
      const isOver = lasting.includes(fault.name);
      expect([ended.code, line]).toEqual([isOver ? 0 : 2, expect.stringMatching(fault.cause)]);
      expect(line).toMatch(
        isOver ? /^Not checked: whether the old one/ : /not revoked, because nobody can say whether/,
      );
      expect(world.old.map((key) => world.accepted(key))).toEqual([!isOver, !isOver]);
      expect(world.secrets().filter((secret) => said.includes(secret)).length).toBe(0);
    },
  );
});

it('nothing begins while code sends a legacy key as the new kind cannot be sent, unless somebody says that it is checked', async () => {
  const make = moments.get('make');
  if (make === undefined) throw new Error('nothing was begun');
  world.restore({
    ...make,
    journal: undefined,
    vault: new Map([...make.vault].filter(([label]) => !label.startsWith('rotating_'))),
  });
  const file = join(world.root, 'app', 'sends.ts');
  writeFileSync(file, `export const headers = { Authorization: \`Bearer \${process.env.${value}}\` };\n`);
  try {
    const refused = await world.rotate([value, ...consent]);
    expect(refused).toMatchObject({
      code: 2,
      stderr: expect.stringContaining(`sends.ts:1 sends ${value} as a bearer`),
    });
    expect(refused.stderr).toMatch(/Nothing was done: 1 use .*--code-checked/);
    expect([world.journal(), world.marks(), world.held()]).toEqual([undefined, [], begin]);
    const ended = await world.rotate([value, ...consent, '--although-used', '--code-checked']);
    expect([ended.code, world.old.map((key) => world.accepted(key))]).toEqual([0, [false, false]]);
  } finally {
    rmSync(file);
  }
});

import { rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import {
  createSupabaseManagement,
  type SupabaseManagement,
} from '../../../sandbox/standIns/supabaseManagement/service.ts';
import { buildTerminal, typed as runTyped, type Dialogue } from '../../support/typed.ts';
import { startWorld, type World } from './world.ts';

const project = 'wnnjeqheqxxyrgsjmygy';
let pty: string;
let world: World;
let management: SupabaseManagement;
beforeAll(async () => {
  pty = buildTerminal();
  world = await startWorld({ services: (stateDir) => [(management = createSupabaseManagement({ stateDir }))] });
}, 180_000);
afterAll(async () => {
  await world.close();
  rmSync(dirname(pty), { recursive: true });
});
beforeEach(async () => {
  const { superuser } = await world.supabase.database();
  await superuser.query('update agent_runtime_config set actions_disabled = false');
});

/** Runs a command on a real terminal; each answer is typed when its question stands there. */
async function typed(entry: string, args: readonly string[], dialogue: Dialogue) {
  const launcher = join(process.cwd(), 'launch', 'command.mjs');
  const { asked, ...ended } = await runTyped(
    pty,
    [process.execPath, launcher, entry, ...args],
    {
      cwd: world.root,
      env: {
        PATH: process.env.PATH,
        HOME: process.env.HOME,
        TERM: 'xterm',
        ...world.environment,
        SUPABASE_ACCESS_TOKEN: management.store.state.token,
        SUPABASE_API_ENDPOINT: world.urls.supabaseManagement ?? '',
      },
    },
    dialogue,
  );
  expect(asked).toBe(dialogue.length);
  return ended;
}

const disabled = async () =>
  (await (await world.supabase.database()).superuser.query('select actions_disabled from agent_runtime_config')).rows;

describe('on a terminal', () => {
  const off = ['off', '--reason', 'they write nonsense'];
  const question = new RegExp(`Type ${project} to disable agents: `);
  const again = new RegExp(`That is not ${project}: AGENTS STILL ACT. Type ${project}, or no: `);

  it("stops production's agents when the project's reference is typed", async () => {
    const { code, output } = await typed('commands/killSwitch/command.ts', off, [[question, `${project}\r`]]);
    expect(output).toContain("PRODUCTION's agents are included");
    expect(output).toContain('Done and read back: agents are DISABLED');
    expect(code).toBe(0);
    expect(await disabled()).toEqual([{ actions_disabled: true }]);
  }, 30_000);

  it('asks once more after a mistake', async () => {
    const dialogue = [[question, 'wnnj\r'] as const, [again, `${project}\r`] as const];
    expect((await typed('commands/killSwitch/command.ts', off, dialogue)).code).toBe(0);
    expect(await disabled()).toEqual([{ actions_disabled: true }]);
  }, 30_000);

  it.each([
    ['another word, twice', 'yes\r', 'yes\r'],
    ['nothing, then no', '\r', 'no\r'],
    ['no', 'no\r', undefined],
    ['Ctrl-C', '\u0003', undefined],
    ['Ctrl-D', '\u0004', undefined],
  ])(
    'does nothing after %s, and says so',
    async (_, answer, second) => {
      const dialogue = [[question, answer] as const, ...(second === undefined ? [] : [[again, second] as const])];
      const { code, output } = await typed('commands/killSwitch/command.ts', off, dialogue);
      expect(output).toContain('Nothing was done: AGENTS STILL ACT.');
      expect(code).toBe(1);
      expect(await disabled()).toEqual([{ actions_disabled: false }]);
    },
    30_000,
  );

  it('sets the database back only when both the moment and the reference are typed', async () => {
    const incident = ['--title', 'Data is wrong', '--kind', 'supabase'];
    const start = await typed(
      'commands/incident/command.ts',
      ['start', ...incident],
      [[/Go on\? Type yes to go on: /, 'yes\r']],
    );
    expect(start.output).toContain('Incident: Data is wrong');
    const moment = new Date(Math.floor(Date.now() / 1000) * 1000 - 3600_000).toISOString();
    const first = [/Type the moment to restore to/, `${moment}\r`] as const;
    const second = /Type the project.s reference to restore it/;
    const restore = ['restore', '--to', moment, '--timeout', '20', '--application', join(process.cwd(), 'sandbox/app')];
    await typed('commands/incident/command.ts', restore, [first, [second, 'no\r']]);
    expect(management.store.state.restoredTo).toEqual([]);
    await typed('commands/incident/command.ts', restore, [first, [second, `${project}\r`]]);
    expect(management.store.state.restoredTo).toEqual([Date.parse(moment) / 1000]);
  }, 120_000);
});

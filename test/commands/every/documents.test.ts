import { cpSync, existsSync, readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createSlack, type SlackService } from '../../../sandbox/standIns/slack/service.ts';
import {
  createSupabaseManagement,
  type SupabaseManagement,
} from '../../../sandbox/standIns/supabaseManagement/service.ts';
import { definitions } from '../../../cli/definitions.ts';
import { commandsIn, words } from '../../support/documentCommands.ts';
import { loadByNode } from '../../support/nodeRequire.ts';
import { recordDeploy, startWorld, type World } from './world.ts';

const documents = ['STAGING_OPERATIONS', 'OBSERVABILITY_RUNBOOK', 'INCIDENT_RESPONSE', 'supabase_branching'];
const { scripts } = JSON.parse(readFileSync('package.json', 'utf8')) as { scripts: Record<string, string> };

/** Every command in the documents, wherever it stands. */
const commands = documents.flatMap((document) => commandsIn(document));

/** What a line runs. */
function parsed(line: string) {
  const [npm, run, script = '', dashes, ...args] = words(line);
  expect([npm, run, dashes ?? '--']).toEqual(['npm', 'run', '--']);
  const [, , entry = '', ...preset] = (scripts[script] ?? '').split(' ');
  expect(existsSync(entry)).toBe(true);
  return { script, entry, args: [...preset, ...args] };
}

/** As it stands in a block. In a sentence: a dry run where the verb has one (a bare alert has nothing to check), else its help. */
function harmless(entry: string, args: readonly string[], inSentence: boolean): readonly string[] {
  if (!inSentence || args.includes('--dry-run') || args.includes('--help')) return args;
  const looks = optionsOf(entry, args).includes('--dry-run') && !(entry.includes('alert') && args.length === 0);
  return [...args, looks ? '--dry-run' : '--help'];
}

/** The options that a call may have: those of its verb, where the command has verbs. */
function optionsOf(entry: string, args: readonly string[]): string[] {
  const command = defined.get(entry);
  const verb = command?.verbs.find(({ name }) => args.includes(name));
  return (verb ?? command)?.options.map(({ flags }) => flags.split(' ')[0] ?? '') ?? [];
}

let defined: Awaited<ReturnType<typeof definitions>>;
let world: World;
let management: SupabaseManagement;
let slack: SlackService;
const webhook = '/services/T1/B1/runbook';
beforeAll(async () => {
  defined = await definitions(process.cwd(), loadByNode);
  world = await startWorld({
    services: (stateDir) => [
      (management = createSupabaseManagement({ stateDir })),
      (slack = createSlack({ stateDir, webhookPath: webhook })),
    ],
  });
  cpSync('package.json', join(world.root, 'package.json'));
  for (const shared of ['launch', 'node_modules']) symlinkSync(join(process.cwd(), shared), join(world.root, shared));
  const id = await world.deploy('develop', 'good');
  await world.deploy('develop', 'bad');
  recordDeploy(world, id);
  const { superuser } = await world.supabase.database();
  await superuser.query("update agent_runtime_config set actions_disabled = true where config_key = 'global'");
  // What the sentences about an incident and a branch stand on: that there is one.
  expect(
    (await run('commands/incident/command.ts', ['start', '--title', 'One', '--kind', 'deploy', '--yes'])).code,
  ).toBe(0);
  const branch = ['create', 'my-change', '--yes', '--timeout', '30'];
  expect((await run('commands/dbBranch/command.ts', branch)).code).toBe(0);
}, 120_000);
afterAll(() => world.close());

function run(entry: string, args: readonly string[]) {
  return world.run(entry, args, {
    SUPABASE_ACCESS_TOKEN: management.store.state.token,
    SUPABASE_API_ENDPOINT: world.urls.supabaseManagement ?? '',
    SLACK_WEBHOOK_URL: `${world.urls.slack ?? ''}${webhook}`,
    ALERT_STATE_DIR: join(world.stateDir, 'alerts'),
  });
}

it('has commands to copy in every document', () => {
  const inBlocks = commands.filter(({ inSentence }) => !inSentence);
  expect(new Set(inBlocks.map(({ document }) => document)).size).toBe(documents.length);
});

it.each(commands.filter(({ line }) => !line.startsWith('npm run sandbox ')))(
  '$line has options of its verb',
  ({ line }) => {
    const { entry, args } = parsed(line);
    const known = [...optionsOf(entry, args), '--help'];
    const given = args.flatMap((arg) => (arg.startsWith('--') ? [arg.split('=')[0]] : []));
    expect(given.filter((option) => option === undefined || !known.includes(option))).toEqual([]);
  },
);

describe.each(documents)('%s', (document) => {
  const own = commands.filter((shown) => shown.document === document);

  it.each(own)(
    '$line',
    async ({ line, inSentence }) => {
      const { script, entry, args } = parsed(line);
      const start = world.log.length;
      const told = slack.messages().length;
      const ended = await run(
        entry,
        script === 'sandbox' ? [args[0] ?? '', '--help'] : harmless(entry, args, inSentence),
      );
      // 2 is an answer, too: no agent has tried anything here, and no vault is at hand for the doctor.
      expect([0, 2]).toContain(ended.code);
      expect(ended.stderr).not.toContain('--help shows');
      // A dry run announces nothing, for it does nothing.
      expect(ended.stdout + ended.stderr).not.toMatch(/\bThis will\b/);
      // A message is what an alert is for; every other write is none that a runbook's example may make.
      expect(slack.messages().length - told).toBe(script === 'alert:slack' && !inSentence ? 1 : 0);
      expect(world.writes(start).filter((write) => !write.startsWith('POST /services/'))).toEqual([]);
    },
    60_000,
  );
});

import { execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { layApplication } from '../../../sandbox/application/layApplication.ts';
import { readFromNextDeploy } from '../../../settings/nextDeploy.ts';
import { sharedProject } from '../../support/sharedProject.ts';
import { runSandboxCommand, type CommandResult } from '../../sandbox/commandProcess.ts';
import { commandsIn, words } from '../../support/documentCommands.ts';

// Every command of the runbooks, on the sandbox as `npm start` leaves it, to its successful end.
jest.setTimeout(240_000);
const documents = ['STAGING_OPERATIONS', 'INCIDENT_RESPONSE'];
const folder = mkdtempSync(join(tmpdir(), 'runbooks-'));
const dir = join(folder, 'sandbox');
const application = join(folder, 'application');
const checkout = join(folder, 'checkout');
const consent = ['--yes', '--project', sharedProject.ref];
const smoke = ['--smoke', `npm run --silent preview:smoke -- --report-dir ${join(folder, 'smoke-report')}`];
/** Older than what Supabase can restore to at this moment, and than the sandbox. */
const moment = new Date(Math.floor(Date.now() / 1000) * 1000 - 3600_000).toISOString();

/** A command of the documents, played. */
interface Case {
  /** The lines that show it; all but the first are the same command again. */
  readonly shows: readonly [string, ...string[]];
  /** What a person answers, and a script gives as options. */
  readonly more?: readonly string[];
  /** Documented commands of the sandbox that make the situation. */
  readonly before?: readonly (readonly string[])[];
  /** The line that proves its success. */
  readonly proves: string | RegExp;
  /** What else is to be so. */
  readonly also?: (ended: CommandResult) => void;
}

const lastLine = (text: string) => text.trimEnd().split('\n').at(-1);

/** One story: each case stands on those before. */
const story: readonly Case[] = [
  { shows: ['npm run doctor'], proves: /^fine +one path deploys staging +only the deploy job/m },
  { shows: ['npm run doctor -- --tokens'], proves: 'SUPABASE_ACCESS_TOKEN' },
  {
    shows: ['npm run drift -- --site-url https://staging--allincompassing.netlify.app'],
    proves: 'No drift.',
  },
  { shows: ['npm run sandbox -- exec npm run kill-switch -- status'], proves: "Staging's agents are enabled." },
  { shows: ['npm run kill-switch -- status'], proves: "Production's agents are enabled" },
  { shows: ['npm run sandbox -- agent act'], proves: '"hasAction":true' },
  {
    shows: [
      'npm run kill-switch -- off --reason "agents write nonsense" --dry-run',
      'npm run kill-switch -- off --reason "agents write nonsense"',
    ],
    more: consent,
    proves: 'Done and read back: agents are DISABLED by the row',
  },
  { shows: ['npm run sandbox -- agent try'], proves: '"killSwitchEnabled":true' },
  {
    shows: ['npm run kill-switch -- verify --timeout 0'],
    more: ['--grace', '0'],
    proves: /^Proved: \d+ refused by level 1, the row/m,
  },
  {
    shows: ['npm run kill-switch -- restore --reason "fixed in 1a2b3c4" --dry-run'],
    more: consent,
    proves: 'Done and read back: agents are enabled by the row',
  },
  {
    shows: ['npm run kill-switch -- off --emergency --reason "database is down" --dry-run'],
    more: consent,
    proves: 'Edge Function secret AGENT_ACTIONS_DISABLED=true: read back',
  },
  {
    shows: ['npm run kill-switch -- restore --emergency --reason "over" --dry-run'],
    more: consent,
    proves: 'Edge Function secret AGENT_ACTIONS_DISABLED=false: read back',
  },
  {
    shows: ['npm run drift -- --fix --only organization-differs:DEFAULT_ORGANIZATION_ID'],
    before: [['break', 'organization-differs']],
    more: ['--yes'],
    proves: 'No drift.',
    also: ({ stdout }) => expect(lastLine(stdout)).toBe(readFromNextDeploy()),
  },
  { shows: ['pulumi preview'], proves: /\d+ unchanged/ },
  {
    shows: ['pulumi up'],
    before: [['vault', 'rotate', 'access_token']],
    more: ['--yes', '--color=never'],
    proves: /1 updated/,
    also: ({ stdout }) => {
      const [, after = ''] = stdout.split('variablesAreRead');
      expect(after).toContain('npm run deploy:trigger');
      // No other output stands after it: only how much was done, and how long it took.
      expect(after.split('\n').filter((line) => /^ {4}\S+ *: /.test(line))).toEqual([]);
    },
  },
  { shows: ['npm run deploy:list'], proves: 'smoke passed' },
  {
    shows: ['npm run deploy:trigger -- --dry-run', 'npm run deploy:trigger'],
    more: ['--yes', ...smoke],
    proves: 'The deploy is ready and its smoke test passed.',
  },
  { shows: ['npm run deploy:rerun -- --dry-run'], more: ['--yes'], proves: /^Succeeded: /m },
  {
    shows: ['npm run deploy:rollback -- --dry-run', 'npm run deploy:rollback'],
    more: ['--yes'],
    proves: /^Deployed again from \w+; production still serves/m,
  },
  { shows: ['npm run deploy:unlock -- --help'], more: ['--yes'], proves: 'Nothing is locked.' },
  { shows: ['npm run env:local -- --help'], more: ['--yes', '--dir', checkout], proves: /^Wrote .*\.env\.local/m },
  {
    shows: ['npm run incident -- start --title "Staging does not load" --kind deploy --severity SEV2 --dry-run'],
    more: ['--yes'],
    proves: /^\S+: Incident: Staging does not load$/m,
    also: ({ stdout, stderr }) => {
      expect(stderr).toContain('Sent to Slack');
      expect(stdout).not.toContain('not seen');
    },
  },
  {
    shows: ['npm run incident -- update --text "Found it"'],
    more: ['--yes'],
    proves: /^\S+: Update: Staging does not load$/m,
  },
  {
    shows: ['npm run kill-switch -- off --emergency --reason "before a restore"'],
    more: consent,
    proves: 'Edge Function secret AGENT_ACTIONS_DISABLED=true: read back',
  },
  {
    shows: ['npm run incident -- restore --dry-run'],
    more: [...['--to', moment, '--confirm-to', moment], '--application', application, '--timeout', '60', ...consent],
    proves: `The Supabase project ${sharedProject.ref} was set back to ${moment}.`,
    also: ({ stdout }) => expect(stdout).not.toContain('AGENTS ACT AGAIN'),
  },
  {
    shows: [
      'npm run incident -- close --root-cause "A bad migration" --url https://staging--allincompassing.netlify.app',
    ],
    more: ['--yes', ...smoke],
    proves: /^\S+: Closed: Staging does not load$/m,
  },
];

/** Played as a whole in a test of its own. */
const elsewhere: Readonly<Record<string, string>> = {
  'npm run sandbox -- drill': 'test/sandbox/drill.test.ts',
  'npm run sandbox -- drill --leak': 'test/night/engine/drillLeak.test.ts',
};

/** As a person types it on the sandbox, without what would keep it from being done. */
function play(line: string, more: readonly string[]): Promise<CommandResult> {
  const done = words(line).filter((word) => word !== '--dry-run' && word !== '--help');
  const [program, , script] = done;
  if (program === 'npm' && script === 'sandbox') return onSandbox([...done.slice(4), ...more]);
  const dashes = program === 'npm' && !done.includes('--') ? ['--'] : [];
  return onSandbox(['exec', ...done, ...(more.length > 0 ? dashes : []), ...more]);
}

/** A busy machine may take its time for the vault, which is what most commands read first. */
const onSandbox = (args: readonly string[]) => runSandboxCommand(dir, args, '', { STAGING_VAULT_TIMEOUT: '200' });

beforeAll(async () => {
  layApplication('playbook', application);
  mkdirSync(checkout);
  writeFileSync(join(checkout, '.gitignore'), '.env.local\n');
  execFileSync('git', ['init', '--quiet', checkout]);
  const start = spawn(process.execPath, ['launch/command.mjs', 'sandbox/start.ts'], {
    env: { ...process.env, STAGING_SANDBOX_DIR: dir, NO_COLOR: '1', STAGING_VAULT_TIMEOUT: '200' },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let stderr = '';
  start.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  const code = await new Promise((resolve) => start.once('close', resolve));
  if (code !== 0) throw new Error(`npm start ended with ${String(code)}:\n${stderr}`);
}, 600_000);
afterAll(async () => {
  await runSandboxCommand(dir, ['stop']);
  rmSync(folder, { recursive: true, force: true });
});

describe('on the sandbox as npm start leaves it', () => {
  it.each(story.map((each) => [each.shows[0], each] as const))('%s', async (line, { more, before, proves, also }) => {
    for (const situation of before ?? []) {
      expect(await onSandbox(situation)).toMatchObject({ code: 0 });
    }
    const ended = await play(line, more ?? []);
    const said = `exit ${ended.code ?? 'by signal'}\n${ended.stdout}\n${ended.stderr}`;
    expect(said).toMatch(/^exit 0\n/);
    if (typeof proves === 'string') expect(said).toContain(proves);
    else expect(said).toMatch(proves);
    also?.(ended);
  });
});

it('plays every command of the runbooks', () => {
  const shown = documents.flatMap((document) => commandsIn(document, ['npm run', 'pulumi']));
  const played = new Set(story.flatMap(({ shows }) => shows));
  const lines = new Set(shown.map(({ line }) => line));
  expect([...lines].filter((line) => !played.has(line) && elsewhere[line] === undefined)).toEqual([]);
  // Nor a command that no document has any more.
  expect([...played, ...Object.keys(elsewhere)].filter((line) => !lines.has(line))).toEqual([]);
  for (const [line, file] of Object.entries(elsewhere)) {
    expect(existsSync(file)).toBe(true);
    expect(readFileSync(file, 'utf8')).toContain(`'${words(line).at(-1) ?? ''}'`);
  }
});

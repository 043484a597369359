import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { cpSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { createOnePassword, serviceAccountToken } from '../../../sandbox/standIns/onepassword/index.ts';
import type { Fault } from '../../../sandbox/server/faults.ts';
import { createSlack } from '../../../sandbox/standIns/slack/service.ts';
import {
  createSupabaseManagement,
  type SupabaseManagement,
} from '../../../sandbox/standIns/supabaseManagement/service.ts';
import { startWorld, type World } from './world.ts';

/** How a service fails, and what a person then reads. */
type Failure = readonly [name: string, fault: Fault, words: RegExp];
const failures: readonly Failure[] = [
  ...[401, 403, 404, 409].map((status) => [`${status}`, { status, body: '{}' }, new RegExp(`${status}`)] as const),
  ['429', { status: 429, headers: { 'retry-after': '0.01' } }, /429/],
  ['500', { status: 500, headers: { 'retry-after': '0.01' } }, /500/],
  ['a reset', { connection: 'reset' }, /connection failed/],
  ['a time-out', { connection: 'hang' }, /no answer within 1 s/],
  ['half an answer', { connection: 'half' }, /connection failed|not JSON/],
];

const project = 'wnnjeqheqxxyrgsjmygy';
const consent = ['--yes', '--project', project];
const reason = ['--reason', 'a test'];

/** Every command with a service that it cannot do without: its exit code then is 1, or the one that is named. */
type Command = readonly [entry: string, args: readonly string[], service: string, code?: number];
const commands: readonly Command[] = [
  ['killSwitch', ['status'], 'supabase'],
  ['killSwitch', ['off', ...reason, ...consent], 'supabase'],
  ['killSwitch', ['verify', '--since', '2026-01-01T00:00:00Z'], 'supabase'],
  ['killSwitch', ['off', '--emergency', ...reason, ...consent], 'supabaseManagement'],
  ['deploy', ['list'], 'netlify'],
  ['deploy', ['trigger', '--yes', '--via', 'netlify'], 'netlify'],
  ['deploy', ['rollback', '--yes'], 'github'],
  ['deploy', ['unlock', '--yes'], 'netlify'],
  ['deploy', ['rerun', '--yes'], 'github'],
  ['dbBranch', ['create', 'x', '--yes'], 'supabaseManagement'],
  ['dbBranch', ['list'], 'supabaseManagement'],
  ['dbBranch', ['get', 'x'], 'supabaseManagement'],
  ['dbBranch', ['delete', 'x', '--yes'], 'supabaseManagement'],
  ['dbBranch', ['promote', 'x', ...consent], 'supabaseManagement'],
  ['envLocal', ['--yes'], 'onepassword'],
  ['incident', ['start', '--title', 'x', '--kind', 'supabase', '--yes'], 'slack', 2],
  ['incident', ['restore'], 'supabaseManagement'],
  ['doctor', [], 'supabaseManagement', 2],
];

let world: World;
let management: SupabaseManagement;
let separate: string;
/** By command: how it ended with each failure. Most of the time is pauses, so all run side by side, ten at a time. */
let endings: readonly Promise<readonly Ending[]>[];
const webhook = `/services/T1/B1/${randomBytes(12).toString('hex')}`;
beforeAll(async () => {
  world = await startWorld({
    services: (stateDir) => [
      (management = createSupabaseManagement({ stateDir })),
      createSlack({ stateDir, webhookPath: webhook }),
      createOnePassword({ stateDir }),
    ],
  });
  world.secrets.push(management.store.state.token, webhook);
  cpSync('package.json', join(world.root, 'package.json'));
  for (const shared of ['launch', 'node_modules']) symlinkSync(join(process.cwd(), shared), join(world.root, shared));
  execFileSync('git', ['init', '-q'], { cwd: world.root });
  // A site of staging's own: only there is something to unlock.
  separate = join(world.root, '..', 'separate');
  cpSync(world.root, separate, { recursive: true });
  const file = join(separate, 'Pulumi.staging.yaml');
  const own = 'mode: separate-site\n    productionSite: production-elsewhere';
  writeFileSync(file, readFileSync(file, 'utf8').replace('mode: shared-site', own));
  const turn = turns(10);
  endings = commands.map((command) => Promise.all(failures.map((failure) => turn(() => failing(command, failure)))));
}, 60_000);
afterAll(() => world.close());

/** Lets so many at a time. */
function turns(free: number): <Result>(work: () => Promise<Result>) => Promise<Result> {
  const waiting: (() => void)[] = [];
  return async (work) => {
    if (free > 0) free -= 1;
    else await new Promise<void>((resolve) => waiting.push(resolve));
    try {
      return await work();
    } finally {
      const next = waiting.shift();
      if (next) next();
      else free += 1;
    }
  };
}

/** The environment in which one service is at another address. */
function environment(service: string, address: string): Record<string, string> {
  const at = (name: string) => (name === service ? address : (world.urls[name] ?? ''));
  return {
    NETLIFY_API_ENDPOINT: at('netlify'),
    GITHUB_BASE_URL: `${at('github')}/`,
    SUPABASE_URL: at('supabase'),
    STAGING_SUPABASE_URL: at('supabase'),
    SUPABASE_API_ENDPOINT: at('supabaseManagement'),
    SUPABASE_ACCESS_TOKEN: management.store.state.token,
    SLACK_WEBHOOK_URL: at('slack') + webhook,
    ALERT_ATTEMPTS: '1',
    ALERT_STATE_DIR: join(world.stateDir, 'alerts'),
    OP_SERVICE_ACCOUNT_TOKEN: serviceAccountToken(world.stateDir, Number(new URL(at('onepassword')).port)),
    ...(service === 'onepassword' && { STAGING_VAULT: 'on', STAGING_VAULT_TIMEOUT: '4' }),
  };
}

interface Ending {
  readonly name: string;
  readonly code: number | null;
  readonly explained: boolean;
  readonly trace: boolean;
}

async function failing([entry, args, service]: Command, [name, fault, words]: Failure): Promise<Ending> {
  const env = {
    ...environment(service, await world.face(service, [fault])),
    ...(fault.connection === 'hang' && { STAGING_REQUEST_TIMEOUT: '1' }),
    INCIDENTS_DIR: join(world.stateDir, `incidents-${name}`),
  };
  const cwd = args.includes('unlock') ? separate : world.root;
  const { code, stdout, stderr } = await world.run(`commands/${entry}/command.ts`, args, env, { cwd });
  const said = stdout + stderr;
  const explained = service === 'onepassword' || service === 'slack' || words.test(said);
  return { name, code, explained, trace: /\n\s+at /.test(said), ...(explained ? {} : { said }) };
}

it.each(commands.map((command, index) => [command[0], command[1], command[2], index] as const))(
  '%s %j changes nothing and says why while %s fails',
  async (_, __, ___, index) => {
    const code = commands[index]?.[3] ?? 1;
    const wanted = failures.map(([name]) => ({ name, code, explained: true, trace: false }));
    expect(await endings[index]).toEqual(wanted);
  },
  180_000,
);

it('changes nothing in any of these cases, but for the message whose answer was cut', () => {
  expect(world.log.flatMap(({ effects }) => effects)).toEqual(['message #deployments']);
});

import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chmodSync, cpSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { saveIncident } from '../../operations/incident/record.ts';
import { createOnePassword, serviceAccountToken } from '../../sandbox/onepassword/index.ts';
import { createSlack } from '../../sandbox/slack/service.ts';
import { createSupabaseManagement, type SupabaseManagement } from '../../sandbox/supabaseManagement/service.ts';
import { startWorld, type World } from '../operations/world.ts';
import { cases, type Case } from './commands.ts';
import { failing, faults, type NamedFault } from './faults.ts';
import { Pool, type Ending } from './pool.ts';
import { matrixTable, type Cell } from './table.ts';

let world: World;
let management: SupabaseManagement;
let pools: { readonly shared: Pool; readonly separate: Pool; readonly vault: Pool };
let path: string;
const webhook = `/services/T1/B1/${randomBytes(12).toString('hex')}`;
const cells: Cell[] = [];

/** An empty stack: what is declared is not there yet. */
const emptyState = { version: 3, deployment: { manifest: { time: '2026-01-01T00:00:00Z' }, resources: [] } };

beforeAll(async () => {
  world = await startWorld({
    services: (stateDir) => [
      (management = createSupabaseManagement({ stateDir })),
      createSlack({ stateDir, webhookPath: webhook }),
      createOnePassword({ stateDir }),
    ],
  });
  world.secrets.push(management.store.state.token, webhook);
  const bin = join(world.stateDir, 'bin');
  mkdirSync(bin);
  cpSync('test/faults/pulumi.sh', join(bin, 'pulumi'));
  chmodSync(join(bin, 'pulumi'), 0o755);
  writeFileSync(join(bin, 'state.json'), JSON.stringify(emptyState));
  path = `${bin}:${process.env.PATH ?? ''}`;
  cpSync('package.json', join(world.root, 'package.json'));
  for (const shared of ['launch', 'node_modules']) symlinkSync(join(process.cwd(), shared), join(world.root, shared));
  execFileSync('git', ['init', '-q'], { cwd: world.root });
  // A site of staging's own: only there is something to unlock.
  const separate = join(world.root, '..', 'separate');
  cpSync(world.root, separate, { recursive: true });
  const file = join(separate, 'Pulumi.staging.yaml');
  const own = 'mode: separate-site\n    productionSite: production-elsewhere';
  writeFileSync(file, readFileSync(file, 'utf8').replace('mode: shared-site', own));
  const { NODE_EXTRA_CA_CERTS = '', HTTPS_PROXY = '', NO_PROXY = '' } = world.environment;
  const env = { NODE_EXTRA_CA_CERTS, HTTPS_PROXY, NO_PROXY, NODE_USE_ENV_PROXY: '1' };
  // 1Password's SDK knows but the one global fetch: its runs are one after the other.
  pools = {
    shared: new Pool(world.root, env, 16),
    separate: new Pool(separate, env, 4),
    vault: new Pool(world.root, env, 1),
  };
  incidentToRestore();
}, 120_000);
afterAll(async () => {
  pools.shared.close();
  pools.separate.close();
  pools.vault.close();
  await world.close();
  const folder = process.env.TEST_TABLES;
  if (folder !== undefined) writeFileSync(join(folder, 'faults.txt'), matrixTable(cases, faults, cells));
});

/** `incident restore` needs an open incident. */
function incidentToRestore(): void {
  saveIncident(incidents('open'), {
    ...{ id: 'x', title: 'x', severity: 'high', kind: 'supabase', lead: 'x', startedAt: '2026-01-01T00:00:00Z' },
    timeline: [],
  });
}

function incidents(name: string): string {
  return join(world.stateDir, `incidents-${name}`);
}

/** The environment in which one service is at another address. */
function environment(service: string, address: string): Record<string, string> {
  const at = (name: string) => (name === service ? address : (world.urls[name] ?? ''));
  return {
    ...world.environment,
    PATH: path,
    NETLIFY_API_ENDPOINT: at('netlify'),
    GITHUB_BASE_URL: `${at('github')}/`,
    SUPABASE_URL: at('supabase'),
    STAGING_SUPABASE_URL: at('supabase'),
    SUPABASE_API_URL: at('supabaseManagement'),
    SUPABASE_ACCESS_TOKEN: management.store.state.token,
    SLACK_WEBHOOK_URL: at('slack') + webhook,
    ALERT_ATTEMPTS: '2',
    ALERT_STATE_DIR: join(world.stateDir, 'alerts'),
    OP_SERVICE_ACCOUNT_TOKEN: serviceAccountToken(world.stateDir, Number(new URL(at('onepassword')).port)),
    ...(service === 'onepassword' && { STAGING_VAULT: 'on', STAGING_VAULT_TIMEOUT: '4' }),
  };
}

/** What is wrong with how a command ended; nothing, if it ended as it should. */
function problems({ service, code = 1, except }: Case, fault: NamedFault, ended: Ending): string[] {
  const said = ended.stdout + ended.stderr;
  const wanted = except?.[fault.name]?.code ?? code;
  // 1Password's SDK and Slack have words of their own; they must be named.
  const cause = service === 'onepassword' ? /1Password/ : service === 'slack' ? /Slack/i : fault.cause;
  return [
    ...(ended.code === 'hang' ? ['hangs'] : []),
    ...(ended.code !== wanted ? [`exit code ${ended.code}, not ${wanted}`] : []),
    ...(except?.[fault.name] === undefined && !cause.test(said) ? ['does not name the cause'] : []),
    ...(/\n\s+at /.test(said) ? ['prints a stack trace'] : []),
    ...(world.secrets.some((secret) => said.includes(secret)) ? ['prints a secret'] : []),
  ];
}

function poolOf({ service, separate }: Case): Pool {
  if (service === 'onepassword') return pools.vault;
  return separate === true ? pools.separate : pools.shared;
}

async function attempt(one: Case, fault: NamedFault, index: number): Promise<readonly string[]> {
  const faulty = await failing(world.urls[one.service] ?? '', fault, one.extent);
  try {
    const env = {
      ...environment(one.service, faulty.url),
      // A busy machine may take its time; only the time-out itself is short.
      STAGING_REQUEST_TIMEOUT: fault.name === 'time-out' ? '1' : '60',
      ALERT_TIMEOUT_SECONDS: fault.name === 'time-out' ? '1' : '60',
      INCIDENTS_DIR: one.args[0] === 'restore' ? incidents('open') : incidents(`${index}-${fault.name}`),
    };
    const ended = await poolOf(one).run(one.entry, one.args, env);
    const wrong = problems(one, fault, ended);
    cells.push({ case: one, fault, problems: wrong, ms: ended.ms });
    return wrong.length === 0 ? [] : [...wrong, ended.stdout, ended.stderr];
  } finally {
    faulty.close();
  }
}

/** All run side by side: most of their time is pauses. */
const running = new Map<Case, Promise<readonly string[]>[]>();
beforeAll(() => {
  for (const one of cases) running.set(one, []);
  for (const fault of faults) {
    for (const [index, one] of cases.entries()) {
      const ended = attempt(one, fault, index);
      ended.catch(() => undefined); // heard by the test that awaits it
      running.get(one)?.push(ended);
    }
  }
});

describe.each(cases.map((one) => [one.entry, one.args.join(' '), one.extent, one.service, one] as const))(
  '%s %s while %s of %s',
  (_, __, ___, ____, one) => {
    it.each(faults.map(({ name }, index) => [name, index] as const))(
      'fails by %s',
      async (__name, index) => {
        expect(await running.get(one)?.[index]).toEqual([]);
      },
      300_000,
    );
  },
);

it('changed nothing anywhere', () => {
  expect(world.log.flatMap(({ effects }) => effects).filter((effect) => !effect.startsWith('message '))).toEqual([]);
});

import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Incident } from '../../incidents/record.ts';
import { serviceAccountToken } from '../../sandbox/standIns/onepassword/index.ts';
import type { Case } from './case.ts';
import { cases } from './commands.ts';
import { failing, faults, type NamedFault } from './faults.ts';
import { Pool, type Ending } from './pool.ts';
import { matrixTable, type Cell } from './table.ts';
import { layIncident, startWorlds, type Worlds } from './worlds.ts';

let worlds: Worlds;
let pools: {
  readonly first: Pool;
  readonly second: Pool;
  readonly large: Pool;
  readonly patient: Pool;
  readonly vault: Pool;
};
const cells: Cell[] = [];

beforeAll(async () => {
  worlds = await startWorlds();
  const { root, environment: given } = worlds.world;
  const { NODE_EXTRA_CA_CERTS = '', HTTPS_PROXY = '', NO_PROXY = '' } = given;
  const env = { NODE_EXTRA_CA_CERTS, HTTPS_PROXY, NO_PROXY, NODE_USE_ENV_PROXY: '1' };
  pools = {
    first: new Pool(root, env, 24),
    second: new Pool(root, env, 24),
    // 64 MB come in a thousand parts, each of which would wait while others load their code.
    large: new Pool(root, env, 12),
    // The services that are well have to answer within the time that ends those that are not.
    patient: new Pool(root, env, 48, 250),
    // 1Password's SDK knows but the one global fetch: its runs are one after the other.
    vault: new Pool(root, env, 1),
  };
}, 120_000);
afterAll(async () => {
  for (const pool of Object.values(pools)) pool.close();
  await worlds.close();
  const folder = process.env.TEST_TABLES;
  if (folder !== undefined) writeFileSync(join(folder, 'faults.txt'), matrixTable(cases, faults, cells));
});

/** The environment of a cell, in which one service is at another address. */
function environment(one: Case, address: string, cell: string): Record<string, string> {
  const { world, thrown, token, webhook } = worlds;
  const urls = worlds.urls(one);
  const at = (name: string) => (name === one.service ? address : (urls[name] ?? ''));
  return {
    ...world.environment,
    PATH: `${worlds.programs(one)}:${process.env.PATH ?? ''}`,
    NETLIFY_API_ENDPOINT: at('netlify'),
    GITHUB_BASE_URL: `${at('github')}/`,
    GITHUB_API_URL: at('github'),
    GITHUB_REPOSITORY: 'allincompassing/allincompassing',
    SUPABASE_URL: at('supabase'),
    STAGING_SUPABASE_URL: at('supabase'),
    ...(one.world === 'thrown' && {
      SUPABASE_SERVICE_ROLE_KEY: thrown.keys.serviceRoleKey,
      SUPABASE_ANON_KEY: thrown.keys.anonKey,
    }),
    SUPABASE_API_ENDPOINT: at('supabaseManagement'),
    SUPABASE_ACCESS_TOKEN: token,
    SLACK_WEBHOOK_URL: at('slack') + webhook,
    ALERT_ATTEMPTS: '2',
    ALERT_STATE_DIR: alertsOf(cell),
    DRIFT_STATE_DIR: join(world.stateDir, 'drift', cell),
    INCIDENTS_DIR: incidentsOf(cell),
    ...(one.entry === 'previewSmoke' && {
      ...{ SMOKE_BROWSER: '/bin/true', DEFAULT_ORGANIZATION_ID: thrown.organizationId },
      ...{ SMOKE_USER_EMAIL: thrown.person.email, SMOKE_USER_PASSWORD: thrown.person.password },
    }),
    ...(one.entry === 'doctor' && {
      NETLIFY_AUTH_TOKEN: worlds.deployToken,
      SLACK_WEBHOOK_URL: `https://hooks.slack.com${webhook}`,
    }),
    OP_SERVICE_ACCOUNT_TOKEN: serviceAccountToken(world.stateDir, Number(new URL(at('onepassword')).port)),
    ...(one.service === 'onepassword' && { STAGING_VAULT: 'on', STAGING_VAULT_TIMEOUT: '4' }),
    ...Object.fromEntries((one.without ?? []).map((name) => [name, ''])),
  };
}

function alertsOf(cell: string): string {
  return join(worlds.world.stateDir, 'alerts', cell);
}

function incidentsOf(cell: string): string {
  return join(worlds.world.stateDir, 'incidents', cell);
}

function incidentsIn(folder: string): Incident[] {
  if (!existsSync(folder)) return [];
  const files = readdirSync(folder).filter((name) => name.endsWith('.json'));
  return files.map((name) => JSON.parse(readFileSync(join(folder, name), 'utf8')) as Incident);
}

/** 1Password's SDK and Slack have words of their own; they must be named. */
function causeOf({ service, entry }: Case, { cause }: NamedFault): RegExp {
  if (service === 'onepassword') return /1Password/;
  return service === 'slack' ? (entry === 'drift' ? /not delivered/ : /Slack/i) : cause;
}

/** What is wrong with how a command ended; nothing, if it ended as it should. */
function problems(one: Case, fault: NamedFault, ended: Ending): string[] {
  const { code = 1, except, says = [], never } = one;
  const said = ended.stdout + ended.stderr;
  const wanted = except?.[fault.name]?.code ?? code;
  const claim = never?.exec(said)?.[0];
  return [
    ...(ended.code === 'hang' ? ['hangs'] : []),
    ...(ended.code !== wanted ? [`exit code ${ended.code}, not ${wanted}`] : []),
    ...(except?.[fault.name] === undefined && !causeOf(one, fault).test(said) ? ['does not name the cause'] : []),
    ...says.filter((words) => !words.test(said)).map((words) => `does not say ${words.source}`),
    ...(claim === undefined ? [] : [`claims: ${claim}`]),
    ...(/\n\s+at /.test(said) ? ['prints a stack trace'] : []),
    ...(worlds.world.secrets.some((secret) => said.includes(secret)) ? ['prints a secret'] : []),
  ];
}

async function attempt(one: Case, fault: NamedFault, index: number): Promise<readonly string[]> {
  const cell = `${index}-${fault.name.replaceAll(' ', '-')}`;
  const faulty = await failing(worlds.urls(one)[one.service] ?? '', fault, one.extent);
  const own = one.ownSecret && (await worlds.ownManagement(one.ownSecret));
  try {
    if (one.incident === true) layIncident(incidentsOf(cell));
    mkdirSync(alertsOf(cell), { recursive: true });
    // A busy machine may take its time; only the time-out itself is short.
    const patience = fault.name === 'time-out' ? '4' : '60';
    const given: Readonly<Record<string, string>> = {
      '{cell}': cell,
      '{site}': siteOf(one, faulty.url),
      '{earlier}': worlds.earlierDeploy,
      // The smoke test's is for every service, those too that are well.
      '{patience}': fault.name === 'time-out' ? '8' : '60',
    };
    const args = one.args.map((arg) => arg.replaceAll(/\{\w+\}/g, (name) => given[name] ?? name));
    const env = {
      ...environment(one, faulty.url, cell),
      ...(own && { SUPABASE_API_ENDPOINT: own.url }),
      STAGING_REQUEST_TIMEOUT: patience,
      ALERT_TIMEOUT_SECONDS: patience,
    };
    const pool = poolOf(one, fault, index);
    const ran = await pool.run(one.entry, args, env, worlds.folder(one));
    const alert = join(alertsOf(cell), 'said');
    const ended = existsSync(alert) ? { ...ran, stderr: ran.stderr + readFileSync(alert, 'utf8') } : ran;
    const left = { ended, fault: fault.name, incidents: incidentsIn(incidentsOf(cell)), secret: own?.value() };
    const wrong = [...problems(one, fault, ended), ...(one.judge?.(left) ?? [])];
    cells.push({ case: one, fault, problems: wrong, ms: ended.ms });
    return wrong.length === 0 ? [] : [...wrong, ended.stdout, ended.stderr];
  } finally {
    faulty.close();
  }
}

function poolOf({ service }: Case, { name }: NamedFault, index: number): Pool {
  if (service === 'onepassword') return pools.vault;
  if (name === '64 MB') return pools.large;
  if (name === 'time-out') return pools.patient;
  return index % 2 === 0 ? pools.first : pools.second;
}

function siteOf(one: Case, faulty: string): string {
  return one.service === 'site' ? faulty : (worlds.urls(one).site ?? '');
}

/** All run side by side: most of their time is pauses. */
const running = new Map<Case, Promise<readonly string[]>[]>();
beforeAll(() => {
  // Row by row: what is long, or large, is spread.
  for (const [row, one] of cases.entries()) {
    const cellsOfRow = faults.map((fault, column) => attempt(one, fault, row * faults.length + column));
    for (const ended of cellsOfRow) ended.catch(() => undefined); // heard by the test that awaits it
    running.set(one, cellsOfRow);
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
  const effects = worlds.world.log.flatMap((entry) => entry.effects);
  expect(effects.filter((effect) => !effect.startsWith('message '))).toEqual([]);
});

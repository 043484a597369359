import { randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { processes } from '../../engine/processes.ts';
import { allowanceVariables } from '../../settings/allowances.ts';
import { childEnvironment } from '../../launch/childEnvironment.mjs';
import { launchBrowser } from '../../commands/previewSmoke/browser/browser.ts';
import { npmPackage } from '../../commands/previewSmoke/browser/npmPackage.ts';
import { runSmoke } from '../../deploys/smoke.ts';
import { pipelineFiles } from '../../commands/drift/checks/pipelineFiles.ts';
import { announce } from '../../commands/incident/announce.ts';
import { driftSummary } from '../../commands/incident/drift.ts';
import type { Incident } from '../../incidents/record.ts';
import { commitCommand } from '../../killSwitch/configuration.ts';
import { actionlint } from '../../commands/lintWorkflows/actionlint.ts';
import { zizmor } from '../../commands/lintWorkflows/zizmor.ts';
import { pushByCommandLine } from '../../commands/incident/migrations/commandLine.ts';
import { showDiff } from '../../commands/pipeline/diff.ts';
import { ignoredByGit } from '../../commands/pipeline/ignored.ts';
import { pulumi } from '../../engine/pulumi.ts';
import { packedSources } from '../../commands/scan/packed.ts';
import { git } from '../../files/git.ts';
import { sharedProject } from '../support/sharedProject.ts';

/** Credentials of other services or of other holders, whose names begin as those do that some child needs. */
const alike = [
  ...['GOOGLE_API_KEY', 'GODADDY_API_KEY', 'PGP_PRIVATE_KEY', 'AZURE_OPENAI_API_KEY', 'AZURE_DEVOPS_EXT_PAT'],
  ...['NETLIFY_AUTH_TOKEN', 'NETLIFY_READ_TOKEN', 'STAGING_GITHUB_TOKEN', 'STAGING_GITHUB_READ_TOKEN'],
  ...['GITHUB_WEBHOOK_SECRET', 'GITHUB_CLIENT_SECRET', 'GH_PAT', 'TF_VAR_password', 'TF_TOKEN_app_terraform_io'],
  ...['SLACK_BOT_TOKEN', 'VAULT_PASSWORD', 'OP_CONNECT_TOKEN', 'SUPABASE_JWT_SECRET', 'CLOUDSDK_API_KEY'],
];
/** What the commands' own environment may hold, each with a value of its own. */
const tokens = [
  ...alike,
  ...['NETLIFY_API_TOKEN', 'GITHUB_TOKEN', 'OP_SERVICE_ACCOUNT_TOKEN', 'SUPABASE_SERVICE_ROLE_KEY'],
  ...['SUPABASE_ACCESS_TOKEN', 'SLACK_WEBHOOK_URL', 'SMOKE_USER_PASSWORD', 'PULUMI_CONFIG_PASSPHRASE', 'NPM_TOKEN'],
  ...['PLAYWRIGHT_SERVICE_ACCESS_TOKEN', 'PLAYWRIGHT_DASHBOARD_TOKEN'],
  ...['npm_config__authToken', 'AWS_SECRET_ACCESS_KEY', 'DATABASE_URL'],
];
const stateTokens = ['PULUMI_CONFIG_PASSPHRASE', 'AWS_SECRET_ACCESS_KEY'];
const engineTokens = [
  ...['NETLIFY_API_TOKEN', 'GITHUB_TOKEN', 'OP_SERVICE_ACCOUNT_TOKEN', 'SUPABASE_ACCESS_TOKEN'],
  ...stateTokens,
];

let folder: string;
let seen: string;
const before = { ...process.env };

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'children-'));
  seen = join(folder, 'seen');
  const bin = join(folder, 'bin');
  mkdirSync(bin);
  // Each stands in a program's place: it keeps what it was started with, and answers what an empty `npm pack` would.
  for (const name of ['git', 'npm', 'pulumi', 'browser', 'supabase', 'go', 'python3', 'ps']) {
    const lines = ['#!/bin/sh', `env > '${seen}'`, `echo "$*" > '${seen}.args'`, `echo '[{"files":[]}]'`];
    writeFileSync(join(bin, name), `${lines.join('\n')}\n`, { mode: 0o755 });
  }
  // And this one in our own launcher's place.
  mkdirSync(join(folder, 'launch'));
  const launcher = `import { writeFileSync } from 'node:fs';
    writeFileSync(${JSON.stringify(seen)}, Object.entries(process.env).map((pair) => pair.join('=')).join('\\n'));
    console.log(process.argv[2] === 'commands/drift/command.ts' ? '{"findings":[],"errors":[]}' : '[]');`;
  writeFileSync(join(folder, 'launch', 'command.mjs'), launcher);
  for (const name of tokens) process.env[name] = randomBytes(12).toString('hex');
  process.env.PATH = `${bin}${delimiter}${process.env.PATH ?? ''}`;
  process.env.STAGING_CACHE_DIR = join(folder, 'cache');
});
afterAll(() => {
  for (const name of [...tokens, 'PATH', 'STAGING_CACHE_DIR']) {
    if (before[name] === undefined) Reflect.deleteProperty(process.env, name);
    else process.env[name] = before[name];
  }
  rmSync(folder, { recursive: true, force: true });
});
beforeEach(() => rmSync(seen, { force: true }));

/** The tokens whose value the child was started with, under whatever name. */
function reached(): string[] {
  const text = readFileSync(seen, 'utf8');
  expect(text).toContain('PATH=');
  return tokens.filter((name) => text.includes(process.env[name] ?? name));
}

const quiet = () => undefined;
const wanted = { name: 'a-package', version: '1.0.0', what: 'a package' };
const incident: Incident = {
  ...{ id: 'x', title: 'x', severity: 'high', kind: 'supabase', lead: 'x', startedAt: '2026-01-01T00:00:00Z' },
  timeline: [],
};

/** Each child that a command starts, and the tokens that it is to have. */
const children: readonly (readonly [string, () => unknown, readonly string[]])[] = [
  ['git, where it reads a folder', () => git(folder, ['status']), []],
  ['git, asked what it ignores', () => ignoredByGit(folder, 'x'), []],
  ['git, asked what it tracks', () => commitCommand(join(folder, 'x'), 'x'), []],
  ['git, showing differences', () => showDiff([]), []],
  ['an installation from npm', () => npmPackage(wanted, quiet), []],
  ['npm pack', () => packedSources(folder), []],
  ['the browser', () => launchBrowser({ executable: join(folder, 'bin', 'browser'), origin: 'x' }), []],
  ['the alert', () => announce(incident, 'x', 'x', folder), ['SLACK_WEBHOOK_URL']],
  [
    'the smoke test',
    () => runSmoke('npm run x', 'https://example.org', { root: folder, project: sharedProject }),
    ['SMOKE_USER_PASSWORD'],
  ],
  [
    "Supabase's command line",
    () => pushByCommandLine(join(folder, 'bin', 'supabase'), { root: folder }, { ref: 'x', includeAll: false }, quiet),
    ['SUPABASE_ACCESS_TOKEN'],
  ],
  ['pulumi stack', () => pulumi(['stack', 'export'], { cwd: folder }), stateTokens],
  ['pulumi preview', () => pulumi(['preview'], { cwd: folder }), engineTokens],
  [
    'drift for an incident',
    () => driftSummary({ root: folder, stack: 'x' } as never),
    [...engineTokens, 'SUPABASE_SERVICE_ROLE_KEY'],
  ],
  ["the check of the application's files", () => pipelineFiles(folder, folder), []],
  ['the building of actionlint', () => actionlint(), []],
  ['the fetching of zizmor', () => zizmor(), []],
  ['ps, where the machine has no /proc', () => processes(join(folder, 'no-proc')), []],
];

describe('a child process gets the tokens that it needs, and no others', () => {
  it.each(children)('%s', async (_, start, needed) => {
    await Promise.resolve(start()).catch(quiet); // a stand-in does no work: some callers miss its result
    expect(reached().sort()).toEqual([...needed].sort());
  });
});

describe('no script of a package runs', () => {
  it.each([
    ['an installation', () => npmPackage({ ...wanted, version: '1.0.1' }, quiet)],
    ['a listing of what would be packed', () => packedSources(folder)],
  ])('in %s', async (_, start) => {
    await start();
    expect(readFileSync(`${seen}.args`, 'utf8').split(/\s/)).toContain('--ignore-scripts');
  });
});

describe('a credential whose name begins as a needed one does', () => {
  const kinds = [
    ...(['local', 'npm', 'packageManager', 'pip', 'go', 'browser', 'browserDownload', 'smoke', 'alert'] as const),
    ...(['state', 'engine', 'drift', 'supabase'] as const),
  ];
  it.each(kinds)('does not reach a child of the kind %s', (kind) => {
    expect(childEnvironment(kind, Object.fromEntries(alike.map((name) => [name, 'x'])))).toEqual({});
  });

  it('is told from what the engine’s backends and providers read', () => {
    const needed = [
      ...['AWS_SECRET_ACCESS_KEY', 'AZURE_STORAGE_KEY', 'AZURE_CLIENT_SECRET', 'GOOGLE_CREDENTIALS', 'VAULT_TOKEN'],
      ...['PGPASSWORD', 'PULUMI_ACCESS_TOKEN', 'GITHUB_APP_PEM_FILE', 'GH_TOKEN', 'OP_ACCOUNT', 'TF_LOG_PROVIDER'],
      ...[...allowanceVariables, 'STAGING_SUPABASE_URL', 'STAGING_VAULT_TIMEOUT', 'TF_REATTACH_PROVIDERS'],
    ];
    const env = Object.fromEntries(needed.map((name) => [name, 'x']));
    expect(childEnvironment('engine', env)).toEqual(env);
  });
});

it('leaves out no file that starts a process', () => {
  // Whatever a user's machine runs: not the stand-ins, the tests and what is generated.
  const others = ['bench', 'dist', 'docs', 'node_modules', 'sandbox', 'sdks', 'test'];
  const folders = readdirSync('.', { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && !entry.name.startsWith('.') && !others.includes(entry.name))
    .map(({ name }) => name);
  const files = folders
    .flatMap((name) => readdirSync(name, { recursive: true, encoding: 'utf8' }).map((file) => join(name, file)))
    .filter((file) => /\.[cm]?[jt]s$/.test(file));
  const starts = (line: string) => line.includes("child_process'") && !line.startsWith('import type ');
  const starting = files.filter((file) => readFileSync(file, 'utf8').split('\n').some(starts));
  expect(starting.length).toBeGreaterThan(15);
  const without = starting.filter((file) => !readFileSync(file, 'utf8').includes('childEnvironment('));
  expect(without).toEqual([join('toolchain', 'build', 'goBuild.ts')]); // it builds with the environment that its caller made for it
});

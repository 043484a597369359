import { cpSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Finding } from '../../../commands/drift/finding.ts';
import type { Recorded } from '../../../engine/recorded.ts';
import { valueSearch } from '../../../detection/text/valueSearch.ts';
import type { World } from '../../../sandbox/drift/injection.ts';
import { stagingAddress } from '../../../sandbox/process/identity.ts';
import { operationsEnvironment } from '../../../sandbox/process/environment.ts';
import { expectFine, type Project } from '../project.ts';

/** What a row of the tables says of a kind: how bad, and who fixes it. */
export type Row = readonly [Finding['severity'], Finding['fix']['by']];

/** One look by the command itself. */
export interface Looked {
  readonly code: number | null;
  readonly found: readonly Finding[];
  readonly errors: readonly string[];
  readonly notChecked: readonly string[];
  /** All that the command printed. */
  readonly output: string;
}

/** How `npm run drift` is called; what takes its time is off unless a test is about it. */
export interface LookWith {
  readonly vault?: boolean;
  readonly database?: boolean;
  readonly env?: Readonly<Record<string, string>>;
}

/** What reads the kill switch, without the vault. */
function databaseAccess({ sandbox }: Project): Record<string, string> {
  const { SUPABASE_URL, STAGING_SUPABASE_URL, SUPABASE_API_ENDPOINT, SUPABASE_ACCESS_TOKEN } = operationsEnvironment(
    sandbox.dir,
    sandbox.endpoints,
  );
  const access = { SUPABASE_URL, STAGING_SUPABASE_URL, SUPABASE_API_ENDPOINT, SUPABASE_ACCESS_TOKEN };
  const given = Object.entries(access).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, value] as const],
  );
  const key = sandbox.standIns().onepassword.vault.read('service_role_key');
  return { ...Object.fromEntries(given), SUPABASE_SERVICE_ROLE_KEY: key };
}

/** Where the deployed site of the project answers. */
export const siteOf = ({ sandbox }: Project) => ({
  STAGING_URL: `${sandbox.endpoints.hosting}/${new URL(stagingAddress).host}`,
});

/** Runs `npm run drift -- … --json` in the project. */
export async function drift(
  project: Project,
  args: readonly string[] = [],
  { vault = false, database = false, env = {} }: LookWith = {},
): Promise<Looked> {
  const { code, output } = await project.command('commands/drift/command.ts', [...args, '--json'], {
    env: {
      ...(!vault && { STAGING_VAULT: 'off' }),
      ...(database ? databaseAccess(project) : { SUPABASE_URL: '' }),
      ...env,
    },
  });
  const start = output.indexOf('{\n');
  const end = output.lastIndexOf('\n}');
  if (start === -1) throw new Error(output);
  const { findings, errors, notChecked } = JSON.parse(output.slice(start, end + 2)) as {
    findings: Finding[];
    errors: string[];
    notChecked: string[];
  };
  return { code, found: findings, errors, notChecked, output };
}

/** What the tables compare. */
export function shortly(found: readonly Finding[]): (readonly [string, ...Row])[] {
  return found.map(({ kind, severity, fix }) => [kind, severity, fix.by] as const);
}

/** The arguments of a printed `npm run drift -- …`. */
export function argumentsOf(command: string): string[] {
  const [, given = ''] = /^npm run drift -- (.*)$/.exec(command) ?? [];
  return given.split(' ').map((word) => word.replace(/^'(.*)'$/, '$1'));
}

/** Where the injections act. */
export function worldOf({ sandbox }: Project): World {
  const { onepassword, ...services } = sandbox.standIns();
  const deploy = () => sandbox.deployJob.deploy();
  return { ...services, vault: onepassword.vault, stateDir: sandbox.stateDir, deploy };
}

/** The file in which the file backend keeps the stack, and what it holds. */
export function editState(
  { environment }: Project,
  change: (deployment: { resources: Record<string, unknown>[]; [other: string]: unknown }) => void,
): void {
  const folder = fileURLToPath(environment.PULUMI_BACKEND_URL ?? '');
  const file = join(folder, '.pulumi', 'stacks', 'allincompassing', 'staging.json');
  const state = JSON.parse(readFileSync(file, 'utf8')) as {
    checkpoint: { latest: { resources: Record<string, unknown>[] } };
  };
  change(state.checkpoint.latest);
  writeFileSync(file, JSON.stringify(state));
}

/** Remembers services, vault, stack and configuration; the function brings them back. */
export function snapshot({ root, sandbox, environment }: Project): () => Promise<void> {
  const { netlify, onepassword, supabase, supabaseManagement } = sandbox.standIns();
  const management = structuredClone(supabaseManagement.store.state);
  const site = structuredClone(netlify.store.state);
  const githubFile = join(sandbox.stateDir, 'github.json');
  const stackFile = join(root, 'Pulumi.staging.yaml');
  const [github, configuration] = [readFileSync(githubFile), readFileSync(stackFile)];
  const fields = onepassword.vault.list().map(({ label }) => [label, onepassword.vault.read(label)] as const);
  const state = fileURLToPath(environment.PULUMI_BACKEND_URL ?? '');
  cpSync(state, `${state}.saved`, { recursive: true });
  return async () => {
    netlify.store.update((now) => Object.assign(now, structuredClone(site)));
    supabaseManagement.store.update((now) => Object.assign(now, structuredClone(management)));
    writeFileSync(githubFile, github);
    writeFileSync(stackFile, configuration);
    for (const [label, value] of fields) onepassword.vault.set(label, value);
    rmSync(state, { recursive: true });
    cpSync(`${state}.saved`, state, { recursive: true });
    const row = "insert into agent_runtime_config (config_key) values ('global') on conflict (config_key) do update";
    await (await supabase.database()).superuser.exec(`${row} set actions_disabled = false`);
  };
}

/** The commands that are printed for a person in one line, ready to run: `pulumi …`, or one of this project's, by its file. */
export function ofPerson(line: string): readonly (readonly string[])[] {
  return line.split(' && ').map(oneOfPerson);
}

function oneOfPerson(command: string): readonly string[] {
  const [program, run, name = '', dashes, ...args] = command.replaceAll("'", '').split(' ');
  if (program !== 'npm' || run !== 'run') return command.replaceAll("'", '').split(' ');
  const { scripts } = JSON.parse(readFileSync('package.json', 'utf8')) as { scripts: Record<string, string> };
  const [file = ''] = scripts[name]?.replace('node launch/command.mjs ', '').split(' ') ?? [];
  if (dashes !== undefined && dashes !== '--') throw new Error(`${command}: -- is missing`);
  return [file, ...args, ...(name === 'adopt' ? ['--yes'] : [])]; // it would ask
}

/** Runs `pulumi …`, or one of this project's commands by its file; throws what it printed when it fails. */
export async function runInProject(project: Project, [program = '', ...args]: readonly string[]): Promise<void> {
  const env = databaseAccess(project);
  await expectFine(program === 'pulumi' ? project.pulumi(args) : project.command(program, args, { env }));
}

/** Every value with its place. */
export function plainOf({ variables, placed }: Recorded): (readonly [string, readonly (string | undefined)[]])[] {
  return [
    ...[...variables].map(([key, { values }]) => [key, [...values.values()].map((value) => value?.reveal())] as const),
    ...[...placed].map(([name, { value }]) => [name, [value?.reveal()]] as const),
  ];
}

/** The vault's values that may never be seen, wherever they stand in a text. */
export function canaries({ sandbox }: Project, text: string): readonly string[] {
  const { vault } = sandbox.standIns().onepassword;
  const open = new Set(['url', 'production_url', 'netlify_site_id', 'default_organization_id']);
  const values = vault.list().filter(({ label }) => !open.has(label));
  const search = valueSearch(values.map(({ label }) => ({ name: label, reveal: () => vault.read(label) })));
  return search(text).map(({ name }) => name);
}

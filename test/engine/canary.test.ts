import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { refreshInProgram } from '../../engine/pulumi.ts';
import { sandboxPaths } from '../../sandbox/process/paths.ts';
import { canarySearch, canaryValues, filesWith } from '../support/canaries.ts';
import { processTree } from '../support/killTree.ts';
import { expectFine, startProject, type Project, type RunOptions } from '../support/project.ts';

/**
 * Upstream's own lines that hold property values: the engine's, at -v=9 (each property that it passes on), the bridge's,
 * at -v=5 (a plain property's Terraform value), and those of Terraform's plugin framework under TF_LOG.
 */
const upstreamLine =
  /"msg":"(eventSink::Debug\(|(Unm|M)arshaling property for RPC|\S+ \[(TRACE|DEBUG)\] provider\.| {2}\| |(Created )?Terraform (in|out)put)/;

const loud = ['-v=9', '--logtostderr', '--logflow'];

let project: Project;
let find: (text: string) => string[];

/** The names of the values that stand in a text, in any spelling; never the values. */
const found = (text: string): string[] => find(text);

/** The files below a folder that hold a value, each with the values' names. */
const foundIn = (folder: string, skip: readonly string[] = []): string[] => filesWith(find, folder, skip);

/** Reads the arguments of a running command and everything that it starts, again and again until it ends. */
async function argumentsOf<Result>(work: (options: RunOptions) => Promise<Result>): Promise<[Result, string]> {
  const seen = new Set<string>();
  let timer: NodeJS.Timeout | undefined;
  const sample = (pid: number) => {
    for (const each of processTree(pid)) {
      try {
        seen.add(readFileSync(`/proc/${each}/cmdline`, 'utf8'));
      } catch {
        // it has ended meanwhile
      }
    }
  };
  const result = await work({ started: ({ pid }) => (timer = setInterval(() => sample(pid ?? 0), 100)) });
  clearInterval(timer);
  return [result, [...seen].join('\n')];
}

beforeAll(async () => {
  project = await startProject();
  project.configure(['github:writeDelayMs'], '1');
  // A value of several lines, and S3's pair: every kind that the vault has is declared.
  project.configure(['allincompassing:values', 'SIGNING_KEY'], {
    from: 'op://Platform/Supabase/private_key',
    netlify: { secret: true },
  });
  project.configure(['allincompassing:values', 'S3_KEY'], {
    from: 'op://Platform/Supabase/s3_secret_access_key',
    netlify: true,
    edgeFunction: true,
  });
  // Plain on GitHub, where whoever may see the settings reads it; secret in the stack all the same.
  const from = 'op://Platform/Supabase/smoke_user_password';
  project.configure(['allincompassing:values', 'S3_PHRASE'], { from, actionsVariable: true });
  find = canarySearch(canaryValues(project));
}, 900_000);
afterAll(() => project.close());

describe('no value of the vault appears', () => {
  it('in what adoption prints, starts or leaves behind', async () => {
    const dry = await expectFine(project.command('commands/adopt/command.ts', ['--dry-run', '--json']));
    const [output, args] = await argumentsOf((options) =>
      expectFine(project.command('commands/adopt/command.ts', ['--yes', '--production-from-vault'], options)),
    );
    expect(found(dry + output)).toEqual([]);
    expect(args).toContain('import');
    expect(found(args)).toEqual([]);
    // Others may adopt at the same time: a folder that is left behind by this run holds this vault's values.
    for (const folder of ['/dev/shm', tmpdir()].filter((each) => existsSync(each))) {
      const leftovers = readdirSync(folder).filter((name) => name.startsWith('adopt-'));
      expect(leftovers.flatMap((name) => foundIn(join(folder, name)))).toEqual([]);
    }
  }, 120_000);

  it('in a saved plan, the update by it, its arguments, or a rotation', async () => {
    const plan = join(project.root, 'plan.json');
    const env = { PULUMI_EXPERIMENTAL: 'true' };
    await expectFine(project.pulumi(['preview', '--save-plan', plan], { env }));
    expect(found(readFileSync(plan, 'utf8'))).toEqual([]);
    const [output, args] = await argumentsOf((options) =>
      expectFine(project.pulumi(['up', '--yes', '--plan', plan], { ...options, env })),
    );
    expect(found(output)).toEqual([]);
    expect(args).toContain('pulumi-resource-github');
    expect(found(args)).toEqual([]);
    const { vault } = project.sandbox.standIns().onepassword;
    for (const label of ['openai_api_key', 'private_key']) vault.rotate(label);
    find = canarySearch(canaryValues(project));
    expect(found(await expectFine(project.pulumi(['up', '--yes', '--diff'])))).toEqual([]);
  }, 180_000);

  it('in the exported state, and in every file of the state’s folder, history and backups included', async () => {
    expect(found(await expectFine(project.pulumi(['stack', 'export'])))).toEqual([]);
    expect(foundIn(join(sandboxPaths(project.sandbox.dir).pulumiState))).toEqual([]);
    expect(found(await expectFine(project.pulumi(['stack', 'output', '--json'])))).toEqual([]);
  }, 60_000);

  it('in the state even where a provider would hand a value out unmarked: each resource says what is secret', async () => {
    const { deployment } = JSON.parse(await expectFine(project.pulumi(['stack', 'export']))) as {
      deployment: { resources: { type: string; additionalSecretOutputs?: string[]; outputs?: object }[] };
    };
    const marked = (type: string) =>
      deployment.resources
        .filter((each) => each.type.endsWith(type))
        .map(({ additionalSecretOutputs = [] }) => additionalSecretOutputs);
    // Both, whichever is declared: the provider fills the other one for a key that somebody made plain.
    expect(marked(':EnvironmentVariable').map((each) => each.sort().join())).toEqual(
      marked(':EnvironmentVariable').map(() => 'secretValues,values'),
    );
    expect(marked(':EnvironmentVariable').length).toBeGreaterThan(5);
    // The SDK of the GitHub provider says it of each of its secrets by itself.
    expect(marked(':ActionsSecret').every((each) => each.includes('value'))).toBe(true);
    expect(marked(':ActionsSecret')).toHaveLength(4);
  }, 60_000);

  it('in what is rendered, and in the events for machines', async () => {
    expect(found(await expectFine(project.command('commands/render/command.ts', ['--json'])))).toEqual([]);
    expect(found(await expectFine(project.pulumi(['preview', '--json'])))).toEqual([]);
  }, 60_000);

  it.each(['off', 'error', 'warn'])(
    'in output at a verbosity that helps with trouble, with TF_LOG=%s',
    async (TF_LOG) => {
      const quiet = ['-v=4', '--logtostderr', '--logflow', '--debug'];
      const env = { PULUMI_OPTION_DEBUG: 'true', TF_LOG };
      expect(found(await expectFine(project.pulumi(['preview', '--diff', ...quiet], { env })))).toEqual([]);
    },
    60_000,
  );

  it.each([
    ['an update', ['up', '--yes', '--skip-preview'], {}],
    ['a preview', ['preview', '--diff'], {}],
    ['a preview that refreshes while the program runs', ['preview', '--refresh'], refreshInProgram],
  ] as const)(
    'at the highest verbosity and the providers’ own, for %s is refused then',
    async (_, args, env) => {
      const { vault } = project.sandbox.standIns().onepassword;
      for (const label of ['openai_api_key', 'slack_webhook_url']) vault.rotate(label);
      find = canarySearch(canaryValues(project));
      const start = project.sandbox.log().length;
      const { code, output } = await project.pulumi([...args, ...loud], { env: { ...env, TF_LOG: 'TRACE' } });
      expect(code).not.toBe(0);
      expect(output).toContain('with -v=9 and TF_LOG=TRACE this run would log secret values');
      expect(found(output)).toEqual([]);
      expect(project.sandbox.log().slice(start)).toEqual([]);
    },
    60_000,
  );

  it('when that is allowed, but in lines that the engine and the providers’ traces write themselves', async () => {
    const env = { STAGING_TRACES: 'allow', TF_LOG: 'TRACE' };
    const output = await expectFine(project.pulumi(['up', '--yes', '--skip-preview', ...loud], { env }));
    const lines = output.split('\n').filter((line) => found(line).length > 0);
    expect(lines.length).toBeGreaterThan(0);
    // Nothing of this project can keep these from printing values.
    const strangers = lines.filter((line) => !upstreamLine.test(line)).map((line) => found(line).join(', '));
    expect(strangers).toEqual([]);
  }, 180_000);

  it('in Pulumi’s own folder, where it would keep sealed logs of every run', () => {
    const home = project.environment.PULUMI_HOME ?? '';
    expect(readdirSync(home)).toContain('logs');
    expect(statSync(join(home, 'logs')).isFile()).toBe(true);
    expect(foundIn(home, [join(home, 'plugins')])).toEqual([]);
  });

  it('in the project’s folder or in a file that a run left in a temporary folder', () => {
    const links = ['node_modules', 'launch', 'sdks', 'policies'].map((name) => join(project.root, name));
    expect(foundIn(project.root, links)).toEqual([]);
  });
});

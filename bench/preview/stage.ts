import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { refreshInProgram } from '../../engine/pulumi.ts';
import { startSandbox, type RunningSandbox } from '../../sandbox/sandbox.ts';
import type { LogEntry } from '../../sandbox/server/serve.ts';
import { fileConfiguration, fileSettings } from '../../settings/stack/file.ts';
import { projectRoot } from '../../settings/stack/projectRoot.ts';
import { provision, startProject, type Project } from '../../test/support/project.ts';
import { resolveToolchain } from '../../toolchain/resolve.ts';
import { modeFromEnvironment, type Report } from '../../toolchain/toolchain.ts';
import { timed, type Contestant } from './run.ts';
import { cliConfiguration, writeTerraform } from './terraform.ts';
import { asConfiguration, benchVariables, fillVault } from './variables.ts';

/** Everything that is measured for one number of variables, provisioned and without differences. */
export interface Stage {
  /** `pulumi preview` of this project, without the vault. */
  readonly preview: Contestant;
  /** The same with `--refresh`. */
  readonly refresh: Contestant;
  /** `terraform plan` of the same resources. */
  readonly terraform: Contestant;
  /** `pulumi preview` of a program that declares nothing: what Pulumi costs by itself. */
  readonly floor: Contestant;
  /** `pulumi preview` of this project that reads the vault. */
  readonly vault: Contestant;
  /** `npm run drift`'s own process, without the vault and with it. */
  readonly drift: Contestant;
  readonly driftWithVault: Contestant;
  /** Every request that Pulumi's stand-ins got. */
  readonly log: () => LogEntry[];
  close(): Promise<void>;
}

/** Starts two sandboxes, one for each tool, and provisions `size` variables in both. */
export async function startStage(size: number, terraform: string, report: Report, everyPlace: boolean): Promise<Stage> {
  const toolchain = await resolveToolchain({ mode: modeFromEnvironment(), report, benchmark: true });
  const netlify = toolchain.parts.find(({ name }) => name === 'netlify')?.path;
  const github = toolchain.terraformGithub;
  if (netlify === undefined || github === undefined) throw new Error('the toolchain has no Terraform providers');
  const variables = benchVariables(size);

  const project = await startProject();
  project.configure(
    ['allincompassing:values'],
    asConfiguration(
      variables,
      fileConfiguration(project.root).values as Parameters<typeof asConfiguration>[1],
      everyPlace,
    ),
  );
  fillVault(project.sandbox.standIns().onepassword.vault, variables);
  await provision(project);
  const floor = await emptyProgram(project);

  const folder = join(dirname(project.root), 'terraform');
  const peer = await startSandbox({ dir: join(dirname(project.root), 'terraform-sandbox') });
  const { vault } = peer.standIns().onepassword;
  fillVault(vault, variables);
  writeTerraform(folder, fileSettings(project.root), { netlify, github }, vault);
  const terraformRun = terraformContestant(terraform, folder, peer);
  const apply = [terraform, 'apply', '-auto-approve', '-input=false', '-no-color'] as const;
  await timed({ ...terraformRun, name: 'terraform apply', command: apply });

  const pulumi = (name: string, args: readonly string[], environment: Record<string, string>): Contestant => ({
    name,
    command: ['pulumi', 'preview', ...args, '--expect-no-changes', '--non-interactive', '--color=never'],
    folder: project.root,
    environment: { ...project.environment, ...environment },
    requests: () => requestsOf(project.sandbox),
  });
  const drift = (name: string, environment: Record<string, string>): Contestant => ({
    ...pulumi(name, [], environment),
    command: ['node', join(projectRoot(), 'launch', 'command.mjs'), 'commands/drift/command.ts'],
  });
  return {
    preview: pulumi('pulumi preview', [], { STAGING_VAULT: 'off' }),
    refresh: pulumi('pulumi preview --refresh', ['--refresh'], { STAGING_VAULT: 'off', ...refreshInProgram }),
    vault: pulumi('pulumi preview with the vault', [], {}),
    floor: { ...pulumi('pulumi preview of an empty program', [], {}), folder: floor },
    terraform: terraformRun,
    drift: drift('drift', { STAGING_VAULT: 'off' }),
    driftWithVault: drift('drift with the vault', {}),
    log: () => project.sandbox.log(),
    close: async () => {
      await peer.close();
      await project.close();
    },
  };
}

/** Requests to Netlify and GitHub; the vault's are counted separately because Terraform has none. */
function requestsOf(sandbox: RunningSandbox): number {
  return sandbox.log().filter(({ service }) => service !== 'onepassword').length;
}

function terraformContestant(terraform: string, folder: string, sandbox: RunningSandbox): Contestant {
  return {
    name: 'terraform plan',
    // Exit code 2 would mean differences: then the two tools would not do the same.
    command: [terraform, 'plan', '-input=false', '-no-color', '-detailed-exitcode'],
    folder,
    environment: {
      ...sandbox.environment(),
      TF_CLI_CONFIG_FILE: join(folder, cliConfiguration),
      CHECKPOINT_DISABLE: 'true',
    },
    requests: () => requestsOf(sandbox),
  };
}

/** A project beside this one, on the same backend and SDK, whose program declares nothing. */
async function emptyProgram(project: Project): Promise<string> {
  const folder = join(dirname(project.root), 'empty');
  mkdirSync(folder);
  writeFileSync(
    join(folder, 'Pulumi.yaml'),
    'name: empty\nruntime:\n  name: nodejs\n  options:\n    typescript: false\n',
  );
  writeFileSync(join(folder, 'package.json'), '{ "name": "empty", "main": "index.js" }\n');
  writeFileSync(join(folder, 'index.js'), "require('@pulumi/pulumi');\n");
  symlinkSync(join(project.root, 'node_modules'), join(folder, 'node_modules'));
  const environment = project.environment;
  await timed({
    name: 'pulumi stack init',
    command: ['pulumi', 'stack', 'init', 'staging', '--secrets-provider', 'passphrase', '--non-interactive'],
    folder,
    environment,
  });
  await timed({
    name: 'pulumi up',
    command: ['pulumi', 'up', '--yes', '--skip-preview', '--non-interactive'],
    folder,
    environment,
  });
  return folder;
}

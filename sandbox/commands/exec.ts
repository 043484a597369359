import { spawn } from 'node:child_process';
import { basename, join } from 'node:path';
import { endsWithThisProcess, handsEndOn } from '../../engine/ending.ts';
import { projectRoot } from '../../settings/stack/projectRoot.ts';
import { progressReport } from '../../toolchain/report.ts';
import { resolveToolchain } from '../../toolchain/resolve.ts';
import { modeFromEnvironment } from '../../toolchain/toolchain.ts';
import { ensureRunning } from '../process/background.ts';
import { guardCommittedFile } from '../stack/committedFile.ts';
import { allowancesOf, operationsEnvironment, sandboxEnvironment, siteEnvironment } from '../process/environment.ts';
import { prepareStack } from '../stack/stack.ts';
import { sandboxDir } from '../process/paths.ts';
import { define, ends } from '../../cli/define.ts';
import { UsageError } from '../../cli/errors.ts';
import { say } from './print.ts';

const about = `
Runs a command in the sandbox, e.g. exec pulumi preview, exec npm run kill-switch -- status.

The command gets the sandbox's services, tokens, Pulumi backend and stack, and of this environment only what is no
credential, with what it allows for this run (STAGING_PRODUCTION_CHANGES=allow and the like);
"exec env NAME=VALUE COMMAND" adds to it. Its exit code is passed on.
pulumi preview and up load the policy packs of policies/, as in CI.
Pulumi.staging.yaml is read from the repository each time and never written: "pulumi config set" changes the sandbox's
copy, until the next exec. What kill-switch --emergency writes down there stays, until reset.
`;

export const exec = define('exec', about, { verbatim: true, usage: 'COMMAND [ARGUMENT…]' })
  .argument('[WORD...]')
  .action(ends(execute));

async function execute(args: readonly string[]): Promise<number> {
  const dir = sandboxDir();
  const [command, ...rest] = args[0] === '--' ? args.slice(1) : args;
  if (command === undefined) throw new UsageError('exec takes a command.');
  const toolchain = await resolveToolchain({ mode: modeFromEnvironment(), report: progressReport(process.stderr) });
  const { control, endpoints } = await ensureRunning(dir);
  const environment = {
    ...policyPacks(),
    ...sandboxEnvironment(dir, endpoints, toolchain),
    ...operationsEnvironment(dir, endpoints),
    ...siteEnvironment(dir, await control.realNames()),
    ...allowancesOf(),
  };
  await prepareStack(dir, toolchain, environment, control);
  const undo = guardCommittedFile();
  const code = await run(command, rest, environment);
  const done = undo();
  if (done !== undefined) say(`${command} ${done} Pulumi.staging.yaml in the repository: put back.`);
  if (typeof code === 'number') return code;
  process.kill(process.pid, code);
  return 1;
}

/** Both policy packs for every preview and update, as CI has them; `exec env PULUMI_OPTION_POLICY_PACK= COMMAND` goes without. */
function policyPacks(): Record<string, string> {
  const packs = ['secrets', 'staging'].map((pack) => join(projectRoot(), 'policies', pack));
  return { PULUMI_OPTION_POLICY_PACK: packs.join(',') };
}

/**
 * Runs the command in this terminal; resolves to its exit code or the signal that ended it. Pulumi itself is in a group of
 * its own: a closed terminal would end it without its providers.
 */
function run(command: string, args: readonly string[], env: Record<string, string>) {
  const isPulumi = basename(programOf([command, ...args])) === 'pulumi';
  const child = spawn(command, args, { env, stdio: 'inherit', detached: isPulumi });
  const stay = () => undefined; // what the command did to the committed file is put back first
  if (isPulumi) endsWithThisProcess(child, stay);
  else handsEndOn(child, stay);
  return new Promise<number | NodeJS.Signals>((resolve, reject) => {
    child.once('error', (error: NodeJS.ErrnoException) => {
      const why = error.code === 'ENOENT' ? 'there is no such command' : error.message;
      reject(new Error(`Cannot run ${command}: ${why}.`));
    });
    child.once('close', (code, signal) => resolve(code ?? signal ?? 1));
  });
}

/** The program that a call runs: `env NAME=VALUE PROGRAM` runs that one in its own place. */
function programOf(words: readonly string[]): string {
  const rest =
    words[0] === 'env' ? words.slice(1).filter((word) => !word.startsWith('-') && !word.includes('=')) : words;
  return rest[0] ?? '';
}

import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { endsWithThisProcess, handsEndOn } from '../engine/ending.ts';
import { define, ends } from '../cli/define.ts';
import { exitCode } from '../cli/errors.ts';
import { bareProgram } from '../cli/bareProgram.ts';
import { interruptible, withProgress } from '../cli/interrupt.ts';
import { pulumi, refreshInProgram } from '../engine/pulumi.ts';
import { fileSettings } from '../settings/stack/file.ts';
import { readFromNextDeploy } from '../settings/nextDeploy.ts';
import { projectRoot } from '../settings/stack/projectRoot.ts';
import { placementsIn, type Settings } from '../settings/settings.ts';
import { describeToolchain, progressReport } from '../toolchain/report.ts';
import { resolveToolchain } from '../toolchain/resolve.ts';
import { modeFromEnvironment } from '../toolchain/toolchain.ts';
import { ensureRunning } from './process/background.ts';
import { sandboxEnvironment } from './process/environment.ts';
import { stagingAddress } from './process/identity.ts';
import { liveState } from './stack/liveState.ts';
import { withLock } from '../machine/lock.ts';
import { sandboxDir } from './process/paths.ts';
import { productionEffects, productionValues } from './stack/production.ts';
import { readLog } from './sandbox.ts';
import { prepareStack } from './stack/stack.ts';
import { stateTable, type StackOutputs } from './stack/stateTable.ts';
import { counted } from '../machine/counted.ts';
import { painter } from '../machine/paint.ts';

const about = `
Provisions the whole staging environment with the real Pulumi engine and providers on the embedded sandbox: stand-ins of
Netlify, GitHub, Supabase and 1Password on 127.0.0.1. No account is needed and nothing outside this machine is changed.
It adopts what the site has already, runs "pulumi up", shows what is where, and proves that a second preview has no
changes and that production's values are untouched. Run it again at any time; "npm run sandbox -- reset" starts over.
`;

export const command = bareProgram(
  define('start', about, { typed: 'npm start' }).action(
    ends(() =>
      // Two at once would adopt and update the same stack: the second one waits for the first.
      interruptible(stopped, () => withLock(join(sandboxDir(), 'start.lock'), { waiting: tellOnce() }, provision)),
    ),
  ),
  { more: 'Exit codes: 0 fine, 1 a step failed, 2 a proof failed: the second preview, the table, or production.' },
);

/** The steps of this run: each but the last one is done. */
const steps: string[] = [];

/** What Ctrl-C leaves, in one line each. */
function stopped(): string[] {
  const [current = 'the start', ...before] = steps.toReversed();
  return [
    `Stopped during: ${current}. Done before: ${before.toReversed().join('; ') || 'nothing'}.`,
    'What was written stays in the sandbox, which still runs. Go on: npm start. Where that is refused: npm run sandbox -- exec npm run recover',
  ];
}

/** Says once that another run is under way. */
function tellOnce(): (pid: number) => void {
  let told = false;
  return (pid) => {
    if (!told) step(`Another npm start runs (process ${pid}); waiting for it`);
    told = true;
  };
}

async function provision(): Promise<number> {
  const begin = performance.now();
  step('Setting up Pulumi and its providers (the first time builds or downloads them)');
  const toolchain = await resolveToolchain({ mode: modeFromEnvironment(), report: progressReport(process.stderr) });
  say(describeToolchain(toolchain, painter()));

  step('Starting the sandbox: Netlify, GitHub, Supabase and 1Password on 127.0.0.1');
  const dir = sandboxDir();
  const { control, endpoints } = await withProgress('starting', ensureRunning(dir));
  const environment = sandboxEnvironment(dir, endpoints, toolchain);
  await withProgress('making the stack', prepareStack(dir, toolchain, environment, control));
  // The sandbox's copy, which Pulumi reads here: this process has its address in no variable of its own.
  const settings = fileSettings(projectRoot(), 'staging', environment);
  const production = productionValues(dir, settings);
  const requests = readLog(dir).length;
  say(
    `Production reads ${counted(production.length, 'value')} here, on Netlify and in its Edge Functions: none may change.`,
  );

  step('npm run adopt: taking over what is there, without a write');
  await run('node', [join(projectRoot(), 'launch', 'command.mjs'), ...adopt(dir, settings)], environment);

  step('pulumi up');
  await run('pulumi', ['up', '--yes', '--suppress-outputs', '--suppress-progress'], environment);

  const deployed = await withProgress('deploying', control.firstDeploys());
  if (deployed) {
    step('The deploy job, for the last two commits of develop');
    say(`Staging is at ${stagingAddress} (on this machine only: npm run sandbox -- exec …)`);
  }

  step('What is where');
  const local = {
    file: settings.local.file ?? '.env.local',
    names: placementsIn(settings, 'localFile').map(({ name }) => name),
  };
  const table = stateTable(await outputs(environment), liveState(dir, settings), local, painter());
  say(table.text);

  step('pulumi preview --refresh --expect-no-changes');
  const preview = await ended(
    'pulumi',
    ['preview', '--refresh', '--expect-no-changes', '--diff', '--suppress-outputs'],
    { ...environment, ...refreshInProgram },
  );

  const entries = readLog(dir).slice(requests);
  const after = productionValues(dir, settings);
  const touched = productionEffects(entries, settings);
  // A declared Edge Function secret may be new; whatever was there must be as it was.
  const harmed = touched.length > 0 || production.some((value) => !after.includes(value));
  say(
    harmed
      ? `\nProduction was touched: ${touched.join('; ') || 'a stored value differs'}. This is a defect; please report it.`
      : `\nProduction is untouched: none of ${counted(entries.length, 'request')} changed one of its ${counted(production.length, 'value')}.`,
  );
  const look = 'npm run sandbox -- exec npm run drift';
  if (table.amiss > 0) say(`\n${table.amiss} of what is declared is not in place (the table above): ${look}`);
  if (preview !== 0) say(`\nThe second preview failed or has changes (above): ${look}`);
  if (harmed || table.amiss > 0 || preview !== 0) return exitCode.findings;
  say(goOn(performance.now() - begin));
  const wrote = entries.some(({ effects }) => effects.some((effect) => effect.startsWith('env ')));
  if (wrote && !deployed) say(`\n${readFromNextDeploy().replace('npm run', 'npm run sandbox -- exec npm run')}`);
  return exitCode.fine;
}

function step(title: string): void {
  steps.push(title);
  process.stdout.write(`\n${title}\n`);
}

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}

/**
 * Adoption as a person would call it who has compared the vault with what production uses: here both are at hand. Where
 * they differ, adoption itself says what is to be compared.
 */
function adopt(dir: string, settings: Settings): string[] {
  const live = liveState(dir, settings);
  const same = settings.netlify.variables.every(
    ({ name, secret, values }) => !secret || values.every(({ context }) => live.variable(name, context) !== 'differs'),
  );
  return ['commands/adopt/command.ts', '--yes', ...(same ? ['--production-from-vault'] : [])];
}

async function outputs(environment: Record<string, string>): Promise<StackOutputs> {
  return JSON.parse(
    await pulumi(['stack', 'output', '--json'], { cwd: projectRoot(), env: environment }),
  ) as StackOutputs;
}

/** Runs one step in this terminal; a failed step ends the command with what to do. */
async function run(command: string, args: readonly string[], env: Record<string, string>): Promise<void> {
  const code = await ended(command, args, env);
  if (code === 0) return;
  throw new Error(
    `\n${command} ${args[0] ?? ''} failed (exit ${code ?? 'by signal'}). After a run that was cut short: npm run sandbox -- exec npm run recover. ` +
      'To start over: npm run sandbox -- reset',
  );
}

/** Runs one step in this terminal, and says how it ended. */
function ended(command: string, args: readonly string[], env: Record<string, string>): Promise<number | null> {
  const isPulumi = command === 'pulumi';
  const child = spawn(command, args, { cwd: projectRoot(), env, stdio: 'inherit', detached: isPulumi });
  if (isPulumi) endsWithThisProcess(child);
  else handsEndOn(child);
  const end = new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  // Adoption says by itself that it goes on; the engine may be silent for long.
  return isPulumi ? withProgress(`pulumi ${args[0] ?? ''}`, end, 8000) : end;
}

function goOn(milliseconds: number): string {
  return `
Done in ${(milliseconds / 1000).toFixed(0)} s. How to go on, on the same sandbox:

  npm run sandbox -- exec npm run drift                  what differs from what is declared; make something differ: -- break
  npm run sandbox -- exec npm run kill-switch -- status  whether agents act; stop them: off --reason TEXT
  npm run sandbox -- drill                               play an incident from the first alert to its closing
  npm run sandbox -- exec pulumi preview                 what would change
  npm run sandbox -- vault rotate access_token           rotate a value in the vault, then preview and up again
  npm run sandbox -- exec pulumi up                      provision
  npm run sandbox -- exec npm run deploy:list            staging's deploys; rollback, rerun and trigger work too
  npm run sandbox -- log --writes                        every request that changed something
  npm run sandbox -- stop                                stop the sandbox; its state stays
  npm run sandbox -- reset                               start over

With real accounts the same commands work without "npm run sandbox -- exec": see docs/accounts.md.`;
}

import { Option } from '@commander-js/extra-typings';
import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { childEnvironment } from '../../launch/childEnvironment.mjs';
import { define, ends } from '../../cli/define.ts';
import { exitCode } from '../../cli/errors.ts';
import { flag, yes } from '../../cli/options.ts';
import { bareProgram } from '../../cli/bareProgram.ts';
import { confirm } from '../../cli/confirm.ts';
import { missingConsent, refuseMissing } from '../../cli/missing.ts';
import { planPipeline, type FileChange, type Plan } from './changes.ts';
import { deviationLine, type Deviation } from './deviation.ts';
import { showDiff } from './diff.ts';
import { packCommands } from './pack.ts';
import type { PackageManager } from './packageManager.ts';
import { counted } from '../../machine/counted.ts';

const about = `
Installs the delivery pipeline in the application's repository, or checks it there.

It adds, and takes nothing away: [context.staging] and [context.develop] in netlify.toml; the job deploy-staging, in
ci.yml where that can carry it, else in a workflow of its own; the scripts staging:smoke, staging:alert and
staging:branch:create with the packed commands, and preview:smoke, alert:slack and db:branch:create where they are
absent. A job deploy-staging that is there is the team's: it gets what a required check needs. What only a person can
change is named with file, line and what to paste, and then nothing is written.
`;

const site = new Option('--site <FOLDER>', "the folder of the site's netlify.toml, where several packages have one");

const applies = define('apply', 'Shows the differences, asks, writes them.', { usage: 'PATH' })
  .argument('[PATH]')
  .addOption(yes)
  .addOption(flag('--dry-run', 'show the differences only'))
  .addOption(flag('--replace-job', "put this project's job in the place of the team's deploy-staging"))
  .addOption(site)
  .addOption(new Option('--no-lock', 'leave the lockfile to you'))
  .action(ends(apply));

const checks = define('check', 'Reports what deviates.', { usage: 'PATH' })
  .argument('[PATH]')
  .addOption(site)
  .addOption(flag('--json', 'an array of lines'))
  .action(
    ends(async (path, options) => {
      const folder = await folderAt(path, []);
      return check(
        planPipeline(folder, { archive: packCommands(), replaceJob: false, site: options.site }),
        options.json,
      );
    }),
  );

export const command = bareProgram(define('pipeline', about), {
  verbs: [applies, checks],
  more: 'Exit codes: 0 nothing to do or done, 2 check found deviations, 1 error or refused.',
  withoutVerb: async (args) => {
    const missing = [
      { add: 'apply', why: 'or check' },
      { add: 'PATH', why: rootOfApplication },
      ...missingConsent({ yes: args.includes('--yes') || args.includes('--dry-run') }),
    ];
    await refuseMissing({ script: 'pipeline', args }, missing);
    return exitCode.error; // refused above
  },
});

interface Given {
  readonly yes: boolean;
  readonly dryRun: boolean;
  readonly replaceJob: boolean;
  readonly site?: string;
  readonly lock: boolean;
}

const rootOfApplication = 'the root of the application’s repository';

/** The application's folder. Refuses a call without one; `lacking` is what else it lacks. */
async function folderAt(path: string | undefined, lacking: Parameters<typeof refuseMissing>[1]): Promise<string> {
  await refuseMissing({ script: 'pipeline', args: process.argv.slice(2) }, [
    path === undefined && { add: 'PATH', why: rootOfApplication },
    ...lacking,
  ]);
  // npm runs commands in this project's folder: a relative path is the caller's.
  return resolve(process.env.INIT_CWD ?? process.cwd(), path ?? '.');
}

async function apply(path: string | undefined, options: Given): Promise<number> {
  const folder = await folderAt(path, options.dryRun ? [] : missingConsent(options));
  const plan = planPipeline(folder, {
    archive: packCommands(),
    replaceJob: options.replaceJob,
    site: options.site,
  });
  refuse(plan.deviations);
  if (plan.changes.length === 0) {
    process.stdout.write('Nothing to do: the pipeline is installed as it should be.\n');
    return exitCode.fine;
  }
  process.stdout.write(showDiff(plan.changes));
  if (options.dryRun) return exitCode.fine;
  const touchesPackages = plan.changes.some(({ path: one }) => one === 'package.json' || one.endsWith('.tgz'));
  if (touchesPackages && options.lock) requireManager(plan.manager);
  if (!(await confirm(`Write ${counted(plan.changes.length, 'file')} in ${folder}?`, { yes: options.yes })))
    return exitCode.error;
  write(folder, plan.changes);
  if (touchesPackages && options.lock) updateLockfile(folder, plan.manager);
  process.stdout.write(`Wrote ${counted(plan.changes.length, 'file')}.\n`);
  return exitCode.fine;
}

function write(folder: string, changes: readonly FileChange[]): void {
  for (const { path, after } of changes) {
    const file = join(folder, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, after);
  }
}

const shell = process.platform === 'win32';

/** Before anything is written: the manager that writes the lockfile has to be there. */
function requireManager(manager: PackageManager): void {
  if (
    spawnSync(manager.name, ['--version'], { env: childEnvironment('packageManager'), stdio: 'ignore', shell })
      .status === 0
  )
    return;
  throw new Error(
    `The application uses ${manager.name}, which is not installed here. Install it, or give --no-lock and run ${manager.name} install afterwards.`,
  );
}

/** The application's own manager writes the lockfile; nothing is installed and no script runs. */
function updateLockfile(folder: string, { name, lock }: PackageManager): void {
  process.stderr.write('Updating the lockfile …\n');
  const [command = name, ...args] = lock;
  const { status } = spawnSync(command, args, {
    cwd: folder,
    env: childEnvironment('packageManager'),
    stdio: ['ignore', 2, 2],
    shell,
  });
  if (status !== 0)
    throw new Error(`${name} could not update the lockfile. Run ${name} install in the application by hand.`);
}

/** A deviation with what to paste, for people. */
function withSnippet(deviation: Deviation): string {
  const snippet =
    deviation.byHand === undefined || deviation.byHand === '' ? [] : deviation.byHand.trimEnd().split('\n');
  return [deviationLine(deviation), ...snippet.map((line) => `    ${line}`)].map((line) => `${line}\n`).join('');
}

function check({ deviations }: Plan, json: boolean): number {
  if (json) process.stdout.write(`${JSON.stringify(deviations.map(deviationLine))}\n`);
  else process.stdout.write(deviations.map(withSnippet).join(''));
  if (!json && deviations.length === 0) process.stdout.write('The pipeline is installed as it should be.\n');
  return deviations.length === 0 ? exitCode.fine : exitCode.findings;
}

/** Refuses where the merge would leave something that `check` reports: nothing is written then. */
function refuse(deviations: readonly Deviation[]): void {
  const left = deviations.filter(({ byHand }) => byHand !== undefined);
  if (left.length === 0) return;
  process.stdout.write(left.map(withSnippet).join(''));
  throw new Error(
    `Nothing was written: ${left.length === 1 ? 'this line is' : 'these lines are'} the team's, and the pipeline cannot be added as long as ${left.length === 1 ? 'it stays' : 'they stay'} so. Change ${left.length === 1 ? 'it' : 'them'} by hand, then run apply again.`,
  );
}

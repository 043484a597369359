import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { childEnvironment } from '../../launch/childEnvironment.mjs';
import { exitCode, runCommand, UsageError } from '../../cli/command.ts';
import { confirm } from '../../cli/confirm.ts';
import { missingConsent, refuseMissing } from '../../cli/missing.ts';
import { planPipeline, type FileChange, type Plan } from './changes.ts';
import { deviationLine, type Deviation } from './deviation.ts';
import { showDiff } from './diff.ts';
import { packCommands } from './pack.ts';
import type { PackageManager } from './packageManager.ts';
import { counted } from '../../machine/counted.ts';

const help = `
Installs the delivery pipeline in the application's repository, or checks it there.

  npm run pipeline -- apply PATH   shows the differences, asks, writes them
  npm run pipeline -- check PATH   reports what deviates

It adds, and takes nothing away: [context.staging] and [context.develop] in netlify.toml; the job deploy-staging, in
ci.yml where that can carry it, else in a workflow of its own; the scripts staging:smoke, staging:alert and
staging:branch:create with the packed commands, and preview:smoke, alert:slack and db:branch:create where they are
absent. A job deploy-staging that is there is the team's: it gets what a required check needs. What only a person can
change is named with file, line and what to paste, and then nothing is written.

  --yes            apply without asking
  --dry-run        apply: show the differences only
  --replace-job    apply: put this project's job in the place of the team's deploy-staging
  --site FOLDER    the folder of the site's netlify.toml, where several packages have one
  --no-lock        apply: leave the lockfile to you
  --json           check: an array of lines

Exit code: 0 nothing to do or done, 2 check found deviations, 1 error or refused.
`;

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

void runCommand({
  help,
  options: {
    yes: { type: 'boolean', default: false },
    'dry-run': { type: 'boolean', default: false },
    'replace-job': { type: 'boolean', default: false },
    site: { type: 'string' },
    'no-lock': { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
  },
  async run(values, [verb, path, ...rest]) {
    if (rest.length > 0) throw new UsageError('Say apply or check, and the root of the application’s repository.');
    const isVerb = verb === 'apply' || verb === 'check';
    const args = process.argv.slice(2).filter((arg) => isVerb || arg !== verb);
    await refuseMissing({ script: 'pipeline', args }, [
      !isVerb && { add: 'apply', why: 'or check' },
      path === undefined && { add: 'PATH', why: 'the root of the application’s repository' },
      ...(verb === 'check' || values['dry-run'] ? [] : missingConsent(values)),
    ]);
    if (path === undefined) return exitCode.error; // refused above
    // npm runs commands in this project's folder: a relative path is the caller's.
    const folder = resolve(process.env.INIT_CWD ?? process.cwd(), path);
    const plan = planPipeline(folder, {
      archive: packCommands(),
      replaceJob: values['replace-job'] && verb === 'apply',
      site: values.site,
    });
    if (verb === 'check') return check(plan, values.json);
    refuse(plan.deviations);
    if (plan.changes.length === 0) {
      process.stdout.write('Nothing to do: the pipeline is installed as it should be.\n');
      return exitCode.fine;
    }
    process.stdout.write(showDiff(plan.changes));
    if (values['dry-run']) return exitCode.fine;
    const touchesPackages = plan.changes.some(({ path: one }) => one === 'package.json' || one.endsWith('.tgz'));
    if (touchesPackages && !values['no-lock']) requireManager(plan.manager);
    if (!(await confirm(`Write ${counted(plan.changes.length, 'file')} in ${folder}?`, { yes: values.yes })))
      return exitCode.error;
    write(folder, plan.changes);
    if (touchesPackages && !values['no-lock']) updateLockfile(folder, plan.manager);
    process.stdout.write(`Wrote ${counted(plan.changes.length, 'file')}.\n`);
    return exitCode.fine;
  },
});

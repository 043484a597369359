import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { exitCode, runCommand, UsageError } from './cli.ts';
import { confirm } from './confirm.ts';
import { planPipeline, type FileChange } from './pipeline/changes.ts';
import { showDiff } from './pipeline/diff.ts';
import { packCommands } from './pipeline/pack.ts';

const help = `
Installs the delivery pipeline in the application's repository, or checks it there.

  npm run pipeline -- apply PATH   shows the differences, asks, writes them
  npm run pipeline -- check PATH   reports what deviates

What it owns: [context.staging] and [context.develop] in netlify.toml, the job deploy-staging and its triggers in
.github/workflows/ci.yml, the scripts preview:smoke, alert:slack and db:branch:create with their one dependency, and
the migrations of the tables that they use. Everything else, comments and formatting included, stays as it is.

  --yes       apply without asking
  --dry-run   apply: show the differences only
  --no-lock   apply: leave package-lock.json to you (npm install)
  --json      check: an array of lines

Exit code: 0 nothing to do or done, 2 check found deviations, 1 error.
`;

function write(folder: string, changes: readonly FileChange[]): void {
  for (const { path, after } of changes) {
    const file = join(folder, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, after);
  }
}

/** npm alone writes lockfiles; nothing is installed and no script runs. */
function updateLockfile(folder: string): void {
  process.stderr.write('Updating package-lock.json …\n');
  const args = ['install', '--package-lock-only', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'];
  const { status } = spawnSync('npm', args, {
    cwd: folder,
    stdio: ['ignore', 2, 2],
    shell: process.platform === 'win32',
  });
  if (status !== 0)
    throw new Error('npm could not update package-lock.json. Run npm install in the application by hand.');
}

void runCommand({
  help,
  options: {
    yes: { type: 'boolean', default: false },
    'dry-run': { type: 'boolean', default: false },
    'no-lock': { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
  },
  async run(values, [verb, path, ...rest]) {
    if ((verb !== 'apply' && verb !== 'check') || path === undefined || rest.length > 0) {
      throw new UsageError('Say apply or check, and the root of the application’s repository.');
    }
    // npm runs commands in this project's folder: a relative path is the caller's.
    const folder = resolve(process.env.INIT_CWD ?? process.cwd(), path);
    const plan = planPipeline(folder, packCommands());
    if (verb === 'check') {
      const { deviations } = plan;
      process.stdout.write(
        values.json ? `${JSON.stringify(deviations)}\n` : deviations.map((line) => `${line}\n`).join(''),
      );
      if (!values.json && deviations.length === 0) process.stdout.write('The pipeline is installed as it should be.\n');
      return deviations.length === 0 ? exitCode.fine : exitCode.findings;
    }
    if (plan.changes.length === 0) {
      process.stdout.write('Nothing to do: the pipeline is installed as it should be.\n');
      return exitCode.fine;
    }
    process.stdout.write(showDiff(plan.changes));
    if (values['dry-run']) return exitCode.fine;
    if (!(await confirm(`Write ${plan.changes.length} file(s) in ${folder}?`, { yes: values.yes })))
      return exitCode.error;
    write(folder, plan.changes);
    const touchesPackages = plan.changes.some((change) => /^package\.json$|\.tgz$/.test(change.path));
    if (touchesPackages && !values['no-lock']) updateLockfile(folder);
    process.stdout.write(`Wrote ${plan.changes.length} file(s).\n`);
    return exitCode.fine;
  },
});

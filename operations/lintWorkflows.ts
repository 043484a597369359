import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from '../settings/projectRoot.ts';
import { cacheFolder } from './browser/cacheFolder.ts';
import { exitCode, runCommand } from './cli.ts';

const help = `
Lints GitHub workflows with actionlint, which is built once a machine from its Go module.

  npm run lint:workflows [-- FILE…]   default: this repository's workflows and the application's template

Exit code: 0 clean, 2 findings, 1 actionlint could not be had (it needs Go).
`;

const version = 'v1.7.12';

/** Builds actionlint into the cache folder, or finds it there; a build that is cut short leaves nothing under its name. */
function actionlint(): string {
  const folder = join(cacheFolder(), `actionlint-${version}`);
  const program = join(folder, process.platform === 'win32' ? 'actionlint.exe' : 'actionlint');
  if (existsSync(program)) return program;
  process.stderr.write(`Building actionlint ${version} from its Go module, once …\n`);
  const draft = `${folder}.${process.pid}`;
  mkdirSync(draft, { recursive: true });
  try {
    execFileSync('go', ['install', `github.com/rhysd/actionlint/cmd/actionlint@${version}`], {
      env: { ...process.env, GOBIN: draft, GOFLAGS: '' },
      stdio: ['ignore', 'ignore', 'pipe'],
      timeout: 300_000,
    });
  } catch (error) {
    const { code, stderr } = error as { code?: string; stderr?: Buffer };
    const reason =
      code === 'ENOENT' ? 'Go is not installed' : (stderr?.toString().trim().split('\n').at(-1) ?? String(error));
    throw new Error(`actionlint could not be built: ${reason}. Install Go, or check the access to its module proxy.`, {
      cause: error,
    });
  }
  try {
    renameSync(draft, folder);
  } catch (error) {
    if (!existsSync(program)) throw error; // another run was first otherwise
  }
  return program;
}

void runCommand({
  help,
  options: {},
  run(_, files) {
    const root = projectRoot();
    const workflows = join(root, '.github', 'workflows');
    const wanted =
      files.length > 0
        ? files
        : [
            ...readdirSync(workflows).map((name) => join(workflows, name)),
            join(root, 'pipeline', 'template', 'ci.yml'),
          ];
    const { status } = spawnSync(actionlint(), ['-no-color', ...wanted], { stdio: ['ignore', 'inherit', 'inherit'] });
    if (status === 0) process.stdout.write(`${wanted.length} workflow(s), no finding.\n`);
    return status === 0 ? exitCode.fine : status === 1 ? exitCode.findings : exitCode.error;
  },
});

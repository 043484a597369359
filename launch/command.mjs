// Runs one command of this project: installs the packages if needed, uses the pinned Node, bundles the command, runs it.
import { spawnSync } from 'node:child_process';
import module from 'node:module';
import { existsSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const [entry, ...args] = process.argv.slice(2);
const installed = join(root, 'node_modules', '.package-lock.json');
const pinnedNode = join(root, 'node_modules', '.bin', 'node');

/** npm writes node_modules/.package-lock.json last: missing or older than the lockfile means not (wholly) installed. */
function packagesAreInstalled() {
  return existsSync(installed) && statSync(installed).mtimeMs >= statSync(join(root, 'package-lock.json')).mtimeMs;
}

function installPackages() {
  process.stderr.write('Installing packages (npm ci), once …\n');
  const result = spawnSync('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd: root,
    stdio: ['ignore', 2, 2],
    shell: process.platform === 'win32',
  });
  if (result.status !== 0) {
    process.stderr.write(`npm ci failed (exit ${result.status ?? result.signal}). Run it by hand to see why: npm ci\n`);
    process.exit(1);
  }
}

/** The command's own process on the pinned Node, when this one is too old for the packages. */
function runOnPinnedNode() {
  const child = spawnSync(pinnedNode, [fileURLToPath(import.meta.url), entry, ...args], { stdio: 'inherit' });
  if (child.signal) process.kill(process.pid, child.signal);
  process.exit(child.status ?? 1);
}

if (!packagesAreInstalled()) installPackages();
if (Number(process.versions.node.split('.')[0]) < 22) runOnPinnedNode();
module.enableCompileCache(join(root, 'dist', '.compile-cache'));
process.argv.splice(1, 2, join(root, entry));
const require = module.createRequire(import.meta.url);
require(require('./bundle.cjs').bundle(entry));

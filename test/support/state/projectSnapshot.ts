import { createHash } from 'node:crypto';
import { loadByNode } from '../nodeRequire.ts';
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Endpoints } from '../../../sandbox/process/endpoints.ts';
import { sandboxPaths } from '../../../sandbox/process/paths.ts';
import { withLock } from '../../../machine/lock.ts';
import { fixtureRoot } from '../fixture.ts';
import { freePort } from './stateServer.ts';

/** Snapshots lie beside the bundles: whoever removes those makes these anew, too. */
const folderOfAll = resolve('dist', 'test-snapshots');

/** The addresses that the stand-ins of a folder get, where it is a copy; whoever starts them there takes these. */
export function keptEndpoints(folder: string): Endpoints | undefined {
  const { endpoints } = sandboxPaths(join(folder, 'sandbox'));
  return existsSync(endpoints) ? (JSON.parse(readFileSync(endpoints, 'utf8')) as Endpoints) : undefined;
}

/**
 * A copy, in a new temporary folder, of the project that `make` makes for these options in an empty folder. It is made once
 * for the same options and the same sources; `make` stops what it starts, and yields the addresses that its stand-ins had.
 */
export async function copyOfSnapshot(options: unknown, make: (folder: string) => Promise<Endpoints>): Promise<string> {
  const kept = join(folderOfAll, createHash('sha256').update(sources()).update(JSON.stringify(options)).digest('hex'));
  if (!existsSync(kept)) {
    await withLock(`${kept}.lock`, { waiting: () => undefined, interval: 200 }, async () => {
      if (existsSync(kept)) return;
      const draft = mkdtempSync(`${kept}-`);
      try {
        const endpoints = await make(draft);
        writeFileSync(sandboxPaths(join(draft, 'sandbox')).endpoints, JSON.stringify(endpoints));
        renameSync(draft, kept);
      } finally {
        rmSync(draft, { recursive: true, force: true });
      }
    });
  }
  const folder = mkdtempSync(join(tmpdir(), 'project-'));
  // Links stay as they are; what the engine links into its own folder is made anew.
  const { pulumiHome } = sandboxPaths(join(kept, 'sandbox'));
  cpSync(kept, folder, { recursive: true, verbatimSymlinks: true, filter: (from) => !from.startsWith(pulumiHome) });
  moveTo(folder, await freeAddresses(keptEndpoints(folder)));
  return folder;
}

/** All that decides what is in a snapshot: program, commands, stand-ins, fixture, packages. */
function sources(): string {
  const { bundle } = loadByNode(resolve('launch', 'bundle.cjs')) as { bundle: (entry: string) => string };
  const bundles = ['index.ts', 'commands/adopt/command.ts', 'sandbox/daemon.ts'].map((entry) => bundle(entry));
  const fixture = readdirSync(fixtureRoot).map((name) => join(fixtureRoot, name));
  const hash = createHash('sha256');
  for (const file of [...bundles, ...fixture, 'package-lock.json', 'test/support/project.ts'])
    hash.update(readFileSync(file));
  return hash.digest('hex');
}

/** A free address for each one of the stand-ins. */
async function freeAddresses(old: Endpoints | undefined): Promise<ReadonlyMap<string, string>> {
  const pairs = Object.values(old ?? {}).map(
    async (url) => [new URL(url).host, `127.0.0.1:${await freePort()}`] as const,
  );
  return new Map(await Promise.all(pairs));
}

/** Writes the new addresses wherever an old one stands: the engine's state holds those of its providers. */
function moveTo(folder: string, hosts: ReadonlyMap<string, string>): void {
  const dir = join(folder, 'sandbox');
  const { services, pulumiState, endpoints } = sandboxPaths(dir);
  const files = [services, pulumiState].flatMap((each) =>
    readdirSync(each, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && /\.json(\.bak)?$/.test(entry.name))
      .map((entry) => join(entry.parentPath, entry.name)),
  );
  for (const file of [...files, endpoints]) {
    const text = readFileSync(file, 'utf8');
    const moved = text.replace(/127\.0\.0\.1:\d+/g, (host) => hosts.get(host) ?? host);
    if (moved !== text) writeFileSync(file, moved);
  }
}

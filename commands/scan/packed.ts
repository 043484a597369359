import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { childEnvironment } from '../../launch/childEnvironment.mjs';
import { fileSource } from '../../files/disk.ts';
import type { Source } from '../../files/source.ts';

/** What leaves the repository: the files that `npm pack` takes, and the bundles in dist/ that git does not know. */
export function packedSources(root: string): Source[] {
  const files = new Set<string>();
  const dist = join(root, 'dist');
  if (existsSync(dist)) {
    for (const entry of readdirSync(dist, { recursive: true, withFileTypes: true })) {
      const path = relative(root, join(entry.parentPath, entry.name)).split(sep).join('/');
      if (entry.isFile() && !path.startsWith('dist/.compile-cache/')) files.add(path);
    }
  }
  const { status, stdout } = spawnSync('npm', ['pack', '--dry-run', '--json', '--ignore-scripts', '--loglevel=error'], {
    cwd: root,
    env: { ...childEnvironment('local'), npm_config_update_notifier: 'false', npm_config_offline: 'true' },
    encoding: 'utf8',
    maxBuffer: 256 * 1024 * 1024,
    shell: process.platform === 'win32',
  });
  if (status !== 0) throw new Error('npm pack --dry-run failed, so the packed files could not be scanned');
  const packages = JSON.parse(stdout) as { files: { path: string }[] }[];
  for (const { path } of packages.flatMap((one) => one.files)) files.add(path);
  return [...files].map((file) => fileSource(join(root, file), file));
}

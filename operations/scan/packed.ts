import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { fileSource } from '../../policies/files/disk.ts';
import type { Source } from '../../policies/files/source.ts';

/** What npm needs to run at all. No token is among it: it reads the folder's own configuration. */
const needed = new Set(
  ['PATH', 'HOME', 'TMPDIR', 'TMP', 'TEMP', 'LANG'].concat([
    'SYSTEMROOT',
    'COMSPEC',
    'PATHEXT',
    'WINDIR',
    'USERPROFILE',
    'APPDATA',
    'LOCALAPPDATA',
  ]),
);

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
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => needed.has(name.toUpperCase())));
  const { status, stdout } = spawnSync('npm', ['pack', '--dry-run', '--json', '--ignore-scripts', '--loglevel=error'], {
    cwd: root,
    env: { ...env, npm_config_update_notifier: 'false', npm_config_offline: 'true' },
    encoding: 'utf8',
    maxBuffer: 256 * 1024 * 1024,
    shell: process.platform === 'win32',
  });
  if (status !== 0) throw new Error('npm pack --dry-run failed, so the packed files could not be scanned');
  const packages = JSON.parse(stdout) as { files: { path: string }[] }[];
  for (const { path } of packages.flatMap((one) => one.files)) files.add(path);
  return [...files].map((file) => fileSource(join(root, file), file));
}

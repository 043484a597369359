import { createHash } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from '../../settings/stack/projectRoot.ts';

/** Which sources the daemon's bundle was made from, as launch/bundle.cjs noted it. */
function stamp(): string {
  return readFileSync(join(projectRoot(), 'dist', 'sandbox', 'daemon.cjs.inputs.json'), 'utf8');
}

/** Names what the daemon that starts now runs. */
export function ownBuild(): string {
  return createHash('sha256').update(stamp()).digest('hex').slice(0, 16);
}

/** What a daemon started now would be: the build on disk, or `outdated` when a source has changed since. */
export function currentBuild(): string {
  try {
    const inputs = Object.entries(JSON.parse(stamp()) as Record<string, string>);
    const same = inputs.every(([file, was]) => {
      const { mtimeMs, size } = statSync(join(projectRoot(), file));
      return `${mtimeMs}:${size}` === was;
    });
    return same ? ownBuild() : 'outdated';
  } catch {
    return 'outdated';
  }
}

import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { childEnvironment } from '../../launch/childEnvironment.mjs';
import type { FileChange } from './changes.ts';

/** The changes as git shows them; an archive as one line. */
export function showDiff(changes: readonly FileChange[]): string {
  const folder = mkdtempSync(join(tmpdir(), 'pipeline-diff-'));
  const save = (side: 'a' | 'b', path: string, bytes: Buffer | undefined) => {
    if (!bytes) return;
    const file = join(folder, side, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, bytes);
  };
  try {
    for (const side of ['a', 'b']) mkdirSync(join(folder, side));
    for (const { path, before, after } of changes) {
      save('a', path, before);
      save('b', path, after);
    }
    execFileSync('git', ['diff', '--no-index', '--no-color', '--no-prefix', 'a', 'b'], {
      cwd: folder,
      env: childEnvironment('local'),
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    return '';
  } catch (error) {
    const { status, stdout } = error as { status?: number; stdout?: Buffer };
    if (status !== 1 || stdout === undefined) throw error;
    return stdout.toString();
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

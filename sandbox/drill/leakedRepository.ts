import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { childEnvironment } from '../../launch/childEnvironment.mjs';
import type { Secret } from '../../secrets/secret.ts';

/** Who commits in a drill. */
export const committer = { name: 'a developer', email: 'developer@staging.example' } as const;

/** Makes a folder a repository with a remote one, in whose history a secret was pushed and removed again. */
export function leakInto(folder: string, origin: string, secret: Secret): void {
  const file = join(folder, 'scripts', 'backfill.mjs');
  git(folder, ['init', '--quiet', '--initial-branch', 'develop']);
  git(folder, ['init', '--quiet', '--bare', '--initial-branch', 'develop', origin]);
  git(folder, ['remote', 'add', 'origin', origin]);
  commit(folder, 'The application');
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, `const serviceKey = '${secret.reveal()}';\n`);
  commit(folder, 'Fill the notes in');
  rmSync(file);
  commit(folder, 'Take the key out');
}

function commit(folder: string, message: string): void {
  git(folder, ['add', '--all']);
  git(folder, ['commit', '--quiet', '--no-verify', '--message', message]);
  git(folder, ['push', '--quiet', 'origin', 'develop']);
}

function git(folder: string, args: readonly string[]): void {
  const identity = ['-c', `user.name=${committer.name}`, '-c', `user.email=${committer.email}`];
  const settings = [...identity, '-c', 'commit.gpgsign=false', '-c', 'core.hooksPath=/dev/null'];
  execFileSync('git', [...settings, ...args], { cwd: folder, env: childEnvironment('local'), stdio: 'pipe' });
}

import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { runCommand, type Ended } from '../../support/command.ts';

/** A folder to scan, with or without a repository of git's. */
export interface ScanFolder {
  readonly path: string;
  write(file: string, content: string | Buffer): void;
  remove(file: string): void;
  git(...args: string[]): string;
  /** Commits everything that is there and yields the commit. */
  commit(message?: string): string;
  /** Runs `npm run scan -- …` in the folder. */
  scan(args: readonly string[], environment?: Record<string, string>): Promise<Ended>;
  close(): void;
}

/** An empty folder; `repository` makes it one of git's. */
export function scanFolder({ repository = false } = {}): ScanFolder {
  const path = mkdtempSync(join(tmpdir(), 'scan-'));
  const folder: ScanFolder = {
    path,
    write(file, content) {
      mkdirSync(dirname(join(path, file)), { recursive: true });
      writeFileSync(join(path, file), content);
    },
    remove: (file) => rmSync(join(path, file)),
    git(...args) {
      const identity = ['-c', 'user.name=test', '-c', 'user.email=test@example.com', '-c', 'commit.gpgsign=false'];
      const { status, stdout, stderr } = spawnSync('git', [...identity, ...args], { cwd: path, encoding: 'utf8' });
      if (status !== 0) throw new Error(`git ${args.join(' ')}: ${stderr}`);
      return stdout.trim();
    },
    commit(message = 'Change something') {
      folder.git('add', '--all');
      folder.git('commit', '--quiet', '--allow-empty', '--no-verify', '--message', message);
      return folder.git('rev-parse', 'HEAD');
    },
    scan: (args, environment = {}) => runCommand('commands/scan/command.ts', args, environment, path),
    close: () => rmSync(path, { recursive: true, force: true }),
  };
  if (repository) folder.git('init', '--quiet', '--initial-branch=main');
  return folder;
}

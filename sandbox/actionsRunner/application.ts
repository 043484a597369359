import { execFileSync } from 'node:child_process';
import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { childEnvironment } from '../../launch/childEnvironment.mjs';
import { projectRoot } from '../../settings/stack/projectRoot.ts';
import { layApplication, type ApplicationState } from '../application/layApplication.ts';

/** The application's repository with the pipeline installed and committed. */
export interface Application {
  readonly folder: string;
  readonly commit: string;
}

function git(folder: string, ...args: readonly string[]): string {
  const identity = ['-c', 'user.name=Sandbox', '-c', 'user.email=sandbox@example.com', '-c', 'commit.gpgsign=false'];
  return execFileSync('git', [...identity, ...args], {
    cwd: folder,
    env: childEnvironment('local'),
    stdio: ['ignore', 'pipe', 'pipe'],
  }).toString();
}

/** Makes the repository: the twin of the application, then `npm run pipeline -- apply` on it, each a commit. */
export function makeApplication(folder: string, state: ApplicationState = 'playbook'): Application {
  layApplication(state, folder);
  git(folder, 'init', '--quiet', '--initial-branch=develop');
  commitAll(folder, 'The application as it was');
  const launcher = join(projectRoot(), 'launch', 'command.mjs');
  execFileSync(process.execPath, [launcher, 'commands/pipeline/command.ts', 'apply', folder, '--yes'], {
    cwd: projectRoot(),
    env: childEnvironment('npm'),
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  return { folder, commit: commitAll(folder, 'Install the delivery pipeline') };
}

/** The same repository in another folder, for a commit of its own. */
export function copyApplication(application: Application, folder: string): Application {
  cpSync(application.folder, folder, { recursive: true });
  return { ...application, folder };
}

/** Commits everything, yields the commit's id. */
export function commitAll(folder: string, message: string): string {
  git(folder, 'add', '--all');
  git(folder, 'commit', '--quiet', '--allow-empty', '--message', message);
  return git(folder, 'rev-parse', 'HEAD').trim();
}

/** A clean checkout of a commit, as actions/checkout leaves it. */
export function checkOut(application: Application, workspace: string): void {
  git(workspace, 'init', '--quiet');
  git(workspace, 'fetch', '--quiet', '--depth=1', application.folder, application.commit);
  git(workspace, 'checkout', '--quiet', '--force', 'FETCH_HEAD');
}

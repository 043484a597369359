import { spawn } from 'node:child_process';
import { handsEndOn } from '../engine/ending.ts';
import { childEnvironment } from '../launch/childEnvironment.mjs';
import type { StagingServices } from './stagingServices.ts';

/** The smoke test of a deploy: a command line that gets `--url URL`. */
export const defaultSmoke = 'npm run preview:smoke --';

/** Runs it in this terminal, for the configured Supabase project; 0 passed, 2 a check failed, 1 it could not run. Its lines go to standard error. `more` goes into its environment. */
export function runSmoke(
  commandLine: string,
  url: string,
  { root, project }: Pick<StagingServices, 'root' | 'project'>,
  more: Readonly<Record<string, string>> = {},
): Promise<number> {
  const [command = '', ...args] = commandLine.split(' ').filter((part) => part !== '');
  const child = spawn(command, [...args, '--url', url], {
    cwd: root,
    stdio: ['ignore', 2, 2],
    env: { SUPABASE_URL: project.url, ...childEnvironment('smoke'), SUPABASE_PROJECT_REF: project.ref, ...more },
  });
  handsEndOn(child);
  return new Promise((resolve, reject) => {
    child.once('error', (error) =>
      reject(new Error(`The smoke test cannot be started (${command}): ${error.message}`)),
    );
    child.once('close', (code) => resolve(code === 0 || code === 2 ? code : 1));
  });
}

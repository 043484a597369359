import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { runsWarm, runWarm } from './jest/warmCommand.ts';

/** How a command ended. */
export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** PATH, HOME, and what a machine needs to reach a package registry: proxies, certificates, npm's own settings. */
function fromThisMachine(): Record<string, string> {
  const names =
    /^(PATH|HOME|NODE_EXTRA_CA_CERTS|SSL_CERT_(FILE|DIR)|(https?|no)_proxy|npm_config_.*|XDG_CACHE_HOME|STAGING_CACHE_DIR)$/i;
  return Object.fromEntries(
    Object.entries(process.env).filter(
      (entry): entry is [string, string] => names.test(entry[0]) && entry[1] !== undefined,
    ),
  );
}

/**
 * Runs one of this project's commands as a user's shell would, with exactly this environment besides PATH, HOME and what
 * the network needs. `started` gets its process id, to kill it half way: then it has a process of its own.
 */
export async function runCommand(
  entry: string,
  args: readonly string[],
  environment: Readonly<Record<string, string>> = {},
  cwd = process.cwd(),
  started?: (pid: number) => void,
): Promise<Ended> {
  const env = { ...fromThisMachine(), ...environment };
  if (!started && runsWarm(entry, args)) return runWarm({ entry, args, env, cwd });
  const node = join(process.cwd(), 'node_modules', '.bin', 'node');
  const child = spawn(node, [join(process.cwd(), 'launch', 'command.mjs'), entry, ...args], {
    cwd,
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  if (child.pid !== undefined) started?.(child.pid);
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => resolve({ code, stdout, stderr }));
  });
}

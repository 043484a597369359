import { type ChildProcess, spawn } from 'node:child_process';

/** What a finished command said. */
export interface CommandResult {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** The sandbox's command, running; `stdin` is open until the caller ends it. */
export interface RunningCommand {
  readonly child: ChildProcess;
  /** Everything on standard output so far. */
  readonly stdout: () => string;
  readonly result: Promise<CommandResult>;
}

/** Starts `npm run sandbox -- …` as a real process on the folder `dir`. */
export function startSandboxCommand(
  dir: string,
  args: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): RunningCommand {
  const child = spawn(process.execPath, ['launch/command.mjs', 'sandbox/command.ts', ...args], {
    env: { ...process.env, STAGING_SANDBOX_DIR: dir, NO_COLOR: '1', ...environment },
  });
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  const result = new Promise<CommandResult>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code, signal) => resolve({ code, signal, stdout, stderr }));
  });
  return { child, stdout: () => stdout, result };
}

/** Runs it to its end with `input` on standard input. */
export function runSandboxCommand(
  dir: string,
  args: readonly string[],
  input = '',
  environment: Readonly<Record<string, string>> = {},
): Promise<CommandResult> {
  const { child, result } = startSandboxCommand(dir, args, environment);
  child.stdin?.end(input);
  return result;
}

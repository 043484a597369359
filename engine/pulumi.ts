import { spawn } from 'node:child_process';
import { childEnvironment } from '../launch/childEnvironment.mjs';
import { aloneUntilExit, endsWithThisProcess } from './ending.ts';
import { heldLocks, lockedBy, type HeldLock } from './heldLocks.ts';
import { withoutStateCredentials } from './stateUrl.ts';
import { printable } from '../machine/printable.ts';
import { heldValues } from '../secrets/secret.ts';

/** `pulumi` failed: its own words are on the error, and the exit code. */
export class PulumiError extends Error {
  override readonly name = 'PulumiError';
  /** What the program and the providers reported, each error's first line; in the message, too. */
  readonly diagnostics: readonly string[];
  /** Who holds the stack, when that is why it failed. */
  readonly locks: readonly HeldLock[];

  constructor(message: string, diagnostics: readonly string[] = [], locks: readonly HeldLock[] = []) {
    super(message);
    this.diagnostics = diagnostics;
    this.locks = locks;
  }
}

/**
 * Added to the environment of a preview that refreshes: each resource is read while the program runs, not all of them
 * before it starts, and only the plan compares them with what is declared, not the refresh as well. It shows the same
 * drift in less time. Not for `pulumi refresh` and `pulumi destroy`: there the first one runs the program, too.
 */
export const refreshInProgram = { PULUMI_RUN_PROGRAM: 'true', PULUMI_ENABLE_LEGACY_REFRESH_DIFF: 'true' } as const;

export interface PulumiRun {
  /** The folder to run in. */
  readonly cwd: string;
  /** Added to what the engine needs of this process's environment. */
  readonly env?: Readonly<Record<string, string>>;
  /** Standard input: where a state with decrypted secrets travels, never a file or an argument. */
  readonly input?: string;
  /** Interrupts it after this long, as Ctrl-C does, so that it lets go of its lock. Default: never. */
  readonly timeoutMs?: number;
  /**
   * A read that nobody has to wait for, and that takes no lock: it neither answers Ctrl-C nor keeps this process from ending,
   * which ends it.
   */
  readonly aside?: true;
}

/** Commands that neither run the program nor start a provider. */
const onlyState = ['stack', 'state', 'config', 'version', 'whoami', 'cancel'];

/** Runs the `pulumi` on the PATH and yields its standard output. Throws a {@link PulumiError} when it fails. */
export async function pulumi(
  args: readonly string[],
  { cwd, env, input, timeoutMs, aside }: PulumiRun,
): Promise<string> {
  const child = spawn('pulumi', [...args, '--non-interactive'], {
    cwd,
    env: {
      ...childEnvironment(onlyState.includes(args[0] ?? '') ? 'state' : 'engine'),
      PULUMI_SKIP_UPDATE_CHECK: 'true',
      ...env,
    },
    stdio: 'pipe',
    detached: !aside, // a group of its own, or this one's: there a terminal ends it, too
  });
  const { interrupt } = aside ? aloneUntilExit(child) : endsWithThisProcess(child);
  const timer = timeoutMs === undefined ? undefined : setTimeout(interrupt, timeoutMs);
  if (aside) timer?.unref();
  const out: Buffer[] = [];
  const err: Buffer[] = [];
  child.stdout.on('data', (chunk: Buffer) => out.push(chunk));
  child.stderr.on('data', (chunk: Buffer) => err.push(chunk));
  child.stdin.on('error', () => undefined); // the command ended without reading it; its exit code says why
  child.stdin.end(input ?? '');
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', (error) => reject(notFound(error)));
    child.once('close', resolve);
  }).finally(() => clearTimeout(timer));
  if (code !== 0) {
    // Only the error stream: a failed command's output could hold the state it was given.
    const safe = (chunks: readonly Buffer[]) =>
      withoutStateCredentials(Buffer.concat(chunks).toString(), { ...process.env, ...env }).trim();
    const diagnostics = await diagnosticsOf(safe(out), 'error');
    const failed = `pulumi ${args.slice(0, 2).join(' ')} failed (exit ${code ?? 'by signal'}).`;
    // Before anything is taken out of it: a holder's name reads like the user of an address.
    const locks = heldLocks(Buffer.concat(err).toString());
    const said = locks.length > 0 ? lockedBy(locks) : (await masking())(safe(err));
    const message = [failed, ...diagnostics, said].filter((line) => line !== '').join('\n');
    throw new PulumiError(message, diagnostics, locks);
  }
  return Buffer.concat(out).toString();
}

/**
 * The errors or warnings below `Diagnostics:`, where an update reports them: on standard output, between the plan and the
 * outputs. Of each only the first line, which is a sentence; what follows it may be a dump of anything. No state has such
 * lines. `output` is what {@link pulumi} yields.
 */
export async function diagnosticsOf(output: string, kind: 'error' | 'warning'): Promise<string[]> {
  const [, diagnostics = ''] = output.split(/^Diagnostics:$/m);
  const lines = diagnostics.split('\n').filter((line) => line.startsWith(`    ${kind}: `));
  const redact = await masking();
  return [...new Set(lines.map((line) => line.trim()))].map((line) => printable(redact(line)));
}

/** Masks what a provider may repeat: this process's environment, and every value that it has read from the vault. */
async function masking(): Promise<(text: string) => string> {
  // Loaded only here: the scan's rules are many, and most runs succeed.
  const { createRedactor, sensitiveValues } = await import('../detection/redact.ts');
  return createRedactor([...sensitiveValues(process.env), ...heldValues()]);
}

function notFound(error: Error): Error {
  if ((error as NodeJS.ErrnoException).code !== 'ENOENT') return error;
  return new PulumiError(
    'pulumi is not on the PATH. Install it (docs/accounts.md), or use the sandbox: npm run sandbox -- exec npm run …',
  );
}

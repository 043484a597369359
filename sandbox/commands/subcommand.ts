/** One subcommand of `npm run sandbox --`. */
export interface Subcommand {
  /** What stands after the name, for the help. */
  readonly usage: string;
  /** One line for the list. */
  readonly summary: string;
  /** Further lines for its own `--help`. */
  readonly details?: string;
  /** Takes what stands after the name as it is, `--help` included. */
  readonly verbatim?: true;
  /** Resolves to the exit code: 0 fine, 1 error, 2 findings. */
  run(args: readonly string[], dir: string): Promise<number>;
}

/** A mistake in the call: the message is followed by the usage. */
export class UsageError extends Error {}

/** Writes a line to standard output. */
export function print(text: string): void {
  process.stdout.write(`${text}\n`);
}

/** Writes a line for the person, separately from the output. */
export function say(text: string): void {
  process.stderr.write(`${text}\n`);
}

/** Exit codes of every command: 0 fine, 1 error, 2 findings (drift, leaks, a failed check). */
export const exitCode = { fine: 0, error: 1, findings: 2 } as const;

/** The call itself is wrong: the message says how; `--help` says the rest. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

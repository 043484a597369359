import * as pulumi from '@pulumi/pulumi';
import { printable, printableLines } from '../machine/printable.ts';

/**
 * Makes what this program reports to the engine safe to print: no line of it begins a workflow command, and nothing of it steers
 * a terminal. Names that services gave (who changed a key, what a check is called) stand in it.
 */
export function guardMessages(): void {
  for (const level of ['info', 'warn', 'error'] as const) {
    const log = pulumi.log[level];
    Object.assign(pulumi.log, {
      [level]: (message: string, ...rest: readonly [pulumi.Resource?, number?, boolean?]) =>
        log(printableLines(message), ...rest),
    });
  }
}

/** A refusal as the engine may print it: one line. */
export function safeRefusal(error: unknown): Error {
  return new Error(printable(error instanceof Error ? error.message : String(error)), { cause: error });
}

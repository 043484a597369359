import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { DoorError } from '../../services/door/doorError.ts';
import { ToolchainError } from '../toolchain.ts';

/** For how long a place that could not be reached is not asked again. */
const FORGET_AFTER_MS = 60 * 60 * 1000;

/** Remembers what could not be reached, so that a machine without a way out waits for a time-out once, not at every start. */
export class Unreachable {
  readonly #file: string;
  readonly #now: () => number;

  constructor(file: string, now: () => number = Date.now) {
    this.#file = file;
    this.#now = now;
  }

  /**
   * Runs `attempt` unless it failed lately. Undefined when it worked, else the reason of then or of now. What was reached
   * and is wrong, a download that was changed under way, is a `ToolchainError`, which it throws and does not remember.
   */
  async try(name: string, attempt: () => Promise<void>): Promise<string | undefined> {
    const known = this.#read()[name];
    if (known !== undefined && this.#now() - known.at < FORGET_AFTER_MS) return known.reason;
    try {
      await attempt();
      return undefined;
    } catch (error) {
      if (error instanceof ToolchainError) throw error;
      const reason = describe(error);
      this.#write({ ...this.#read(), [name]: { at: this.#now(), reason } });
      return reason;
    }
  }

  /** Forgets everything: the user wants it tried again. */
  clear(): void {
    rmSync(this.#file, { force: true });
  }

  #read(): Record<string, { readonly at: number; readonly reason: string }> {
    try {
      return JSON.parse(readFileSync(this.#file, 'utf8')) as Record<string, { at: number; reason: string }>;
    } catch {
      return {};
    }
  }

  #write(content: object): void {
    mkdirSync(dirname(this.#file), { recursive: true });
    writeFileSync(this.#file, JSON.stringify(content));
  }
}

/** The innermost reason: fetch hides it in `cause`. The door says what to do, too. */
function describe(error: unknown): string {
  if (error instanceof DoorError) return error.message;
  const { name, message, cause } = error as Partial<Error>;
  if (name === 'TimeoutError') return 'no answer in time';
  return cause instanceof Error ? cause.message : (message ?? String(error));
}

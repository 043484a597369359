import { forStack } from '../settings/stack/stackCommand.ts';
/** A lock as Pulumi names it when it refuses to work on a stack that somebody holds. */
export interface HeldLock {
  /** Where it is kept, by an address that Pulumi has taken the password out of. */
  readonly place: string;
  readonly user: string;
  readonly host: string;
  readonly pid: number;
  /** When it was taken (RFC 3339). */
  readonly since: string;
}

/** A line of Pulumi's for one lock. A user's name may hold anything, a host's neither a space nor an `@`. */
const lockLine = /^ {2}(?<place>\S.*): created by (?<user>.*)@(?<host>[^\s@]+) \(pid (?<pid>\d+)\) at (?<since>\S+)$/;

/**
 * The locks in what Pulumi says of a stack that somebody holds. Pulumi has no command that lists them, and only its own
 * client can open every kind of state: this text is the one place where it names them. Empty when it names none.
 */
export function heldLocks(output: string): readonly HeldLock[] {
  return output.split(/\r?\n/).flatMap((line) => {
    const { place, user, host, pid, since } = lockLine.exec(line)?.groups ?? {};
    if (place === undefined || user === undefined || host === undefined || since === undefined) return [];
    return [{ place, user, host, pid: Number(pid), since }];
  });
}

/** Who holds a stack, for a person. */
export function lockedBy(locks: readonly HeldLock[]): string {
  const holders = locks.map(({ user, host, pid, since }) => `${user}@${host} (process ${pid}) since ${since}`);
  return `The stack is locked by ${holders.join(' and ')}. Wait for its end; if it was killed: ${forStack('npm run recover')}`;
}

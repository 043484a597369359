import { readFileSync, statSync } from 'node:fs';
import { hostname } from 'node:os';
import { z } from 'zod';
import { runs } from './runs.ts';

const ownerSchema = z.object({
  pid: z.number(),
  host: z.string(),
  /** Distinguishes a process from a later one with the same id. */
  started: z.string(),
  /** Distinguishes the machine from another of the same name, and from itself before it was started again. */
  boot: z.string().optional(),
  id: z.string().optional(),
  /** When it took the lock (ISO 8601). */
  since: z.string().optional(),
});

/** Who holds a lock. */
export type Owner = z.infer<typeof ownerSchema>;

/** Who holds a lock, and for how long, in milliseconds, it has given no sign of life. */
export interface Holder extends Owner {
  readonly silentMs: number;
}

/** The owner, and its silence at `now`; undefined when the lock has just gone. */
export function readHolder(file: string, now: number): Holder | undefined {
  const owner = readOwner(file);
  const touched = statSync(file, { throwIfNoEntry: false })?.mtimeMs;
  return owner && touched !== undefined ? { ...owner, silentMs: Math.max(0, now - touched) } : undefined;
}

/** The owner; undefined when the lock has just gone; no one when the file is damaged, so that it does not block. */
export function readOwner(file: string): Owner | undefined {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
  try {
    return ownerSchema.parse(JSON.parse(text));
  } catch {
    return { pid: 0, host: hostname(), started: 'never' };
  }
}

/** Whether the owner still runs. Of another machine only its signs of life say so; without them it counts as alive. */
export function isAlive(
  { host, boot: booted, pid, started, silentMs }: Holder,
  silenceMs: number | undefined,
): boolean {
  const isHere = host === hostname() && (silenceMs === undefined || booted === undefined || booted === boot());
  if (!isHere) return silenceMs === undefined || silentMs <= silenceMs;
  return pid > 0 && runs(pid) && started === startOf(pid);
}

/** Linux's own name for the time since the machine was started; empty where the platform has none. */
export function boot(): string {
  try {
    return readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
  } catch {
    return '';
  }
}

/** When a process was started, by Linux's own clock; empty where the platform does not say, or it is a zombie. */
export function startOf(pid: number): string {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const [state, ...fields] = text.slice(text.lastIndexOf(')') + 2).split(' ');
    return state === 'Z' ? '' : (fields[18] ?? '');
  } catch {
    return '';
  }
}

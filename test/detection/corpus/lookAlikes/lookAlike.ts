import type { Random } from '../random.ts';

/** A text that looks as if it held a secret and holds none. */
export interface LookAlike {
  readonly name: string;
  readonly file: string;
  write(random: Random): string;
}

/** One look-alike. */
export function look(name: string, file: string, write: (random: Random) => string): LookAlike {
  return { name, file, write };
}

/** A number as a person writes it: digits, perhaps with a fraction. `undefined` for anything else, an empty text too. */
export function decimal(text: string): number | undefined {
  return /^\d+(?:\.\d+)?$/.test(text) ? Number(text) : undefined;
}

/** A time limit in the environment, given in seconds, as milliseconds; `preset` where there is none. Throws for no number. */
export function timeLimitMs(name: string, preset: number, env: NodeJS.ProcessEnv = process.env): number {
  const text = env[name] ?? '';
  if (text === '') return preset;
  const seconds = decimal(text) ?? 0;
  if (seconds > 0 && seconds <= 3600) return seconds * 1000;
  throw new Error(`${name} is a number of seconds, more than 0 and at most 3600. Correct it, or unset it.`);
}

/** Writes a line to standard output. */
export function print(text: string): void {
  process.stdout.write(`${text}\n`);
}

/** Writes a line for the person, separately from the output. */
export function say(text: string): void {
  process.stderr.write(`${text}\n`);
}

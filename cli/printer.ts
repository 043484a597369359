/** Prints a result on standard output: its words for people, or with `--json` its data. */
export function printer({ json }: { readonly json: boolean }): (words: string, data: unknown) => void {
  return (words, data) => void process.stdout.write(json ? `${JSON.stringify(data, undefined, 2)}\n` : words);
}

/** Says a line to the person, beside the result: on the error stream. */
export function report(line: string): void {
  process.stderr.write(`${line}\n`);
}

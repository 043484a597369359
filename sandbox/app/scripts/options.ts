/** `--name value` and `--name=value`; a name alone is `true`. */
export function readOptions(given: readonly string[]): Record<string, string | true> {
  const options: Record<string, string | true> = {};
  given.forEach((word, index) => {
    if (!word.startsWith('--')) return;
    const [name = '', value] = word.slice(2).split('=', 2);
    const next = given[index + 1];
    options[name] = value ?? (next === undefined || next.startsWith('--') ? true : next);
  });
  return options;
}

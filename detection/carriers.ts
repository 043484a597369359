/** Keys whose own name says nothing about the value under them: `DB_PASSWORD: { value: … }`. */
const carriers =
  /^(?:values?|from|content|(?:secret|string|default)[_ -]?values?|default|production|plain[_ -]?text(?:[_ -]?value)?)$/i;

/** Whether the value under these keys, below a name, is that name's own: `value`, `production`, `netlify.otherContexts.dev`. */
export function isCarried(keys: readonly string[]): boolean {
  const [first = '', ...others] = /^netlify(?:\[\d+\])?$/.test(keys[0] ?? '') ? keys.slice(1) : keys;
  // A context may hold a dot (`branch:release/1.2`), and then be more than one key to whoever split a path.
  return first === 'otherContexts' ? others.length > 0 : others.length === 0 && carriers.test(first);
}

/** The key that names the value at the end of a path: `variables.OPENAI_API_KEY.value` is about OPENAI_API_KEY. */
export function nameOf(path: readonly string[]): string {
  return path.find((_, index) => isCarried(path.slice(index + 1))) ?? path.at(-1) ?? '';
}

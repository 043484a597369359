/**
 * The outputs of a Netlify variable that hold values, both always: its provider marks only `secretValues` as secret, and
 * fills `values` on each read for a key that is plain on Netlify, whatever is declared.
 */
export const netlifyValueLists: readonly string[] = ['values', 'secretValues'];

/** The outputs of a GitHub Actions secret that may hold its value, as its provider's SDK marks them. */
const githubValues: readonly string[] = ['encryptedValue', 'plaintextValue', 'value', 'valueEncrypted'];

/** What the engine shall keep secret of a resource of this type, whatever its provider says; empty for any other type. */
export function secretOutputsOf(type: string): readonly string[] {
  if (type.endsWith(':EnvironmentVariable')) return netlifyValueLists;
  return type.endsWith(':ActionsSecret') || type.endsWith(':ActionsEnvironmentSecret') ? githubValues : [];
}

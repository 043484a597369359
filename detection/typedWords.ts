import { everySecret } from './everySecret.ts';
import { looksRandom } from './randomness.ts';
import { isSecretValue } from './secretValue.ts';
import { merged, replaceSpans } from './text/spans.ts';
import { valueFinder } from './text/valueSearch.ts';

/** A variable's name: words in capitals. No word of one is as long as a key. */
const variable = /^[A-Z][A-Z0-9]{0,23}(?:_{1,2}[A-Z0-9]{1,24}){0,12}$/;
const longestName = 60;

/** Digests, commits, ids of deploys: they are typed, and have to be named in an error. */
const identifier = /^[0-9a-f-]+$/i;

/** What a message says in the place of a name that it does not repeat. */
export const notRepeated =
  'what was typed is not repeated here: it is no name of a variable, or may be a secret, which then stands in the history of this shell as well';

/**
 * What somebody typed as the name of a value, where a message may repeat it: people paste the value itself. `undefined` for
 * whatever does not look like a variable's name, or looks like a secret.
 */
export function shownName(typed: string): string | undefined {
  if (typed.length > longestName || !variable.test(typed)) return undefined;
  return mayBeSecret(typed) || looksRandom(typed, 12) ? undefined : typed;
}

/** The words of a command line that may be secrets, of an option `--name=word` what stands behind the mark. */
export function secretWords(words: readonly string[]): string[] {
  return words
    .map((word) => (word.startsWith('--') && word.includes('=') ? word.slice(word.indexOf('=') + 1) : word))
    .filter((word) => !word.startsWith('--') && !identifier.test(word) && mayBeSecret(word));
}

/** A function that masks, wherever it stands in a text, what of these words may be a secret. */
export function wordMask(words: readonly string[]): (text: string) => string {
  const secrets = secretWords(words);
  if (secrets.length === 0) return (text) => text;
  const find = valueFinder(
    secrets.map((secret) => ({ name: '', reveal: () => secret })),
    1,
  );
  return (text) => replaceSpans(text, merged(find(text)), '****');
}

function mayBeSecret(word: string): boolean {
  return isSecretValue('SECRET_KEY', word) || everySecret(word).length > 0;
}

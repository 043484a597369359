/** Words as a person types them in a shell: those that a shell would read in another way are quoted. */
export function shellWords(words: readonly string[]): string {
  return words.map((word) => (/^[\w./:=@%+,…-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`)).join(' ');
}

/** Whether a word stands somewhere in a text, not as a part of a longer one. */
export function hasWord(text: string, word: string): boolean {
  for (let at = text.indexOf(word); at !== -1; at = text.indexOf(word, at + 1))
    if (!isWordCharacter(text.charCodeAt(at - 1)) && !isWordCharacter(text.charCodeAt(at + word.length))) return true;
  return false;
}

/** A letter, a digit, `_` or `$`; beyond the text is none. */
function isWordCharacter(code: number): boolean {
  return (
    (code >= 97 && code <= 122) ||
    (code >= 65 && code <= 90) ||
    (code >= 48 && code <= 57) ||
    code === 95 ||
    code === 36
  );
}

/** Whether code may speak of an environment by itself: whatever does has these words. */
export function mentionsEnvironment(text: string): boolean {
  return (
    (hasWord(text, 'env') && ['process', 'Deno', 'Netlify', 'meta', 'Bun'].some((word) => hasWord(text, word))) ||
    hasWord(text, 'loadEnv')
  );
}

import type { Module } from './module.ts';

/** Whether a module may speak of an environment by itself: whoever does writes these words. */
export function mentionsEnvironment({ text }: Module): boolean {
  return (
    (hasWord(text, 'env') && ['process', 'Deno', 'Netlify', 'meta', 'Bun'].some((word) => hasWord(text, word))) ||
    hasWord(text, 'loadEnv')
  );
}

/** Whether a word stands somewhere in a text, not as a part of a longer one. */
function hasWord(text: string, word: string): boolean {
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

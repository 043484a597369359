import type { Module } from './module.ts';
import { hasWord } from './words.ts';

/** Whether a module may speak of an environment by itself: whoever does writes these words. */
export function mentionsEnvironment({ text }: Module): boolean {
  return (
    (hasWord(text, 'env') && ['process', 'Deno', 'Netlify', 'meta', 'Bun'].some((word) => hasWord(text, word))) ||
    hasWord(text, 'loadEnv')
  );
}

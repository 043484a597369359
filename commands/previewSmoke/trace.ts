import { readFileSync } from 'node:fs';
import { strFromU8, strToU8, unzipSync, zipSync, type Zippable } from 'fflate';
import { writeWhole } from '../../machine/writeWhole.ts';

/** Pictures and fonts: nothing in them can be masked, and nothing of the kind is typed into the page visibly. */
const binary = /\.(?:png|jpe?g|webp|gif|ico|woff2?|ttf)$/i;

/** What a sign-in answers: tokens of no shape of their own, known by their field. */
const tokenField = /(\\?"(?:access_token|refresh_token|provider_token|password)\\?"\s*:\s*\\?")[^"\\]+/g;

/** Masks every secret in a Playwright trace: actions, requests, and the bodies that it keeps. */
export function redactTrace(file: string, redact: (text: string) => string): void {
  const entries = unzipSync(readFileSync(file));
  const safe: Zippable = {};
  for (const [name, bytes] of Object.entries(entries)) {
    if (binary.test(name)) {
      safe[name] = bytes;
      continue;
    }
    // The given values first: a rule that knows only where a field ends could cut one in two.
    safe[name] = strToU8(redact(strFromU8(bytes)).replace(tokenField, '$1****'));
  }
  writeWhole(file, zipSync(safe, { level: 6 }));
}

import { everySecret } from './everySecret.ts';
import { isSensitiveName } from './names.ts';
import { merged, replaceSpans } from './text/spans.ts';
import { valueFinder } from './text/valueSearch.ts';

/** Shorter values are words: replacing them would tear the text and hide nothing. */
const shortest = 6;

/** What stands in the place of a secret. */
const mask = '****';

/** Words in the names of variables whose values are never shown, beside what the scan takes for sensitive. */
const alsoSensitive = /TOKEN|SECRET|PASSW|PASSPHRASE|WEBHOOK|SERVICE_ROLE|ORGANIZATION_ID|(?:^|_)KEY(?:_|$)/i;

/** Variables that have such a word and hold a place, not a secret: `SSH_AUTH_SOCK`, `TOKEN_FILE`, the working folder. */
const namesPlace = /_(?:SOCK|FILE|PATH|DIR|FOLDER|HOME)$|^(?:OLD)?PWD$/i;

/** The values of an environment that must not be shown, by the names of its variables. */
export function sensitiveValues(environment: Readonly<Record<string, string | undefined>>): string[] {
  return Object.entries(environment)
    .filter(([name]) => (alsoSensitive.test(name) || isSensitiveName(name)) && !namesPlace.test(name))
    .flatMap(([, value]) => (value === undefined || value.length < shortest ? [] : [value]));
}

/**
 * A function that masks the given values in every spelling in which they travel, and whatever else has the shape of a
 * secret or stands under the name of one. Its shapes are those of the scan.
 */
export function createRedactor(values: readonly string[]): (text: string) => string {
  const find = valueFinder(
    values.map((value) => ({ name: '', reveal: () => value })),
    shortest,
  );
  return (text) => replaceSpans(text, merged([...find(text), ...everySecret(text)]), mask);
}

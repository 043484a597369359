/** Secrets of a known shape, wherever they come from. */
const shapes: readonly RegExp[] = [
  /\beyJ[\w-]{10,}\.[\w-]{10,}\.[\w-]{10,}/g,
  /\bsb_(?:secret|publishable)_[\w-]{10,}/g,
  /\bsbp_[\w-]{20,}/g,
  /\bnf[a-z]_[\w-]{20,}/g,
  /\bops_[\w-]{20,}/g,
  /\bpul-[0-9a-f]{20,}/g,
  /\bxox[a-z]-[\w-]{10,}/g,
  /\bhttps?:\/\/hooks\.slack\.com\/[^\s"'<>|]+/g,
  /(?<=\bhttps?:\/\/[^\s"'<>|]{1,200})\/services\/T[^\s"'<>|]+/g,
  /\bgh[a-z]_\w{20,}|\bgithub_pat_\w{20,}/g,
  /\bsk-[\w-]{20,}/g,
  /\bAKIA[0-9A-Z]{16}\b/g,
  /(?<=\b[a-z][a-z0-9+]{2,}:\/\/[^\s:/@]{0,100}:)[^\s@/]+(?=@)/g,
  /-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z ]*PRIVATE KEY-----|$)/g,
];

/** Variables whose values are secret by their name. */
const sensitiveName = /TOKEN|SECRET|PASSWORD|PASSPHRASE|WEBHOOK|SERVICE_ROLE|ORGANIZATION_ID|(?:^|_)KEY(?:_|$)/i;

/** Shorter values are words: replacing them would tear the text and hide nothing. */
const shortest = 6;

/** What stands in the place of a secret. */
export const mask = '****';

/** The spellings in which a value travels. */
function spellings(value: string): string[] {
  return [value, JSON.stringify(value).slice(1, -1), encodeURIComponent(value), Buffer.from(value).toString('base64')];
}

/** The values of an environment that must not be shown, by the names of its variables. */
export function sensitiveValues(environment: Readonly<Record<string, string | undefined>>): string[] {
  return Object.entries(environment)
    .filter(([name]) => sensitiveName.test(name))
    .flatMap(([, value]) => (value === undefined ? [] : [value]))
    .filter((value) => value.length >= shortest && !/^\/[\w./-]*$/.test(value));
}

/** A function that masks the given values, in plain and as base64, URL and JSON spell them, and every secret of a known shape. */
export function createRedactor(values: readonly string[]): (text: string) => string {
  const known = [...new Set(values.filter((value) => value.length >= shortest).flatMap(spellings))].sort(
    (a, b) => b.length - a.length,
  );
  return (text) => {
    let safe = text;
    for (const value of known) safe = safe.replaceAll(value, mask);
    for (const shape of shapes) safe = safe.replace(shape, mask);
    return safe;
  };
}

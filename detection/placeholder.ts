import { entropy, isSequence, wordShare } from './randomness.ts';

/** Words that people put where a secret belongs when they write an example. */
const exampleWords =
  /example|sample|placeholder|dummy|change[-_ ]?me|redacted|(?<![a-z])your[-_. ]|insert[-_]|replace[-_]|not[-_]?a[-_]?real|not[-_]?real|goes[-_]?here|(?<![a-z0-9])fake[-_]|[-_]fake(?![a-z0-9])|\btodo\b|\bfixme\b|deadbeef/gi;
const masks = /x{5,}|X{5,}|\*{3,}|•{2,}|\.{3}|…/;

/** As people write words: in small letters, in capitals, or each with one. In a long random value a word turns up by chance, but hardly so. */
const asWritten = /^(?:[a-z]+|[A-Z]+|[A-Z]?[a-z]{2,}(?:[A-Z][a-z]{2,}|A)*)$/;

const exampleWordsByCase =
  /(?<![A-Za-z0-9])YOUR|(?<![A-Za-z])your[A-Z]|(?<![A-Za-z])my(?:Super|Secret|Api|Token|Password)/;

function namesExample(value: string): boolean {
  for (const [word] of value.matchAll(exampleWords)) if (asWritten.test(word.replace(/[^A-Za-z]/g, ''))) return true;
  return masks.test(value) || exampleWordsByCase.test(value);
}

/** Forms that name a value instead of holding it: a reference, a variable, a template, a call. */
const references = [
  /^op:\/\//i,
  /^encrypted:[A-Za-z0-9+/]{60,}={0,2}$/, // dotenvx
  /\$\{/,
  /\{\{/,
  /^\$[A-Za-z_(]/,
  /^%[A-Za-z_]+%$/,
  /^%[-\d.]*[sdvq]$/,
  /^<[^>]*>?$/,
  /^\[[^\]]*\]$/,
  /^@[A-Za-z_]+@$/,
  /^#\{/,
  /^(?:process|import\.meta)\.env\b/,
  /^(?:os\.environ|os\.getenv|env|ENV|secrets|vars|var|local|data|module|config|settings|self|this|inputs|outputs|params|github)[.[(]/,
  /^(?:vault|aws-?sm|ssm|secretsmanager|keyvault|sops|kms|doppler|infisical|ref\+\w+|arn|projects)[:/]/i,
  /^(?:ENC\[|\$ANSIBLE_VAULT|!vault|!Ref|!GetAtt|!Sub|AAAAB3NzaC1|ssh-(?:rsa|ed25519)|ecdsa-sha2|age1)/,
  /^(?:1b47061264138c4ac30d75fd1eb44270|4dabf18193072939515e22adb298388d)$/, // the marks by which Pulumi distinguishes secrets on the wire
  /^Ag[A-D][A-Za-z0-9+/]{250,}={0,2}$/, // a sealed secret of Kubernetes
  /^v1:[A-Za-z0-9+/=]{8,}(?::[A-Za-z0-9+/=]{8,})?/, // Pulumi's own ciphertext and salt
];

/** Digests of passwords: made to be stored. */
const passwordDigests =
  /^(?:\$2[abxy]?\$|\$argon2|\$[156]\$|\$scrypt\$|\$pbkdf2|pbkdf2[_:]|scrypt:|bcrypt|\{SSHA|\{SHA|\{CRYPT)|^sha(?:1|224|256|384|512)[-:=]|^md5[-:][0-9a-f]{32}$/i;

/** Whether `value` stands for a secret without being one: empty, masked, a reference, a template, a well-known example. */
export function isPlaceholder(value: string): boolean {
  const trimmed = value.trim();
  if (trimmed.length < 4) return true;
  if (namesExample(trimmed)) return true;
  if (references.some((form) => form.test(trimmed))) return true;
  if (passwordDigests.test(trimmed)) return true;
  return /^(.)\1*$/.test(trimmed) || isSequence(trimmed);
}

/** Whether the random part of a token with a known shape is too regular to be real: `ghp_aaaa…`, `AKIA1234567890…`. */
export function isRegular(body: string): boolean {
  return body.length >= 12 && (entropy(body) < Math.min(2.5, Math.log2(body.length) * 0.6) || isSequence(body));
}

/** Whether a token spells words: `ghp_PersonalAccessToken0123…`. Words need small letters: runs of capitals look like words by chance. */
export function isMadeOfWords(token: string): boolean {
  const body = token.slice(4);
  return !/[\s/]/.test(body) && /[a-z]{6}/.test(body) && wordShare(body) > 0.85;
}

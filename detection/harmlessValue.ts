import { passwordWords } from './names.ts';
import { classCount, looksRandom, readsLikeWord, wordShare } from './randomness.ts';

/** A form of values that are no secrets, wherever they stand. None of them takes what a generator made. */
export type HarmlessForm = (value: string, name: string) => boolean;

/** Words of tests and documentation, between marks. */
const testWord =
  /(?<![a-z0-9+/])(?:test|tests|testing|mock|fake|dummy|stub|demo|foo|bar|invalid|expected|correct|wrong|fixture|synthetic)(?![a-z0-9+/])/gi;

/** `test-token-1`. In a long random value such a word turns up by chance. */
const saysTest: HarmlessForm = (value) => {
  const words = value.match(testWord) ?? [];
  if (words.length === 0) return false;
  const rest = value.split(/[^A-Za-z0-9+/=_-]+/).some((part) => {
    const others = part.replace(testWord, '');
    return others.length >= 18 && classCount(others.replace(/[^A-Za-z0-9]/g, '')) === 3 && looksRandom(others);
  });
  return !rest && words.every((word) => /^(?:[a-z]+|[A-Z][a-z]+|[A-Z]+)$/.test(word));
};

/** `scope=repo&client_id=x`, `Server=db;User=app`, `connection=value`. */
const isListOfOptions: HarmlessForm = (value, name) => {
  if (/^[a-z]\w{0,20}=[^=]*[&;,][a-z]\w{0,20}=[^=]/i.test(value)) return true;
  if (!/^[a-z]\w{0,20}=[^=]/i.test(value)) return false;
  return !isPasswordName(name) || wordShare(value.slice(0, value.indexOf('='))) > 0.6;
};

/** The first part of a JSON Web Token alone: what it says is public. */
const isTokenHeader: HarmlessForm = (value) => {
  if (!/^eyJ[\w-]{8,}$/.test(value)) return false;
  const text = Buffer.from(value, 'base64url').toString('latin1');
  // Cut short it is no JSON; a key in the form of JSON has other members.
  return /^\{"(?:alg|typ|kid|cty)":"[\w./+-]{1,60}"?(?:[,}]|$)/.test(text) && !/"(?:k|d|p|q|secret|key)"/.test(text);
};

/** The rules for JSON Web Tokens decide. */
const isWebToken: HarmlessForm = (value) => /^eyJ[\w-]+\.eyJ/.test(value);

/** Keys that their vendors publish. Access keys of AWS have a rule. */
const isPublicKey: HarmlessForm = (value) =>
  /^(?:sb_publishable_|pk_(?:live|test)_|pk\.eyJ|phc_[A-Za-z0-9]{40}|(?:AKIA|ASIA)[A-Z0-9]{16}$)/.test(value);

/** What kubeseal made of a secret: the length of the key that it begins with is always the same. Only a cluster opens it. */
const isSealed: HarmlessForm = (value) => /^Ag[A-D][A-Za-z0-9+/]{150,}/.test(value);

/** When something was changed. */
const isDate: HarmlessForm = (value) => /^\d{4}-\d{2}-\d{2}(?:[T ][\d:.,+Z-]*)?$/.test(value);

const isAddress: HarmlessForm = (value) => /^[a-z][a-z0-9+.-]*:\/\//i.test(value);

const isPath: HarmlessForm = (value) =>
  /^(?:\.{0,2}|~|[A-Za-z]:)[/\\]/.test(value) &&
  !/[+=]/.test(value) &&
  value.split(/[/\\]/).length > 2 &&
  wordShare(value) > 0.5;

/** Pictures and documents are called anything, by digests too. */
const mediaName = /^[\w.%/-]+\.(?:jpe?g|png|gif|webp|svg|ico|pdf|mp[34]|webm|docx?|xlsx?|pptx?)$/i;
const otherFile =
  /\.(?:html?|s?css|[cm]?[jt]sx?|json|ya?ml|toml|md|txt|csv|sql|zip|tar|log|xml|py|go|rs|sh|pem|crt|cer|key|p12|pfx|jks|env)$/i;

/** `21-some-page-1234567890.jpg`, `certificates/server.pem`: with words in it, since a value may end in `.key` by chance or on purpose. */
const isFileName: HarmlessForm = (value) => {
  if (mediaName.test(value)) return true;
  const end = otherFile.exec(value)?.index;
  if (end === undefined || !/^[\w./\\@-]+$/.test(value)) return false;
  const parts = value
    .slice(0, end)
    .split(/[^A-Za-z0-9]+/)
    .filter(Boolean);
  return (
    parts.some(readsLikeWord) && parts.every((part) => part.length < 12 || /^\d+$/.test(part) || wordShare(part) >= 0.6)
  );
};

const part =
  /^(?:v?\d{1,14}|(?:[a-z]{1,24}|[A-Z]{1,24}|[A-Z][a-z]{1,24}|[a-z]{2,24}(?:[A-Z][a-z]{2,24}){1,4})\d{0,2})$/;

/** Words, numbers and dates between marks: `region_layout_v2026_05`. A generator makes no words. */
const isWordsAndNumbers: HarmlessForm = (value, name) => {
  const parts = value.split(/[_\-./:]/);
  if (isPasswordName(name) || parts.length < 3 || !parts.every((each) => part.test(each))) return false;
  if (new Set(parts.map(({ length }) => length)).size === 1) return false; // groups of a generator
  const words = parts.filter((each) => /^[A-Za-z]{3,}/.test(each));
  return words.some(readsLikeWord) && words.length >= 2 && wordShare(words.join('_')) >= 0.75;
};

/** The name of a public key, by which GnuPG and git find it. git writes `signingkey` in small letters; `signingKey` signs tokens. */
const isKeyFingerprint: HarmlessForm = (value, name) =>
  (/(?:gpg|pgp)[_\-. ]?(?:signing[_\-. ]?)?key(?:[_\-. ]?id)?$/i.test(name) ||
    /^(?:user\.signing[kK]ey|signingkey)$/.test(name)) &&
  /^(?:0x)?(?:[0-9a-f]{8}|[0-9a-f]{16}|[0-9a-f]{40})$/i.test(value);

/** `a.member.access`, `a.call(` */
const isMemberAccess: HarmlessForm = (value, name) =>
  /^[\w$]+(?:\.[A-Za-z_$][\w$]*)+(?:\(.*)?$/.test(value) && wordShare(value) > (isPasswordName(name) ? 0.8 : 0.5);

/** An address in a public ledger; a version. */
const isLedgerAddress: HarmlessForm = (value) => /^0x[0-9a-f]{40}$/i.test(value);
const isVersion: HarmlessForm = (value) => /-v?\d{1,4}(?:\.\d{1,6}){2}$/.test(value);

const isIdentifier: HarmlessForm = (value) =>
  /^[a-z]{1,12}\d{0,2}(?:[A-Z][a-z]{2,}){2,}$/.test(value) && wordShare(value) > 0.6;

/** Every form. */
export const harmlessForms: Readonly<Record<string, HarmlessForm>> = {
  saysTest,
  isListOfOptions,
  isWebToken,
  isTokenHeader,
  isPublicKey,
  isSealed,
  isDate,
  isAddress,
  isPath,
  isFileName,
  isWordsAndNumbers,
  isKeyFingerprint,
  isMemberAccess,
  isLedgerAddress,
  isVersion,
  isIdentifier,
};

/** Names of passwords, in the languages in which the names are searched for. */
const passwordName = new RegExp(
  `${/pass|pwd|mdp|contrase|senha|has[łl]o|heslo|[şs]ifre|parola/.source}|${passwordWords}`,
  'i',
);

/** Whether a name is that of a password: what people choose by themselves, and not by a generator. */
export function isPasswordName(name: string): boolean {
  return passwordName.test(name);
}

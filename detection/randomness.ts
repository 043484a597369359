/** Pairs of letters that follow each other often in English words and in the names that programmers make of them. */
const commonPairs = new Set(
  (
    'th he in er an re nd at on nt ha es st en ed to it ou ea hi is or ti as te et ng of al de se le sa si ar ve ra ld ur ' +
    'me ne ic co io ro li ce ta ma us il ec om el ri di ho la nc ct ow em ss ac id ee no ot pe ai ge ch wi ly un ad ay pr ' +
    'pa po lo so be tr ke ir ut rs mo sh fo ts ck oo am ap bl ex ev ab ag im op up pl rt do su ca fi fe ol ul ry qu ue ty ' +
    'ey ie ls ns ds gi go ga gr gl ff ft rv rm rn rk rl rd rc sc sk sl sp sw sy sm tt ub ud ug um vi wa we wo xt ye av ak ' +
    'ba bo br bu cl cr cu da dd dr du eb eg ep eq ew ey fa fr fu gu if ig ip iv ki ll lu ly mb mi mm mp mu na ni nn nu oa ' +
    'em pt yp by ph au lt lo fl eu uf bi ix gh ht ob oc od oi ok os pp ps pu qu rr ru sa sq tu tw ui uc va vo wh ws xp ys'
  ).split(' '),
);

/** Shannon entropy in bits a character. */
export function entropy(text: string): number {
  const counts = new Map<string, number>();
  for (const character of text) counts.set(character, (counts.get(character) ?? 0) + 1);
  let bits = 0;
  for (const count of counts.values()) bits -= (count / text.length) * Math.log2(count / text.length);
  return bits;
}

const shortWords = new Set(
  'app key api aws gcp dev env url uri web get set new old max min dns jwt sql tls ssl ssh rsa hex the and for'.split(
    ' ',
  ),
);

/** Whether a run of letters reads like a word: nearly all its neighbouring pairs are common ones. */
export function readsLikeWord(run: string): boolean {
  const letters = run.toLowerCase();
  if (run.length < 4) return shortWords.has(letters);
  let common = 0;
  for (let i = 1; i < letters.length; i++) if (commonPairs.has(letters.slice(i - 1, i + 1))) common++;
  return common / (letters.length - 1) >= (run.length < 5 ? 1 : 0.65);
}

/** The share of `text`'s letters that stand in words, from 0 to 1. */
export function wordShare(text: string): number {
  let letters = 0;
  let inWords = 0;
  for (const [run] of text.matchAll(/[A-Z]?[a-z]+|[A-Z]+(?![a-z])/g)) {
    letters += run.length;
    if (readsLikeWord(run)) inWords += run.length;
  }
  return letters === 0 ? 1 : inWords / letters;
}

/** Whether hexadecimal digits count up byte by byte, as test vectors do: `00010203…`. */
function countsUp(hex: string): boolean {
  const bytes = Buffer.from(hex, 'hex');
  return bytes.length > 4 && bytes.every((byte, i) => i === 0 || byte === ((bytes[i - 1] ?? 0) + 1) % 256);
}

/** Whether most steps from one character to the next are the same small step: `12345678`, `abcdefgh`, `aaaaaaaa`. */
export function isSequence(text: string): boolean {
  let regular = 0;
  for (let i = 1; i < text.length; i++) {
    const step = text.charCodeAt(i) - text.charCodeAt(i - 1);
    if (step === 0 || step === 1 || step === -1) regular++;
  }
  return text.length > 1 && regular / (text.length - 1) > 0.6;
}

const classes = [/[a-z]/, /[A-Z]/, /[0-9]/, /[^A-Za-z0-9]/];

/** How many of lower case, upper case, digits and other characters `text` uses. */
export function classCount(text: string): number {
  return classes.filter((kind) => kind.test(text)).length;
}

/**
 * Whether `value` looks made by a random generator rather than by a person: long enough, spread over many characters,
 * with digits or a wild mixture of cases, and not made of words. `1f0c…` (a digest) does; `my-app-production-2` does not.
 */
export function looksRandom(value: string, shortest = 16): boolean {
  if (value.length < shortest || isSequence(value)) return false;
  const needed = Math.min(3.3, Math.log2(value.length) * 0.66);
  if (/^[0-9a-f]+$|^[0-9A-F]+$/.test(value)) {
    return /[a-f]/i.test(value) && /[0-9]/.test(value) && entropy(value) >= Math.min(2.6, needed) && !countsUp(value);
  }
  if (entropy(value) < needed) return false;
  const words = wordShare(value);
  if (!/[0-9]/.test(value)) {
    const caseChanges = (value.match(/[a-z][A-Z]/g) ?? []).length;
    return caseChanges >= value.length / 10 && words < 0.4;
  }
  const digitBorders = (value.match(/[A-Za-z](?=[0-9])|[0-9](?=[A-Za-z])/g) ?? []).length;
  // Names in code hardly mix capitals, small letters and digits without nearly all of it being words.
  const mixed = value.split(/[^A-Za-z0-9]+/).some((part) => classCount(part) === 3);
  return digitBorders / value.length >= 0.2 || words < (mixed ? 0.7 : 0.55);
}

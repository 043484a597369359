import { encodedTexts } from './text/encodedTexts.ts';
import type { Span } from './finding.ts';
import { createHintSearch } from './hints.ts';
import { looksRandom } from './randomness.ts';
import { nameRules, shapeRules } from './rules/index.ts';
import { merged } from './text/spans.ts';
import { unescapedView, unpercentedView } from './text/views.ts';

const rules = [...shapeRules, ...nameRules];
const hintsIn = createHintSearch(rules);

/** A word that begins as vendors mark their tokens (`abc_…`, `abc-x1-…`), whoever the vendor is. */
const marked = /(?<![A-Za-z0-9])[A-Za-z][A-Za-z0-9]{1,15}[_-]([A-Za-z0-9][A-Za-z0-9_.~+/=-]{19,4000})/g;

/** Digests, commits and ids: they are shown on purpose. */
const identifier = /^(?:[0-9a-f-]{7,64}|[0-9]+)$|[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}/;

function* markedWords(text: string): Generator<Span> {
  for (const match of text.matchAll(marked)) {
    const [word, body = ''] = match;
    if (!identifier.test(body) && !body.includes('//') && looksRandom(body)) {
      yield { start: match.index, end: match.index + word.length };
    }
  }
}

/** A token of three parts of which the end was cut off. */
const cutToken = /(?<![A-Za-z0-9])eyJ[A-Za-z0-9_-]{10,1000}\.[A-Za-z0-9_-]{6,20000}(?:\.[A-Za-z0-9_-]{0,2000})?/g;

/** Addresses of Slack's webhooks, also where a relay or a stand-in answers for it. */
const slackAddress =
  /https?:\/\/[^\s"'<>|/]{1,200}\/services\/T[^\s"'<>|]{8,300}|hooks\.slack(?:-gov)?\.com\/[^\s"'<>|]{1,300}/g;

/** A name and a password, as a sign-in is written before it is encoded. */
const pair = /^[^\s:]{1,200}:[^\s/]\S{3,4000}$/;

/**
 * The places of whatever may be a secret: what the scan would report, but examples, publishable keys and tokens of unknown
 * vendors too, also where the text is escaped, in base64 or in hexadecimal digits. For texts that are shown: there a word
 * too many costs nothing, and a secret too few cannot be taken back.
 */
export function everySecret(text: string): Span[] {
  const view = unescapedView(text);
  const readable = view?.text ?? text;
  const found: Span[] = [...plainly(readable)];
  const unpercented = unpercentedView(readable);
  for (const { start, end } of unpercented ? plainly(unpercented.text) : []) {
    found.push({ start: unpercented?.origin(start) ?? start, end: unpercented?.origin(end) ?? end });
  }
  for (const encoded of encodedTexts(readable)) {
    const inner = plainly(encoded.text).next();
    if (inner.done !== true || pair.test(encoded.text)) found.push(encoded);
  }
  const inText =
    view === undefined ? found : found.map(({ start, end }) => ({ start: view.origin(start), end: view.origin(end) }));
  return merged(inText);
}

/** The same in a text that holds no escapes. */
function* plainly(text: string): Generator<Span> {
  yield* markedWords(text);
  for (const pattern of [cutToken, slackAddress]) {
    for (const match of text.matchAll(pattern)) yield { start: match.index, end: match.index + match[0].length };
  }
  const seen = hintsIn(text);
  for (const rule of rules) {
    if (rule.hints !== undefined && !rule.hints.some((hint) => seen.has(hint))) continue;
    yield* rule.mask?.(text, seen) ?? rule.find(text, seen);
  }
}

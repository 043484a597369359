import { init, parse } from 'es-module-lexer';
import { Parser } from 'htmlparser2';
import { readSite } from './sitePage.ts';
import type { Target } from '../target.ts';

/** Nothing that a browser would load from this site is left out below these bounds. */
const longest = { files: 600, characters: 60_000_000, atOnce: 6 } as const;

/** What a site publishes as scripts. */
export interface PublishedScripts {
  /** The text of each, by its path; inline ones are `inline 1`, … */
  readonly texts: ReadonlyMap<string, string>;
  /** How many more were named beyond the bounds. */
  readonly notRead: number;
}

interface DocumentScripts {
  readonly addresses: readonly string[];
  readonly inline: readonly string[];
}

/** The scripts that a document loads or holds. */
function scriptsOf(html: string): DocumentScripts {
  const addresses: string[] = [];
  const inline: string[] = [];
  let within = false;
  const parser = new Parser({
    onopentag(name, attributes) {
      if (name === 'script') {
        if (attributes.src === undefined) {
          within = true;
          inline.push('');
        } else addresses.push(attributes.src);
      }
      const preloads =
        attributes.rel === 'modulepreload' || (attributes.rel === 'preload' && attributes.as === 'script');
      if (name === 'link' && preloads && attributes.href !== undefined) addresses.push(attributes.href);
    },
    ontext(text) {
      if (within) inline.push((inline.pop() ?? '') + text);
    },
    onclosetag(name) {
      if (name === 'script') within = false;
    },
  });
  parser.end(html);
  return { addresses, inline };
}

/** What a module imports, at once or later, by path; a text that is no module imports nothing. */
async function importsOf(script: string): Promise<string[]> {
  await init();
  try {
    return parse(script)[0].flatMap(({ specifier }) => (specifier && isPath(specifier) ? [specifier] : []));
  } catch {
    return [];
  }
}

/** A browser loads paths and addresses; any other name is a package. */
function isPath(specifier: string): boolean {
  return /^(?:\.{0,2}\/|https?:)/.test(specifier);
}

/** Reads every script of the document's own site, and follows imports, lazy ones too. */
export async function publishedScripts(html: string, target: Target): Promise<PublishedScripts> {
  const { origin } = new URL(target.url);
  const { addresses, inline } = scriptsOf(html);
  const texts = new Map(inline.map((text, index) => [`inline ${index + 1}`, text]));
  const known = new Set<string>();
  const waiting: string[] = [];
  let characters = 0;
  const add = (names: readonly string[], base: string) => {
    for (const name of names) {
      if (!URL.canParse(name, base)) continue;
      const { href, origin: from } = new URL(name, base);
      if (from !== origin || known.has(href)) continue;
      known.add(href);
      waiting.push(href);
    }
  };
  add(addresses, `${target.url}/`);
  for (const text of inline) add(await importsOf(text), `${target.url}/`);
  while (waiting.length > 0 && texts.size < longest.files && characters < longest.characters) {
    const batch = waiting.splice(0, longest.atOnce);
    const read = await Promise.all(
      batch.map(async (address) => [address, (await readSite(address, target)).text] as const),
    );
    for (const [address, text] of read) {
      texts.set(new URL(address).pathname, text);
      characters += text.length;
      add(await importsOf(text), address);
    }
  }
  return { texts, notRead: waiting.length };
}

import { fetchWhole } from '../retry.ts';
import { CheckFailure, type Check } from './check.ts';
import type { Target } from './target.ts';

/** Keys that belong on a server: Supabase's secret keys of both generations. */
function serverKey(text: string): string | undefined {
  if (/\bsb_secret_[\w-]{10,}/.test(text)) return 'a Supabase secret key';
  for (const [, payload = ''] of text.matchAll(/\beyJ[\w-]+\.(eyJ[\w-]+)\.[\w-]+/g)) {
    if (Buffer.from(payload, 'base64url').toString('utf8').includes('"service_role"')) {
      return 'a Supabase service-role key';
    }
  }
  return undefined;
}

/** The scripts and module preloads that the document loads from its own site. */
function ownScripts(html: string, target: Target): string[] {
  const found = [...html.matchAll(/<(?:script|link)\b[^>]*?\b(?:src|href)=["']([^"']+)["'][^>]*>/gi)];
  return found
    .map(([, address = '']) => new URL(address, `${target.url}/`))
    .filter((url) => url.origin === new URL(target.url).origin && /\.m?js$/.test(url.pathname))
    .map(String);
}

async function page(address: string, what: string, target: Target): Promise<{ text: string; type: string }> {
  const answer = await fetchWhole(address, target.timeoutMs, { headers: { 'cache-control': 'no-cache' } });
  if (answer.status !== 200) throw new CheckFailure('bad-answer', `${what} answers ${answer.status}`);
  return { text: answer.text, type: answer.headers.get('content-type') ?? '' };
}

/** The single-page app's root document and bundle: staging's values are in it, and no server key is. */
export const rootDocument: Check = {
  name: 'root-document',
  title: 'The root document and its bundle were built for staging',
  transientClass: 'unreachable',
  async run(target) {
    const root = await page(`${target.url}/`, 'the root document', target);
    if (!root.type.includes('text/html') || !/<html[\s>]/i.test(root.text)) {
      throw new CheckFailure('bad-answer', `the root document is no HTML (${root.type || 'no content type'})`);
    }
    const scripts = ownScripts(root.text, target);
    if (scripts.length === 0) throw new CheckFailure('bad-answer', 'the root document loads no script of its own');
    const bundle = await Promise.all(
      scripts.map(async (script) => (await page(script, new URL(script).pathname, target)).text),
    );
    const published = [root.text, ...bundle].join('\n');
    const leaked = serverKey(published);
    if (leaked !== undefined) throw new CheckFailure('leaked-key', `${leaked} is in the published bundle: rotate it`);
    const lacking = [
      ...(published.includes(target.supabaseUrl) ? [] : ['the Supabase URL']),
      ...(published.includes(target.anonKey) ? [] : ['the anon key']),
    ];
    if (lacking.length > 0) {
      throw new CheckFailure(
        'build-values',
        `the published bundle lacks ${lacking.join(' and ')}: the build ran without staging's variables`,
      );
    }
    return {
      detail: `HTML with ${scripts.length} script(s), staging's public values in them`,
      facts: { scripts: scripts.length },
    };
  },
};

import { originsOf } from '../../../settings/supabaseAddress.ts';
import { CheckFailure, type Check } from '../check.ts';
import { publishedScripts } from './scripts.ts';
import { serverKeysIn } from './serverKeys.ts';
import { readSite } from './sitePage.ts';
import type { Target } from '../target.ts';
import { counted } from '../../../machine/counted.ts';

/** Where the build was to bake the public values in: they are there. */
function checkBakedValues(published: string, target: Target): void {
  const lacking = [
    ...(originsOf(target.supabaseUrl, target.project).some((origin) => published.includes(origin))
      ? []
      : ['the Supabase URL']),
    ...(target.keys.some(({ value }) => published.includes(value)) ? [] : ['the anon or publishable key']),
  ];
  if (lacking.length === 0) return;
  throw new CheckFailure(
    'build-values',
    `the published bundle lacks ${lacking.join(' and ')}: the build ran without staging's variables`,
  );
}

/** The single-page app's root document and every script of it, lazily loaded ones too: no server key is in them. */
export const rootDocument: Check = {
  name: 'root-document',
  title: 'The root document and its scripts are published, without a server key',
  transientClass: 'unreachable',
  async run(target) {
    const root = await readSite(`${target.url}/`, target);
    if (!root.type.includes('text/html')) {
      throw new CheckFailure('bad-answer', `the root document is no HTML (${root.type || 'no content type'})`);
    }
    const { texts, notRead } = await publishedScripts(root.text, target);
    if (texts.size === 0) throw new CheckFailure('bad-answer', 'the root document loads no script of its own');
    for (const [path, text] of [['/', root.text], ...texts] as const) {
      const [leaked] = serverKeysIn(text);
      if (leaked === undefined) continue;
      throw new CheckFailure('leaked-key', `${leaked} is in the published bundle (${path}): rotate it`);
    }
    const baked = target.config.bundle.values;
    if (baked) checkBakedValues([root.text, ...texts.values()].join('\n'), target);
    const rest = notRead === 0 ? '' : `; ${notRead} more were not looked at, there are too many`;
    return {
      detail: `HTML with ${counted(texts.size, 'script')}, lazily loaded ones among them, no server key in any${rest}`,
      facts: { scripts: texts.size, scriptsNotRead: notRead, valuesInBundle: baked ? 'found' : 'not expected' },
    };
  },
};

import { describe, expect, it } from '@jest/globals';
import { parse } from 'smol-toml';
import { parse as parseByAnother } from 'toml';
import { apply, keepsLines, leftIn, nothingLeft, repository } from './installerFixture.ts';

const build = '[build]\ncommand = "make site"\npublish = "site"\n\n';

/** Each kind of netlify.toml that takes both contexts: as a team may have written it. */
const merges: Readonly<Record<string, string>> = {
  'no context at all': build,
  'a context whose variables are an inline table': `${build}[context.develop]\nenvironment = { LOG = "all" }\n`,
  'an inline table with nothing in it': `${build}[context.develop]\nenvironment = {}\n`,
  'a context whose variables are dotted keys': `${build}[context.develop]\nenvironment.LOG = "all"\n`,
  'quoted dotted keys': `${build}[context.develop]\n"environment".LOG = "all"\n`,
  'everything as dotted keys':
    'build.command = "make site"\nbuild.publish = "site"\ncontext.develop.command = "make site"\n',
  'a context as an inline table in [context]': `${build}[context]\ndevelop = { command = "make site" }\n`,
  'both contexts in one inline table': `${build}[context]\nstaging = { publish = "site" }\ndevelop = {}\n`,
  'a context as an inline table at the top': 'context = { develop = { command = "make site" } }\n\n' + build,
  'variables without their context, and arrays below': `${build}[context.develop.environment]\nLOG = "all"\n\n[[headers]]\nfor = "/*"\n[headers.values]\nX-A = "b"\n`,
  'variables that stand before their context': `${build}[context.develop.environment]\nLOG = "all"\n\n[context.develop]\npublish = "site"\n`,
  'another production': `${build}[context.production]\npublish = "out"\n\n[context.develop.environment]\nLOG = "all"\n`,
  'Windows line ends':
    `${build}[context.develop]\ncommand = "make site"\n\n[context.develop.environment]\nLOG = "all"\n`.replaceAll(
      '\n',
      '\r\n',
    ),
  'comments with quotes and brackets': `${build}[context.develop] # "ours" [not theirs]\ncommand = "make site" # don't say 'make "all"'\n`,
  indented:
    '[build]\n  command = "make site"\n\n[context.staging]\n  command = "make site"\n\n  # by hand\n  [context.staging.environment]\n    LOG = "all"\n',
  'a header with spaces and quotes': `${build}[ context . "develop" ]\npublish = "site"\n`,
  'another command for all branches': `${build}[context.branch-deploy]\ncommand = "make draft"\n\n[context.staging.environment]\nVITE_RUNTIME_ENV = "staging"\n\n[context.develop.environment]\nVITE_RUNTIME_ENV = "staging"\n`,
  'variables for all branches': `${build}[context.branch-deploy.environment]\nLOG = "all"\n`,
  'a variable that only one of both has': `${build}[context.staging.environment]\nLOG = "all"\n[context.develop]\npublish = "site"\n`,
  'a variable that both inherit':
    '[build]\ncommand = "make site"\n[build.environment]\nNODE_VERSION = "20"\n[context.staging.environment]\nNODE_VERSION = "20"\n[context.develop.environment]\nVITE_RUNTIME_ENV = "staging"\n',
  'values of several lines': `${build}[context.develop.environment]\nTEXT = """\n[context.staging]\n"""\n\n[functions]\nincluded_files = [\n  "a.json", # the first\n]\n`,
  'a byte-order mark': `\uFEFF${build}`,
  'no line end at its end': `${build}[context.develop.environment]\nLOG = "all"\nLEVEL = "1"`,
};

/** What stands in the file besides, with everything that it held before. */
function contains(after: unknown, before: unknown): boolean {
  if (typeof before !== 'object' || before === null || Array.isArray(before))
    return JSON.stringify(after) === JSON.stringify(before);
  return Object.entries(before).every(([key, value]) =>
    contains(
      typeof after === 'object' && after !== null ? Object.entries(after).find(([one]) => one === key)?.[1] : undefined,
      value,
    ),
  );
}

describe('netlify.toml', () => {
  it.each(Object.entries(merges))('takes both contexts: %s', (_, text) => {
    const { folder, read, refused } = apply(repository({ 'netlify.toml': text }));
    expect(refused).toEqual([]);
    const after = read('netlify.toml');
    const unmarked = after.replace('\uFEFF', '');
    // The parser of Netlify's builds, and the other one that its command line brings: both see the same.
    expect(JSON.parse(JSON.stringify(parse(unmarked)))).toEqual(JSON.parse(JSON.stringify(parseByAnother(unmarked))));
    expect(contains(parse(unmarked), parse(text.replace('\uFEFF', '')))).toBe(true);
    for (const context of ['staging', 'develop'])
      expect(parse(unmarked)).toMatchObject({
        context: { [context]: { environment: { VITE_RUNTIME_ENV: 'staging' } } },
      });
    expect(leftIn(folder)).toEqual(nothingLeft);
    if (!text.includes('= {')) expect(keepsLines(after, text)).toBe(true);
    if (text.includes('\r\n')) expect(after.replaceAll('\r\n', '')).not.toContain('\n');
  });

  it('says what staging builds by, where production has its own', () => {
    const { read } = apply(repository({ 'netlify.toml': merges['another production'] ?? '' }));
    expect(parse(read('netlify.toml'))).toMatchObject({
      context: { staging: { publish: 'out' }, develop: { publish: 'out', environment: { LOG: 'all' } } },
    });
    expect(read('netlify.toml').indexOf('[context.develop]')).toBeLessThan(
      read('netlify.toml').indexOf('[context.develop.environment]'),
    );
  });

  it.each([
    [
      'another command',
      `${build}[context.develop]\ncommand = "make fast" # don't use "make site"\n`,
      'netlify.toml:6: [context.develop] command is "make fast"',
    ],
    [
      'another command in an inline table',
      `${build}[context]\ndevelop = { command = "make fast" }\n`,
      'netlify.toml:6: [context.develop] command is',
    ],
    [
      'a folder that production has not',
      '[build]\ncommand = "make site"\n\n[context.develop]\npublish = "draft"\n',
      'netlify.toml:5: [context.develop] publish is "draft", production\'s is nothing',
    ],
    [
      'a folder of all branches that production has not',
      '[build]\ncommand = "a"\n[context.branch-deploy]\npublish = "draft"\n',
      'netlify.toml:4: [context.develop] publish is "draft"',
    ],
    [
      'another name of the environment',
      `${build}[context.staging.environment]\nVITE_RUNTIME_ENV = "production"\n`,
      'netlify.toml:6: [context.staging.environment] VITE_RUNTIME_ENV is "production", not "staging"',
    ],
    [
      'a variable of two values',
      `${build}[context.staging.environment]\nLOG = "all"\n[context.develop.environment]\nLOG = "none"\n`,
      'netlify.toml:8: LOG is "all" in',
    ],
    ['a list where a context belongs', `${build}[[context]]\nname = "develop"\n`, 'netlify.toml:5: '],
    ['no TOML', `${build}[context.develop\n`, 'netlify.toml:5: is no TOML 1.0'],
    [
      'a table twice',
      `${build}[context.a]\n[context.a]\n`,
      'is no TOML 1.0, and Netlify may read it otherwise than it looks (trying to redefine',
    ],
  ])('leaves to a person, with the place: %s', (_, text, place) => {
    const { refused, read, folder } = apply(repository({ 'netlify.toml': text }));
    expect(refused.find((line) => line.includes(place))).toContain('(apply does not change it)');
    expect({ text: read('netlify.toml'), missing: leftIn(folder).changes.includes('package.json') }).toEqual({
      text,
      missing: true,
    });
  });

  it('is found in the folder of the one package that has it', () => {
    const manifest = '{ "name": "all", "workspaces": ["apps/*"] }\n';
    const files = { 'package.json': manifest, 'apps/web/package.json': '{}', 'apps/web/netlify.toml': build };
    const { read, folder } = apply(repository(files));
    expect(parse(read('apps/web/netlify.toml'))).toHaveProperty('context.staging');
    expect(read('.github/workflows/ci.yml').match(/working-directory: apps\/web/g)).toHaveLength(3);
    expect(leftIn(folder)).toEqual(nothingLeft);
  });

  it('is asked for where several packages have one', () => {
    const folder = repository({ 'apps/web/netlify.toml': build, 'apps/docs/netlify.toml': build });
    expect(() => apply(folder)).toThrow("apps/docs, apps/web. Say which is staging's: --site apps/docs");
    expect(apply(folder, { site: './apps/web/' }).read('apps/web/netlify.toml')).toContain('[context.staging]');
  });
});

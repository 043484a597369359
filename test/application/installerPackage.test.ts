import { execFileSync } from 'node:child_process';
import { describe, expect, it } from '@jest/globals';
import { apply, keepsLines, leftIn, nothingLeft, repository } from './installerFixture.ts';

const own = {
  'staging:smoke': 'preview-smoke',
  'staging:alert': 'alert-slack',
  'staging:branch:create': 'db-branch create',
};
const playbook = {
  'preview:smoke': 'preview-smoke',
  'alert:slack': 'alert-slack',
  'db:branch:create': 'db-branch create',
};
const specifier = 'file:.staging/allincompassing-staging-commands.tgz';

interface Manifest {
  readonly scripts: Readonly<Record<string, string>>;
  readonly devDependencies: Readonly<Record<string, string>>;
}

const merges: Readonly<Record<string, string>> = {
  'no scripts at all': '{\n  "name": "shop"\n}\n',
  'scripts of one line': '{\n  "name": "shop",\n  "scripts": { "build": "make" }\n}\n',
  nothing: '{}\n',
  'empty tables': '{\n  "scripts": {},\n  "devDependencies": {}\n}\n',
  'tabs, Windows line ends and lists':
    '{\n\t"files": ["a", "b"],\n\t"scripts": {\n\t\t"build": "make",\n\t\t"test": "make test"\n\t}\n}\n'.replaceAll(
      '\n',
      '\r\n',
    ),
  'a byte-order mark and no line end':
    '\uFEFF{\n    "scripts": {\n        "build": "make"\n    },\n    "type": "module"\n}',
  'odd spacing': '{ "name" : "shop" ,\n  "scripts" : {\n      "build" : "make"  ,\n   "test": "make test" } }\n',
  workspaces:
    '{\n  "workspaces": ["apps/*"],\n  "dependencies": {\n    "ui": "workspace:*"\n  },\n  "private": true\n}\n',
  'signs that must be quoted':
    '{\n  "scripts": {\n    "build": "echo \\"a, b\\" \\u00e9 } {",\n    "test": "make"\n  }\n}\n',
};

describe('package.json', () => {
  it.each(Object.entries(merges))('gets scripts and the commands, and keeps every byte: %s', (_, text) => {
    const folder = repository({ 'package.json': text });
    const { read } = apply(folder);
    const [before, after] = [text, read('package.json')].map(
      (one) => JSON.parse(one.replace('\uFEFF', '')) as Manifest,
    );
    expect(after).toEqual({
      ...before,
      scripts: { ...before?.scripts, ...own, ...playbook },
      devDependencies: { ...before?.devDependencies, 'allincompassing-staging-commands': specifier },
    });
    expect(read('package.json').startsWith('\uFEFF')).toBe(text.startsWith('\uFEFF'));
    if (!text.includes('{ "') && !text.includes('{}')) expect(keepsLines(read('package.json'), text)).toBe(true);
    expect(leftIn(folder)).toEqual(nothingLeft);
  });

  it("keeps the team's scripts of the playbook's names, whatever they run", () => {
    const scripts = {
      'alert:slack': 'cross-env LEVEL=1 alert-slack',
      'preview:smoke': 'tsx smoke.ts',
      'db:branch:create': 'node a.js',
    };
    const folder = repository({ 'package.json': JSON.stringify({ scripts }, undefined, 2) });
    expect((JSON.parse(apply(folder).read('package.json')) as Manifest).scripts).toEqual({ ...own, ...scripts });
    expect(leftIn(folder)).toEqual(nothingLeft);
  });

  it('keeps our own scripts with what a team has put before and after the command', () => {
    const scripts = { ...own, ...playbook, 'staging:alert': 'cross-env LEVEL=1 alert-slack --channel "#x"' };
    const folder = repository({ 'package.json': JSON.stringify({ scripts }, undefined, 2) });
    expect((JSON.parse(apply(folder).read('package.json')) as Manifest).scripts).toEqual(scripts);
  });

  it.each([
    [
      'a script of our name',
      { scripts: { 'staging:smoke': 'make smoke' } },
      'package.json:3: the script staging:smoke does not call preview-smoke',
    ],
    [
      'our package, from elsewhere',
      { dependencies: { 'allincompassing-staging-commands': '1.0.0' } },
      'package.json:3: allincompassing-staging-commands is 1.0.0',
    ],
  ])('leaves to a person, with the place: %s', (_, manifest, place) => {
    const folder = repository({ 'package.json': JSON.stringify(manifest, undefined, 2) });
    expect(apply(folder).refused.join('\n')).toContain(place);
  });

  it.each([
    [
      'a table',
      '{\n  "scripts": {},\n  "scripts": { "a": "b" }\n}\n',
      'package.json:3: the key scripts is there twice',
    ],
    [
      'a script',
      '{\n  "scripts": {\n    "a": "b",\n    "a": "c"\n  }\n}\n',
      'package.json:4: the key a is there twice',
    ],
  ])('leaves a key that is there twice to a person: %s', (_, text, place) => {
    const { deviations, refused } = apply(repository({ 'package.json': text }));
    expect(refused).toEqual([expect.stringContaining(place)]);
    expect(deviations.find(({ byHand }) => byHand !== undefined)?.byHand).toContain('Then run apply again.');
  });

  it.each([
    ['a comment', '{\n  // sesame\n}\n', /^package\.json:2 is no JSON\. npm cannot read it/],
    ['half a file', '{\n  "scripts": {\n    "sesame": "b"\n', /^package\.json:\d is no JSON/],
    ['a list of scripts', '{ "scripts": ["sesame"] }', /^package\.json: scripts is not of the shape/],
    ['a list', '["sesame"]', /^package\.json: it is not of the shape/],
  ])('is refused by its line, and none of it is shown: %s', (_, text, message) => {
    const folder = repository({ 'package.json': text });
    expect(() => apply(folder)).toThrow(message);
    expect(() => apply(folder)).not.toThrow(/sesame/);
  });
});

describe('the package manager', () => {
  it.each([
    ['package-lock.json', '{}', 'npm ci'],
    ['pnpm-lock.yaml', 'lockfileVersion: 9', 'pnpm install --frozen-lockfile'],
    ['bun.lock', '{}', 'bun install --frozen-lockfile'],
    ['yarn.lock', '# yarn lockfile v1\n', 'yarn install --frozen-lockfile'],
  ])("is the lockfile's: %s", (file, text, install) => {
    expect(apply(repository({ [file]: text })).read('.github/workflows/ci.yml')).toContain(install);
  });

  it.each([
    ['two lockfiles', { 'package-lock.json': '{}', 'yarn.lock': '# yarn lockfile v1' }, 'lockfiles of npm and yarn'],
    ['an unknown one', { 'package.json': '{ "packageManager": "berry@1" }' }, 'the package manager berry'],
    ['Yarn without node_modules', { 'yarn.lock': '__metadata:\n  version: 8\n' }, 'nodeLinker: node-modules'],
  ])('is asked for before anything is written: %s', (_, files, message) => {
    const folder = repository(files);
    expect(() => apply(folder)).toThrow(message);
  });

  it('is taken with node_modules where Yarn makes them', () => {
    const files = { 'yarn.lock': '__metadata:\n', '.yarnrc.yml': 'nodeLinker: "node-modules"\n' };
    expect(apply(repository(files)).read('.github/workflows/ci.yml')).toContain('yarn install --immutable');
  });
});

describe('the repository', () => {
  it('is told where git would keep the commands out of it', () => {
    const folder = repository({ '.gitignore': '*.tgz\n' });
    execFileSync('git', ['init', '--quiet'], { cwd: folder });
    expect(apply(folder).refused).toEqual([expect.stringContaining('is ignored by git')]);
  });
});

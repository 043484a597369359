import { widened } from '../../commands/pipeline/workflow/mend.ts';
import { execFileSync } from 'node:child_process';
import { describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { ownPath } from '../../commands/pipeline/workflow/plan.ts';
import { apply, keepsLines, leftIn, nothingLeft, repository } from './installerFixture.ts';

const ci = '.github/workflows/ci.yml';
const on = 'on:\n  push:\n  pull_request:\n';
const build = 'jobs:\n  build:\n    runs-on: ubuntu-latest\n    steps:\n      - run: make\n';
const flow = 'jobs:\n  build: { runs-on: ubuntu-latest, steps: [{ run: make }] }\n';
const toml = '[build]\ncommand = "make site"\n';

interface Job {
  readonly name?: string;
  readonly needs?: string | readonly string[];
  readonly if?: string;
  readonly steps: readonly Readonly<Record<string, unknown>>[];
}

interface Workflow {
  readonly on: unknown;
  readonly jobs: Readonly<Record<string, Job>>;
}

const read = (text: string) => parse(text) as Workflow;
const withFiles = (files: Readonly<Record<string, string | Buffer>>) => repository({ 'netlify.toml': toml, ...files });

/** Workflows that carry the job themselves. */
const carriers: Readonly<Record<string, string>> = {
  'four spaces': `name: CI\non:\n    push:\n    pull_request:\njobs:\n    build:\n        runs-on: \${{ matrix.os }}\n        strategy:\n            matrix:\n                os: [a, b]\n        steps:\n            - run: make\n`,
  'one space': `on:\n push:\n pull_request:\njobs:\n build:\n  runs-on: ubuntu-latest\n  steps:\n  - run: make\n`,
  'comments around everything': `# what starts it\non:\n  # a push\n  push:\n  pull_request: # and a pull request\n# what it does\n${build}      # the last of build's\n\n  # at night\n  nightly:\n    runs-on: ubuntu-latest\n    steps:\n      - run: make test\n# the end\n`,
  'events as a list': `on: [push, pull_request]\n${build}`,
  'events as a list of lines': `on:\n  - push # each\n  - pull_request\n${build}`,
  'events in braces': `on: { push: , pull_request: }\n${build}`,
  globs: `on:\n  push:\n    branches: ["dev*", "!main", "**"]\n  pull_request:\n  merge_group:\n${flow}`,
  'a glob that is a scalar': `on:\n  push:\n    branches: '**'\n  pull_request:\n    branches: develop\n  merge_group:\n${flow}`,
  'types that include a new commit': `on:\n  push:\n  pull_request:\n    types: [opened, synchronize, labeled]\n${build}`,
  'Windows line ends':
    `name: CI\n${on}${build}  lint:\n    runs-on: ubuntu-latest\n    steps:\n      - run: make lint\n`.replaceAll(
      '\n',
      '\r\n',
    ),
  'a build of one line': `${on}${flow}`,
  'a script as the last thing': `${on}jobs:\n  build:\n    runs-on: ubuntu-latest\n    steps:\n      - run: |\n          make\n          # done\n  lint: { runs-on: ubuntu-latest, steps: [{ run: make lint }] }\n`,
  'another build that it needs': `${on}${build}    needs: lint\n  lint:\n    runs-on: ubuntu-latest\n    steps: [{ run: make lint }]\n`,
  'a key after the jobs': `${on}${build}\nenv:\n  A: b\n`,
  'no cancelling': `concurrency:\n  group: a\n  cancel-in-progress: false\n${on}${build}`,
  'runs by hand': `on:\n  push:\n  pull_request:\n  workflow_dispatch:\n    inputs:\n      really:\n        type: boolean\n${build}`,
};

/** Workflows that cannot, each with the reason that is given. */
const others: Readonly<Record<string, readonly [text: string, why: string]>> = {
  'one word starts it': [`on: push\n${build}`, 'does not run on pull_request'],
  'another branch as a scalar': [
    `on:\n  push:\n    branches: main\n  pull_request:\n${build}`,
    'runs on push only for the branches main',
  ],
  'a branch that is ignored': [
    `on:\n  push:\n    branches-ignore: [develop]\n  pull_request:\n${build}`,
    'runs on push not for the branches develop',
  ],
  'a branch that is ignored by a glob': [
    `on:\n  push:\n    branches-ignore: 'dev**'\n  pull_request:\n${build}`,
    'runs on push not for',
  ],
  'a branch that is taken out again': [
    `on:\n  push:\n    branches: ['**', '!develop']\n  pull_request:\n${build}`,
    'runs on push only for',
  ],
  'a pattern of another kind': [
    `on:\n  push:\n    branches: ['develo[p]']\n  pull_request:\n${build}`,
    'runs on push only for',
  ],
  'tags alone': [`on:\n  push:\n    tags: ["v*"]\n  pull_request:\n${build}`, 'runs on push only for tags'],
  'labels alone': [
    `on:\n  push:\n  merge_group:\n  pull_request:\n    types: [labeled]\n${build}`,
    'runs on pull_request only when labeled',
  ],
  paths: [`on:\n  push:\n  pull_request:\n    paths: ['src/**']\n${build}`, 'runs on pull_request only for some paths'],
  'paths that do not count': [
    `on:\n  push:\n    paths-ignore: ['docs/**']\n  pull_request:\n${build}`,
    'runs on push only for some paths-ignore',
  ],
  'filtered pushes without a merge queue': [
    `on:\n  push:\n    branches: [main, develop]\n  pull_request:\n${build}  production:\n    if: github.ref == 'refs/heads/main'\n    needs: build\n    runs-on: ubuntu-latest\n    steps: [{ run: ./publish }]\n`,
    'does not run on merge_group',
  ],
  'a run that ends another': [
    `concurrency:\n  group: a\n  cancel-in-progress: true\n${on}${build}`,
    'cancel-in-progress',
  ],
  'a run that may end another': [
    `concurrency:\n  group: a\n  cancel-in-progress: \${{ github.ref != 'refs/heads/main' }}\n${on}${build}`,
    'cancel-in-progress',
  ],
  'a build that is skipped': [`${on}${build}    if: github.actor != 'robot'\n`, 'some runs skip build'],
  'a build behind a job that is skipped': [
    `${on}${build}    needs: scope\n  scope:\n    if: github.actor != 'robot'\n    runs-on: ubuntu-latest\n    steps: [{ run: make }]\n`,
    'some runs skip scope, and build with it',
  ],
  'no build': [`${on}jobs:\n  test:\n    runs-on: ubuntu-latest\n    steps: [{ run: make }]\n`, 'it has no job build'],
  'events of another kind': [
    `on:\n  push:\n  pull_request:\n  schedule:\n    - cron: '0 4 * * *'\n${build}`,
    'it runs on schedule too',
  ],
  defaults: [`defaults: { run: { working-directory: web } }\n${on}${build}`, 'its defaults apply'],
  'jobs of one line': [
    `${on}jobs: { build: { runs-on: ubuntu-latest, steps: [{ run: make }] } }\n`,
    'its jobs are written in one line',
  ],
};

/** Every event, branch, tag and type of before starts it still. */
function startsAsBefore(after: unknown, before: unknown): void {
  const table = (value: unknown): Record<string, unknown> =>
    typeof value === 'string'
      ? { [value]: null }
      : Array.isArray(value)
        ? Object.fromEntries(value.map((one) => [String(one), null]))
        : { ...(value as object) };
  expect(table(after)).toEqual({ ...table(before), merge_group: table(before).merge_group ?? null });
}

describe('a workflow that can carry the job', () => {
  it.each(Object.entries(carriers))('has it after build, and all else as it was: %s', (_, text) => {
    const folder = withFiles({ [ci]: text });
    const { refused, read: file } = apply(folder);
    expect(refused).toEqual([]);
    const [before, after] = [read(text), read(file(ci))];
    startsAsBefore(after.on, before.on);
    expect(Object.keys(after.jobs)).toEqual(
      Object.keys(before.jobs).flatMap((job) => (job === 'build' ? ['build', 'deploy-staging'] : [job])),
    );
    expect(after.jobs).toMatchObject(before.jobs);
    expect(after.jobs['deploy-staging']).toMatchObject({ needs: 'build', if: 'always()' });
    if (!/^on: [[{]/.test(text)) expect(keepsLines(file(ci), text)).toBe(true);
    if (text.includes('\r\n')) expect(file(ci).replaceAll('\r\n', '')).not.toContain('\n');
    expect(leftIn(folder)).toEqual(nothingLeft);
  });

  it('keeps a comment with the job that it is about', () => {
    const { read: file } = apply(withFiles({ [ci]: carriers['comments around everything'] ?? '' }));
    const text = file(ci);
    const at = ["# the last of build's", '  deploy-staging:', '# at night', '  nightly:'].map((part) =>
      text.indexOf(part),
    );
    expect(at).toEqual([...at].sort((a, b) => a - b));
  });
});

describe('a workflow that cannot carry the job', () => {
  it.each(Object.entries(others))('stays byte for byte, and the job has one of its own: %s', (_, [text, why]) => {
    const folder = withFiles({ [ci]: text });
    const { deviations, read: file } = apply(folder);
    expect(deviations.find(({ path }) => path === ownPath)?.what).toContain(why);
    expect(file(ci)).toBe(text);
    const own = read(file(ownPath));
    const develop = { branches: ['develop'] };
    expect(own.on).toEqual({ push: develop, pull_request: develop, merge_group: develop });
    expect(Object.keys(own.jobs)).toEqual(['deploy-staging']);
    expect(own.jobs['deploy-staging']).not.toHaveProperty('needs');
    expect(leftIn(folder)).toEqual(nothingLeft);
  });

  it('may be called ci.yaml, and there may be others that nothing can read', () => {
    const folder = withFiles({ '.github/workflows/ci.yaml': `${on}${build}`, '.github/workflows/old.yml': 'a: [' });
    expect(read(apply(folder).read('.github/workflows/ci.yaml')).jobs).toHaveProperty('deploy-staging');
    expect(leftIn(folder)).toEqual(nothingLeft);
  });

  const latin1 = Buffer.from(`# d\u00e9ploie\n${on}${build}`, 'latin1');
  it.each<[string, string, Readonly<Record<string, string | Buffer>>]>([
    ['a key that is there twice', `${ci}:3: is no YAML 1.2`, { [ci]: `${on}on: [push]\n${build}` }],
    ['bytes that are no UTF-8', `${ci}:1: is no UTF-8`, { [ci]: latin1 }],
    ['a tab for an indent', `${ci}:5: is no YAML 1.2`, { [ci]: `${on}jobs:\n\tbuild:\n\t\truns-on: a\n` }],
    ['the other name of ci.yml', '.github/workflows/ci.yaml:1: is no UTF-8', { '.github/workflows/ci.yaml': latin1 }],
    ['the only workflow, of any name', '.github/workflows/a.yml:', { '.github/workflows/a.yml': 'a: [' }],
    ['the place of our own', `${ownPath}:1: is no YAML 1.2`, { [ci]: `on: push\n${build}`, [ownPath]: 'a: [' }],
    [
      'our own place, where ci.yml could carry the job',
      `${ownPath}:1: is no YAML 1.2`,
      { [ci]: `${on}${build}`, [ownPath]: 'a: [' },
    ],
    [
      'a file that may have the job',
      '.github/workflows/a.yml:2: is no UTF-8',
      { [ci]: `${on}${build}`, '.github/workflows/a.yml': Buffer.from('# deploy-staging\n# \u00e9', 'latin1') },
    ],
  ])('is never written over where it cannot be read: %s', (_, place, files) => {
    const folder = withFiles(files);
    expect(apply(folder).refused.join('\n')).toContain(place);
    expect(leftIn(folder).changes.filter((path) => path.startsWith('.github/'))).toEqual([]);
    for (const [path, text] of Object.entries(files))
      expect(readFileSync(join(folder, path)).equals(Buffer.from(text))).toBe(true);
  });

  it('keeps to the commits and the Node that the team has settled on', () => {
    const sha = 'a1'.repeat(20);
    const team = `${on}jobs:\n  test:\n    runs-on: ubuntu-latest\n    steps:\n      - uses: actions/checkout@${sha} # v5.1.0\n      - uses: actions/cache@${sha}\n      - uses: actions/setup-node@v4\n        with: { node-version: 20.16.0 }\n`;
    const { read: file } = apply(withFiles({ [ci]: team }));
    const text = file(ownPath);
    expect(text).toContain(`actions/checkout@${sha} # v5.1.0\n`);
    expect(text).toContain(`actions/cache/restore@${sha}\n`);
    expect(text).toContain('node-version: 20.16.0\n');
    expect(text).not.toContain('setup-node@v4');
  });

  it('is not written over a file of that name', () => {
    const folder = withFiles({ [ci]: `on: push\n${build}`, [ownPath]: `on: push\n${build}` });
    expect(apply(folder).refused).toEqual([
      `${ownPath}:1: is there, and has no job deploy-staging (apply does not change it)`,
    ]);
  });
});

const deploy = (more: string) =>
  `  deploy-staging:\n${more}    runs-on: ubuntu-latest\n    environment: staging\n    steps:\n      - run: ./deploy # as ever\n`;
const audit =
  '\n  # audits\n  audit:\n    needs: build\n    runs-on: ubuntu-latest\n    steps: [{ run: make audit }]\n';

describe("a team's deploy-staging", () => {
  it.each([
    [
      'is skipped with what it needs',
      deploy("    needs: [build]\n    if: github.ref == 'refs/heads/develop'\n"),
      'is skipped when build fails',
    ],
    [
      'runs whatever build ended as',
      deploy('    needs: build\n    if: ${{ always() }}\n'),
      'does not look at how that ended',
    ],
    [
      'is skipped by its own condition',
      deploy("    needs: build\n    if: always() && needs.build.result == 'success'\n"),
      'is skipped when build fails',
    ],
    ['has a matrix', deploy('    strategy: { matrix: { site: [a, b] } }\n'), 'has a matrix'],
    ['calls a workflow', '  deploy-staging:\n    uses: ./.github/workflows/deploy.yml\n', 'calls a workflow'],
    ['reports under another name', deploy('    name: To staging\n'), 'reports as To staging'],
    [
      'says its own name',
      deploy('    name: "deploy-staging" # the check\n    needs: build\n'),
      'is skipped when build fails',
    ],
  ])('gets a job that reports for it, and keeps every line: %s', (_, job, what) => {
    const text = `${on}  merge_group:\n${build}${job}${audit}`;
    const folder = withFiles({ [ci]: text });
    const { deviations, read: file } = apply(folder);
    expect(deviations.find(({ path }) => path === ci)?.what).toContain(what);
    const [before, after] = [read(text), read(file(ci))];
    const { 'deploy-staging-check': gate, ...jobs } = after.jobs;
    for (const [id, content] of Object.entries(jobs))
      expect({ ...content, name: '' }).toEqual({ ...before.jobs[id], name: '' });
    expect(jobs['deploy-staging']?.name ?? '').not.toBe('deploy-staging');
    expect(gate).toMatchObject({ name: 'deploy-staging', if: '${{ always() }}' });
    if (!job.includes('name: "')) expect(keepsLines(file(ci), text)).toBe(true);
    expect(file(ci)).toContain('# as ever'.repeat(job.includes('# as ever') ? 1 : 0));
    expect(leftIn(folder)).toEqual(nothingLeft);
  });

  it('is looked at through all that it waits for', () => {
    const text = `${on}${build}    needs: lint\n  lint:\n    runs-on: a\n    steps: [{ run: make }]\n${deploy('    needs: build\n')}`;
    const { read: file } = apply(withFiles({ [ci]: text }));
    expect(read(file(ci)).jobs['deploy-staging-check']?.needs).toEqual(['build', 'lint', 'deploy-staging']);
  });

  it.each([
    ['under its own key', deploy("    needs: build\n    if: always() || needs.build.result == 'success'\n")],
    ['under another key', deploy('    name: deploy-staging\n').replace('  deploy-staging:', '  staging:')],
    ['that needs nothing', deploy('')],
  ])('stays as it is where it reports: %s', (_, job) => {
    const text = `${on}  merge_group:\n${build}${job}`;
    const folder = withFiles({ [ci]: text });
    expect(apply(folder).read(ci)).toBe(text);
    expect(leftIn(folder)).toEqual(nothingLeft);
  });

  it('may be in any workflow, with its events in any form', () => {
    const text = `on: [push, pull_request]\njobs:\n  staging:\n    name: deploy-staging\n    runs-on: a\n    steps: [{ run: ./deploy }]\n`;
    const folder = withFiles({ [ci]: `${on}${build}`, '.github/workflows/staging.yaml': text });
    const { read: file } = apply(folder);
    expect(file('.github/workflows/staging.yaml')).toBe(text.replace('pull_request]', 'pull_request, merge_group]'));
    expect(file(ci)).toBe(`${on}${build}`);
    expect(leftIn(folder)).toEqual(nothingLeft);
  });

  it.each([
    [
      'on pushes alone',
      `on:\n  push:\n    branches: [develop]\n${build}${deploy('')}`,
      ':1: does not run on pull_request',
    ],
    [
      'for some paths',
      `on:\n  push:\n  pull_request:\n    paths: [src]\n  merge_group:\n${build}${deploy('')}`,
      ':1: runs on pull_request only for some paths',
    ],
    [
      'twice',
      `${on}  merge_group:\n${build}${deploy('')}  again:\n    name: deploy-staging\n    runs-on: a\n    steps: [{ run: ./deploy }]\n`,
      '2 jobs report the check deploy-staging',
    ],
  ])('is left to a person where a trigger would have to start more: %s', (_, text, place) => {
    const { refused, read: file } = apply(withFiles({ [ci]: text }));
    expect(refused.join('\n')).toContain(place);
    expect(file(ci)).toBe(text);
  });

  it("gives its place to this project's where that is asked for, and nothing else does", () => {
    const text = `${on}${build}${deploy('    needs: build\n')}${audit}`;
    const folder = withFiles({ [ci]: text });
    const { read: file } = apply(folder, { replaceJob: true });
    const after = read(file(ci));
    expect(after.jobs).toMatchObject({ build: read(text).jobs.build, audit: read(text).jobs.audit });
    expect(after.jobs['deploy-staging']).toMatchObject({ needs: 'build', if: 'always()' });
    expect(file(ci)).not.toContain('# as ever');
    expect(file(ci)).toContain(audit.trimEnd());
    apply(folder);
    expect(leftIn(folder)).toEqual(nothingLeft);
  });

  it.each(['on: [push, pull_request]\n', 'on:\n  push:\n  pull_request:\n'])(
    'runs on the merge queue too where it took the place of another: %j',
    (events) => {
      const text = `name: CI\n${events}${build}${deploy('    needs: build\n')}${audit}`;
      const folder = withFiles({ [ci]: text });
      apply(folder, { replaceJob: true });
      expect(leftIn(folder)).toEqual(nothingLeft);
    },
  );
});

describe('the gate', () => {
  const { jobs } = read(apply(withFiles({ [ci]: `${on}${build}${deploy('    needs: build\n')}` })).read(ci));
  const script = String(jobs['deploy-staging-check']?.steps[0]?.run);
  it.each([
    ['a pull request whose deploy is skipped', { FAILED: 'false', STAGING: 'false', DEPLOY: 'skipped' }, 0],
    ['a pull request whose build failed', { FAILED: 'true', STAGING: 'false', DEPLOY: 'skipped' }, 1],
    ['staging, deployed', { FAILED: 'false', STAGING: 'true', DEPLOY: 'success' }, 0],
    ['staging, skipped', { FAILED: 'false', STAGING: 'true', DEPLOY: 'skipped' }, 1],
  ])('ends as it must: %s', (_, env, code) => {
    const run = () =>
      execFileSync('bash', ['-e', '-c', script], { env: { PATH: process.env.PATH, ...env }, stdio: 'pipe' });
    if (code === 0) expect(run).not.toThrow();
    else expect(run).toThrow('::error title=Staging::');
  });
});

describe('the job', () => {
  const template = readFileSync('pipeline/template/ci.yml', 'utf8');

  it("takes staging's address for pushes to develop alone, and brings its own command line", () => {
    const staging = template.match(/github\.event_name == 'push'(?! && github\.ref == 'refs\/heads\/develop')/g);
    expect(staging).toBeNull();
    expect(template).toMatch(/ --ignore-scripts --before=\d{4}-\d\d-\d\d netlify-cli@\d+\.\d+\.\d+ /);
  });

  it.each([
    ['pnpm@10.0.0', 'corepack enable\npnpm install --frozen-lockfile\n', 'pnpm run staging:smoke --url "$DEPLOY_URL"'],
    ['yarn@1.22.22', 'corepack enable\nyarn install --frozen-lockfile\n', 'yarn run staging:smoke --url "$DEPLOY_URL"'],
    [
      'bun@1.3.14',
      'npm install --global bun@1.3.14\nbun install --frozen-lockfile\n',
      'bun run staging:smoke --url "$DEPLOY_URL"',
    ],
    ['npm@10.9.0', 'npm ci', 'npm run staging:smoke -- --url "$DEPLOY_URL"'],
  ])('installs and runs by %s where the application does', (packageManager, install, smoke) => {
    const manifest = JSON.stringify(
      { name: 'shop', packageManager, dependencies: { ui: 'workspace:*' } },
      undefined,
      2,
    );
    const folder = withFiles({ 'package.json': manifest, [ci]: `on: push\n${build}` });
    const job = read(apply(folder).read(ownPath)).jobs['deploy-staging'];
    const step = (name: string) => job?.steps.find((one) => one.name === name);
    expect([step('Install')?.run, step('Smoke')?.run]).toEqual([install, smoke]);
  });

  it.each([
    [{ branches: ['main'] }, 'push:\n  branches:\n    - main\n    - develop'],
    [{ branches: 'main', 'paths-ignore': ['docs/**'] }, 'push:\n  branches:\n    - main\n    - develop'],
    [{ tags: ['v*'] }, 'push:\n  tags:\n    - v*\n  branches:\n    - develop'],
    [{ 'branches-ignore': ['develop', 'x'] }, 'push:\n  branches-ignore:\n    - x'],
    [undefined, 'push:\n  branches:\n    - develop'],
  ])('has a snippet that keeps what starts it: %j', (given, snippet) => {
    expect(widened('push', given)).toBe(snippet);
  });
});

import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';
import { runCommand } from '../support/command.ts';

interface Step {
  readonly id?: string;
  readonly if?: string;
  readonly uses?: string;
  readonly run?: string;
  readonly with?: Readonly<Record<string, unknown>>;
}

interface Job {
  readonly if?: string;
  readonly steps: readonly Step[];
  readonly needs?: string | readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly permissions?: Readonly<Record<string, string>>;
  readonly environment?: string;
  readonly outputs?: Readonly<Record<string, string>>;
  readonly 'timeout-minutes'?: number;
}

interface Workflow {
  readonly on: Readonly<Record<string, unknown>>;
  readonly permissions?: Readonly<Record<string, string>>;
  readonly concurrency?: unknown;
  readonly jobs: Readonly<Record<string, Job>>;
}

const ours = readdirSync('.github/workflows').map((name) => join('.github/workflows', name));
const all = [...ours, 'pipeline/template/ci.yml'];
const read = (file: string) => parse(readFileSync(file, 'utf8')) as Workflow;

describe('every workflow', () => {
  it('passes actionlint and, where Python is installed, zizmor', async () => {
    const ended = await runCommand('commands/lintWorkflows/command.ts', []);
    expect({ code: ended.code, said: ended.stdout.split('\n').at(-2) }).toEqual({
      code: 0,
      said: expect.stringMatching(
        new RegExp(`^${all.length} workflows, no finding \\(actionlint(, zizmor|; zizmor is not at hand: .+)\\)\\.$`),
      ) as unknown,
    });
    if (spawnSync('python3', ['-m', 'pip', '--version']).status === 0) expect(ended.stdout).toContain(', zizmor)');
  }, 300_000);

  it('would not pass with a misspelled key', async () => {
    const file = join(mkdtempSync(join(tmpdir(), 'workflow-')), 'broken.yml');
    writeFileSync(file, 'on: push\njobs:\n  a:\n    runs-on: ubuntu-24.04\n    steps:\n      - runs: echo\n');
    expect((await runCommand('commands/lintWorkflows/command.ts', [file])).code).toBe(2);
  }, 300_000);

  it.each(all)('%s: pinned actions, read-only by default, time limits, no expression in a script', (file) => {
    const { on, permissions, concurrency, jobs } = read(file);
    expect(Object.keys(on)).not.toContain('pull_request_target');
    expect(permissions).toEqual({ contents: 'read' });
    expect(concurrency).toBeDefined();
    for (const job of Object.values(jobs)) {
      expect(job['timeout-minutes']).toBeGreaterThan(0);
      for (const { uses, run, with: inputs } of job.steps) {
        if (uses?.includes('/.github/actions/') === false) expect(uses).toMatch(/@[0-9a-f]{40}$/);
        if (uses?.startsWith('actions/checkout@') === true) expect(inputs?.['persist-credentials']).toBe(false);
        expect(run ?? '').not.toContain('${{');
      }
    }
  });
});

/** The names that a text takes from GitHub's `secrets` or `vars`, each once. */
const named = (kind: 'secrets' | 'vars', text: string) =>
  [...new Set([...text.matchAll(new RegExp(`\\b${kind}\\.(\\w+)`, 'g'))].map(([, name = '']) => name))].sort();

describe('what has to be set on GitHub', () => {
  const jobs = ours.flatMap((file) => Object.values(read(file).jobs));
  /** The names of a list item below an environment's heading. */
  const documented = (environment: string, item: 'secrets' | 'variables') => {
    const [, below = ''] = readFileSync('docs/github_actions.md', 'utf8').split(`### \`${environment}\`\n`);
    const [, listed = ''] = (below.split('\n#')[0] ?? '').split(`- ${item}:`);
    const names = (listed.split('\n- ')[0] ?? '').matchAll(/`([A-Z][A-Z_]+)`/g);
    return [...new Set([...names].map(([, name = '']) => name))].sort();
  };
  const environments = new Set(jobs.map(({ environment }) => environment));

  it.each([...environments].filter((each) => each !== undefined))(
    'in the environment %s is in docs/github_actions.md',
    (environment) => {
      const text = JSON.stringify(jobs.filter((job) => job.environment === environment));
      const [secrets, variables] = (['secrets', 'variables'] as const).map((item) => documented(environment, item));
      expect({ secrets, variables }).toEqual({ secrets: named('secrets', text), variables: named('vars', text) });
    },
  );

  it('to sign in is in docs/github_actions.md', () => {
    const script = readFileSync('.github/actions/access/choose.mjs', 'utf8');
    const read = new Set([...script.matchAll(/\bvariable\('(\w+)'\)/g)].map(([, name = '']) => name));
    expect([...read].sort()).toEqual(
      [...new Set([...documented('signing in', 'variables'), 'PULUMI_BACKEND_URL'])].sort(),
    );
  });

  it('is nothing outside of an environment', () => {
    const text = JSON.stringify(jobs.filter(({ environment }) => environment === undefined));
    expect([...named('secrets', text), ...named('vars', text)]).toEqual([]);
  });

  it('for the application is in docs/pipeline.md', () => {
    const text = readFileSync('pipeline/template/ci.yml', 'utf8');
    const documented = readFileSync('docs/pipeline.md', 'utf8');
    for (const name of [...named('secrets', text), ...named('vars', text)]) expect(documented).toContain(`\`${name}\``);
  });
});

describe('the preview of a pull request', () => {
  const text = readFileSync('.github/workflows/preview.yml', 'utf8');
  const { jobs } = read('.github/workflows/preview.yml');

  it('has no vault, and one job with one permission to write, which runs the base branch', () => {
    expect(text).not.toContain('OP_SERVICE_ACCOUNT_TOKEN');
    const asked = Object.entries(jobs).filter(([, job]) => job.permissions !== undefined);
    // An identity writes nothing by itself: what it opens is the environment's to say.
    const signIn = { contents: 'read', 'id-token': 'write' };
    expect(asked.map(([name, job]) => [name, job.permissions])).toEqual([
      ['preview-base', signIn],
      ['preview-head', signIn],
      ['drift', signIn],
      ['comment', { contents: 'read', 'pull-requests': 'write' }],
    ]);
    const checkouts = jobs.comment?.steps.filter(({ uses }) => uses?.startsWith('actions/checkout@'));
    expect(checkouts?.map((step) => step.with?.ref)).toEqual(['${{ github.event.pull_request.base.sha }}']);
  });

  it('takes the policies, Pulumi and its checksums from the base branch', () => {
    const head = jobs['preview-head'];
    const script = head?.steps.map(({ run }) => run ?? '').join('\n') ?? '';
    const packs = [...script.matchAll(/--policy-pack "([^"]+)"/g)].map(([, path]) => path);
    expect(packs).toEqual(['$GITHUB_WORKSPACE/base/policies/secrets', '$GITHUB_WORKSPACE/base/policies/staging']);
    const ours = head?.steps.filter(({ uses }) => uses?.startsWith('./')) ?? [];
    expect(ours.map(({ uses }) => uses)).toEqual(['./base/.github/actions/pulumi', './base/.github/actions/access']);
    for (const one of ours) expect(one.with?.folder).toBe('base');
    const checkouts = head?.steps.filter(({ uses }) => uses?.startsWith('actions/checkout@')).map((step) => step.with);
    expect(checkouts).toMatchObject([
      { path: 'base', ref: '${{ github.event.pull_request.base.sha }}' },
      { path: 'head' },
    ]);
  });
});

describe('up', () => {
  it('applies the plan that the job before has saved', () => {
    const { jobs } = read('.github/workflows/up.yml');
    const script = (name: string) => jobs[name]?.steps.map(({ run }) => run ?? '').join('\n');
    expect(script('plan')).toContain('--save-plan plan.json');
    expect(script('up')).toContain('pulumi up --stack staging --yes --refresh --plan plan.json');
    const { outputs } = jobs.plan ?? {};
    expect(outputs).toEqual({ artifact: '${{ steps.keep.outputs.artifact-id }}' });
  });
});

describe('drift', () => {
  const { drift: scheduled, recall, remember } = read('.github/workflows/drift.yml').jobs;
  const preview = read('.github/workflows/preview.yml').jobs;
  const stepOf = (job: Job | undefined, action: string) => job?.steps.find(({ uses }) => uses?.includes(action));

  it('keeps what was told from run to run, also when the look fails: in the very folder that the command uses', () => {
    const [restore, save] = [stepOf(recall, 'cache/restore@'), stepOf(remember, 'cache/save@')];
    expect(save?.with?.key).toBe(restore?.with?.key);
    const keeps = scheduled?.steps.find(({ id }) => id === 'keep');
    const folders = [restore, stepOf(recall, 'upload-artifact@'), stepOf(scheduled, 'download-artifact@'), keeps];
    for (const step of [...folders, stepOf(remember, 'download-artifact@'), save])
      expect(step?.with?.path).toBe(scheduled?.env?.DRIFT_STATE_DIR);
    expect([scheduled?.if, keeps?.if, remember?.if].every((condition) => condition?.includes('!cancelled()'))).toBe(
      true,
    );
  });

  it('ends well after drift, which is told and shown, and badly when something could not be seen', () => {
    const script = scheduled?.steps.find(({ id }) => id === 'look')?.run ?? '';
    const outcome = (code: number) => {
      const folder = mkdtempSync(join(tmpdir(), 'look-'));
      writeFileSync(join(folder, 'npm'), `#!/bin/sh\necho "$@" > called\necho found > drift.md\nexit ${code}\n`, {
        mode: 0o755,
      });
      const env = {
        ...process.env,
        PATH: `${folder}:${process.env.PATH ?? ''}`,
        GITHUB_STEP_SUMMARY: join(folder, 'summary'),
      };
      const { status } = spawnSync('bash', ['-e', '-o', 'pipefail', '-c', script], { cwd: folder, env });
      return [status, readFileSync(join(folder, 'summary'), 'utf8'), readFileSync(join(folder, 'called'), 'utf8')];
    };
    const called = 'run --silent drift -- --alert --report drift.html --markdown drift.md\n';
    expect([0, 1, 2].map(outcome)).toEqual([0, 1, 0].map((status) => [status, 'found\n', called]));
  });

  it('attaches the report to the scheduled run and to the pull request’s, and puts the findings into the comment', () => {
    const reports = scheduled?.steps.filter(({ uses }) => uses?.includes('upload-artifact@'));
    expect(reports?.at(-1)?.with).toMatchObject({ path: 'drift.html' });
    expect(stepOf(preview.drift, 'upload-artifact@')?.with).toMatchObject({ name: 'drift', path: 'drift' });
    const script = preview.drift?.steps.map(({ run }) => run ?? '').join('\n');
    expect(script).toContain('--report drift/drift.html --markdown drift/drift.md');
    expect(preview.comment?.needs).toEqual(['preview-base', 'preview-head', 'drift']);
    expect(preview.comment?.steps.at(-1)?.run).toContain('--drift drift/drift.md');
    const checkout = stepOf(preview.drift, 'actions/checkout@');
    expect(checkout?.with?.ref).toBe('${{ github.event.pull_request.base.sha }}');
  });
});

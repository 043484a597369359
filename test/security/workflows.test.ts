import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';
import { z } from 'zod';
import { runCommand } from '../support/command.ts';

const step = z.object({
  id: z.string().optional(),
  if: z.string().optional(),
  uses: z.string().optional(),
  run: z.string().optional(),
  with: z.record(z.string(), z.unknown()).default({}),
});
const job = z.object({
  if: z.string().optional(),
  needs: z.union([z.string(), z.array(z.string())]).default([]),
  permissions: z.record(z.string(), z.string()).optional(),
  environment: z.unknown().optional(),
  outputs: z.record(z.string(), z.string()).default({}),
  steps: z.array(step),
});
const workflow = z.object({ jobs: z.record(z.string(), job) });
type Step = z.infer<typeof step>;
type Job = z.infer<typeof job>;

const files = [
  ...readdirSync('.github/workflows').map((name) => join('.github/workflows', name)),
  'pipeline/template/ci.yml',
];
const ownSteps = (name: string) =>
  z
    .object({ runs: z.object({ steps: z.array(step) }) })
    .parse(parse(readFileSync(`.github/actions/${name}/action.yml`, 'utf8'))).runs.steps;

/** A job's steps, with those of our own actions in the place of their calls. */
const wholeOf = ({ steps }: Job): Step[] =>
  steps.flatMap((one) => {
    const [, own] = one.uses?.split('/.github/actions/') ?? [];
    return own === undefined ? [one] : ownSteps(own);
  });

const jobs = files.flatMap((file) =>
  Object.entries(workflow.parse(parse(readFileSync(file, 'utf8'))).jobs).map(
    ([name, one]) => [`${file}: ${name}`, one, file] as const,
  ),
);
const called = (steps: readonly Step[], name: string) => steps.filter(({ uses }) => uses?.startsWith(`${name}@`));

/** Whether a job holds anything that is worth stealing: a secret, an environment's variables, or a right to write. */
const holdsTokens = (one: Job) =>
  one.environment !== undefined ||
  JSON.stringify(one).includes('secrets.') ||
  Object.values(one.permissions ?? {}).includes('write');

describe('every workflow', () => {
  it('is one to GitHub’s own parser, with every job', async () => {
    const { stdout, stderr } = await runCommand('test/support/readWorkflows.ts', files);
    expect(stderr).toBe('');
    const names = files.map((file) => [
      file,
      jobs.filter(([, , of]) => of === file).map(([name]) => name.slice(file.length + 2)),
    ]);
    expect(JSON.parse(stdout)).toEqual(Object.fromEntries(names));
  });

  it('downloads no program by a script: Pulumi comes by the one action, which holds it to kept checksums', () => {
    const scripts = jobs.flatMap(([, one]) => wholeOf(one).map(({ run }) => run ?? ''));
    for (const script of scripts) expect(script).not.toMatch(/\b(curl|wget)\b|\|\s*(ba)?sh\b/);
    const ours = jobs.filter(([, , file]) => file.startsWith('.github'));
    const users = ours.filter(([, one]) => one.steps.some(({ run }) => run?.includes('pulumi ') === true));
    expect(users.length).toBeGreaterThan(3);
    for (const [, one] of users) expect(one.steps.some(({ uses }) => uses?.endsWith('/actions/pulumi'))).toBe(true);
    expect(ownSteps('pulumi').at(-1)?.run).toContain('npm run --silent toolchain -- --mode official');
  });

  it('names Pulumi’s version nowhere: it stands in the toolchain', () => {
    const texts = [...files, '.github/actions/pulumi/action.yml'].map((file) => readFileSync(file, 'utf8'));
    for (const text of texts) expect(text).not.toMatch(/PULUMI_VERSION|\b3\.\d{3}\.\d+\b/);
  });
});

describe.each(jobs.filter(([, one]) => holdsTokens(one)))('%s, which holds tokens', (_, one) => {
  it('restores no cache, as a pull request could have planted one', () => {
    const steps = wholeOf(one);
    // The application's own branch may keep its alerts: GitHub gives it no cache that a pull request has written.
    const onDevelop = "github.event_name == 'push' && github.ref == 'refs/heads/develop'";
    const caches = steps.filter(
      ({ uses, if: condition }) =>
        uses?.startsWith('actions/cache') === true && condition?.endsWith(onDevelop) !== true,
    );
    expect(caches).toEqual([]);
    const setUps = called(steps, 'actions/setup-node');
    for (const setUp of setUps) {
      expect(setUp.with).not.toHaveProperty('cache');
      expect(setUp.with['package-manager-cache']).toBe(false);
    }
  });
});

// The application's job builds with its own packages' scripts; what it does is its own repository's.
describe.each(jobs.filter(([, one, file]) => file.startsWith('.github') && holdsTokens(one)))(
  '%s, which holds tokens',
  (_, one) => {
    it('runs no install script', () => {
      const installs = wholeOf(one).flatMap(({ run }) => run?.match(/npm (?:ci|install|i)\b[^\n&|;]*/g) ?? []);
      expect(installs.length).toBeGreaterThan(0);
      for (const install of installs) expect(install).toContain('--ignore-scripts');
    });
  },
);

describe('an artifact', () => {
  const downloads = jobs.flatMap(([name, one, file]) =>
    called(one.steps, 'actions/download-artifact').map((download) => ({ name, one, file, download })),
  );

  it('is taken by the id that its job gave out, never by a name that another job could have taken', () => {
    expect(downloads.length).toBeGreaterThan(5);
    for (const { download, one, file } of downloads) {
      const [, producer = ''] =
        /^\$\{\{ needs\.([\w-]+)\.outputs\.artifact \}\}$/.exec(String(download.with['artifact-ids'])) ?? [];
      expect([one.needs].flat()).toContain(producer);
      expect(download.with.name).toBeUndefined();
      const made = jobs.find(([name]) => name === `${file}: ${producer}`)?.[1];
      expect(made?.outputs.artifact).toBe('${{ steps.keep.outputs.artifact-id }}');
      expect(made?.steps.find(({ id }) => id === 'keep')?.uses).toMatch(/^actions\/upload-artifact@/);
    }
  });

  it('is not asked for without an id, which would mean every artifact of the run', () => {
    for (const { download, one, file } of downloads) {
      const [, producer = ''] = /needs\.([\w-]+)\./.exec(String(download.with['artifact-ids'])) ?? [];
      const keep = jobs.find(([name]) => name === `${file}: ${producer}`)?.[1].steps.find(({ id }) => id === 'keep');
      const certain = keep?.if === undefined && keep?.with['if-no-files-found'] === 'error' && one.if === undefined;
      const guard = `needs.${producer}.outputs.artifact != ''`;
      expect(certain || `${one.if ?? ''} ${download.if ?? ''}`.includes(guard)).toBe(true);
    }
  });
});

describe('the preview of a pull request', () => {
  const { jobs: preview } = workflow.parse(parse(readFileSync('.github/workflows/preview.yml', 'utf8')));
  const isBase = (one: Step) => one.with.ref === '${{ github.event.pull_request.base.sha }}';

  it('runs head’s code in jobs whose only word is head’s own', () => {
    const withHead = Object.entries(preview).filter(([, one]) =>
      called(one.steps, 'actions/checkout').some((checkout) => !isBase(checkout)),
    );
    expect(withHead.map(([name]) => name)).toEqual(['declared-head', 'readers', 'preview-head']);
    for (const [name, { steps, permissions }] of withHead) {
      const kept = called(steps, 'actions/upload-artifact').map((upload) => upload.with.path);
      expect(kept.every((path) => path === 'head.txt' || path === 'head.json')).toBe(true);
      // An identity says which environment the job is of, and that alone opens anything.
      expect(permissions).toEqual(name === 'preview-head' ? { contents: 'read', 'id-token': 'write' } : undefined);
      for (const { run } of steps) if (run?.startsWith('npm ci')) expect(run).toBe('npm ci --ignore-scripts');
    }
  });

  it('installs the base and Pulumi before head’s code is there', () => {
    const steps = preview['preview-head']?.steps ?? [];
    const at = (what: (one: Step) => boolean) => steps.findIndex(what);
    const [setUp, install, run] = [
      at(({ uses }) => uses === './base/.github/actions/pulumi'),
      at((one) => one.run === 'npm ci --ignore-scripts'),
      at((one) => one.run?.includes('pulumi preview') === true),
    ];
    expect(setUp).toBeGreaterThan(-1);
    expect([setUp, install, run]).toEqual([setUp, install, run].sort((a, b) => a - b));
  });

  it('gives tokens to its commands, never to an installation', () => {
    for (const { steps } of Object.values(preview))
      for (const one of steps.filter((each) => JSON.stringify(each).includes('secrets.')))
        expect(one.run ?? one.uses).toMatch(/^(?!.*npm (ci|install)).*(pulumi|drift|\.github\/actions\/access$)/s);
  });
});

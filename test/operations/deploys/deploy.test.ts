import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { updateGitHub } from '../../../sandbox/github/index.ts';
import { site } from '../../../sandbox/identity.ts';
import { netlifyProblems } from '../../support/netlifyDocument.ts';
import { startWorld, type World } from '../world.ts';

const entry = 'operations/deploy.ts';
const at = '2026-01-01T10:00:00Z';
let world: World;
beforeEach(async () => {
  world = await startWorld();
}, 60_000);
afterEach(async () => {
  const problems = world.exchanges.filter(({ service }) => service === 'netlify').flatMap(netlifyProblems);
  await world.close();
  expect(problems).toEqual([]);
});

/** Records a deploy's smoke test as the deploy job does, with the run that made it. */
function recorded(id: string, sha: string, states: readonly string[]): void {
  const url = `https://${id}--allincompassing.netlify.app`;
  world.repository((repository) => {
    const next = repository.deployments.length * 10 + 5000;
    repository.deployments.push({
      id: next,
      ref: 'develop',
      sha,
      task: 'deploy',
      environment: 'staging',
      description: null,
      payload: {},
      creator: 'github-actions[bot]',
      transient: false,
      production: false,
      createdAt: at,
      updatedAt: at,
      statuses: states.map((state, index) => ({
        id: next + index + 1,
        state,
        creator: 'github-actions[bot]',
        description: '',
        environment: 'staging',
        environmentUrl: url,
        logUrl: '',
        createdAt: at,
      })),
    });
  });
  run(world.log.length + 1, sha, 'success');
}

function run(id: number, sha: string, conclusion: string): void {
  world.repository((repository) =>
    repository.workflowRuns.push({
      id,
      workflow: '.github/workflows/ci.yml',
      number: id,
      event: 'push',
      headBranch: 'develop',
      headSha: sha,
      createdAt: at,
      attempt: 1,
      status: 'completed',
      conclusion,
      updatedAt: at,
      jobs: [],
    }),
  );
}

/** Ends the run that somebody started again, as GitHub does after a while. */
function endRuns(conclusion: string): NodeJS.Timeout {
  return setInterval(() => {
    updateGitHub(world.stateDir, ({ repositories }) => {
      for (const each of repositories[0]?.workflowRuns ?? []) {
        if (each.status !== 'completed') Object.assign(each, { status: 'completed', conclusion });
      }
    });
  }, 500);
}

const sha = (letter: string) => letter.repeat(40);

function separateSite(): void {
  const file = join(world.root, 'Pulumi.staging.yaml');
  writeFileSync(
    file,
    readFileSync(file, 'utf8').replace(
      'mode: shared-site',
      'mode: separate-site\n    productionSite: production-elsewhere',
    ),
  );
}

describe('deploy:list', () => {
  it('shows each deploy with its smoke test, and goes without GitHub', async () => {
    const good = await world.deploy('develop', 'one');
    const bad = await world.deploy('develop', 'two');
    await world.deploy('develop', 'three');
    recorded(good, sha('a'), ['in_progress', 'success', 'inactive']);
    recorded(bad, sha('b'), ['failure']);
    const { deploys } = JSON.parse((await world.run(entry, ['list', '--json'])).stdout) as {
      deploys: { id: string; smoke: string }[];
    };
    expect(deploys.map(({ smoke }) => smoke)).toEqual(['not recorded', 'failed', 'passed']);
    world.faults.set([{ service: 'github', status: 401 }]);
    const without = await world.run(entry, ['list']);
    expect(without).toMatchObject({ code: 0, stdout: expect.stringContaining("Without the smoke tests' results") });
  }, 60_000);
});

describe('deploy:trigger', () => {
  it('builds, waits, prints the address, runs the smoke test, records it; production stays', async () => {
    await world.deploy('develop', 'one');
    const before = await world.published();
    const ended = await world.run(entry, ['trigger', '--yes', '--smoke', 'true']);
    expect(ended).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/^https:\/\/\w+--allincompassing\.netlify\.app\n/),
    });
    expect(await world.published()).toBe(before);
    const { deploys } = JSON.parse((await world.run(entry, ['list', '--json'])).stdout) as {
      deploys: { smoke: string }[];
    };
    expect(deploys[0]?.smoke).toBe('passed');
  }, 60_000);

  it.each([
    ['a smoke test that fails', 'node -e process.exit(2) --', 2, 'FAILED'],
    ['a smoke test that cannot run', 'node -e process.exit(1) --', 1, 'could not run'],
  ])(
    'says so: %s',
    async (_, smoke, code, words) => {
      await world.deploy('develop', 'one');
      const ended = await world.run(entry, ['trigger', '--yes', '--smoke', smoke]);
      expect(ended).toMatchObject({ code, stdout: expect.stringContaining(words) });
    },
    30_000,
  );

  it('exits 2 with the reason when the build fails, and when it does not end', async () => {
    await world.deploy('develop', 'one');
    const path = '/deploys/\\w+$';
    const body = JSON.stringify({ id: 'x', state: 'error', created_at: at, error_message: 'exit 2' });
    world.faults.set([{ service: 'netlify', method: 'GET', path, body }]);
    expect(await world.run(entry, ['trigger', '--yes'])).toMatchObject({
      code: 2,
      stdout: expect.stringContaining('exit 2'),
    });
    world.faults.set([{ service: 'netlify', method: 'GET', path, body: body.replace('"error"', '"building"') }]);
    const slow = await world.run(entry, ['trigger', '--yes', '--timeout', '2']);
    expect(slow).toMatchObject({ code: 2, stdout: expect.stringContaining('still building after 2 s') });
  }, 30_000);

  it('refuses a branch that Netlify does not build, and runs the deploy job again where there is one', async () => {
    run(1, sha('a'), 'failure');
    const timer = endRuns('success');
    const ended = await world.run(entry, ['trigger', '--yes', '--no-smoke', '--timeout', '20']);
    clearInterval(timer);
    expect(ended.code).toBe(0);
    expect(world.writes()).toContain('POST /api/v3/repos/allincompassing/allincompassing/actions/runs/1/rerun');
  }, 30_000);
});

describe('deploy:rerun', () => {
  const path = 'POST /api/v3/repos/allincompassing/allincompassing/actions/runs/1';
  it.each([
    { was: 'failure', ends: 'success', code: 0, request: `${path}/rerun-failed-jobs`, words: 'Succeeded: http' },
    { was: 'success', ends: 'success', code: 0, request: `${path}/rerun`, words: 'Succeeded: http' },
    { was: 'failure', ends: 'failure', code: 2, request: `${path}/rerun-failed-jobs`, words: 'ended with failure' },
  ])(
    'runs again what had ended with $was, waits, and says that it ended with $ends',
    async ({ was, ends, code, request, words }) => {
      run(1, sha('a'), was);
      const timer = endRuns(ends);
      const ended = await world.run(entry, ['rerun', '--yes', '--timeout', '20']);
      clearInterval(timer);
      expect(ended.code).toBe(code);
      expect(ended.stdout + ended.stderr).toContain(words);
      expect(world.writes()).toEqual([request]);
    },
    30_000,
  );

  it('exits 2 when the job does not end in time, and 1 when it never ran', async () => {
    expect(await world.run(entry, ['rerun', '--yes'])).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('never ran for a push to develop'),
    });
    run(1, sha('a'), 'failure');
    expect(await world.run(entry, ['rerun', '--yes', '--timeout', '1'])).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('after 1 s'),
    });
    // It runs now: a second call waits for it, and starts no other.
    const timer = endRuns('success');
    const again = await world.run(entry, ['rerun', '--yes', '--timeout', '20']);
    clearInterval(timer);
    expect(again.code).toBe(0);
    expect(world.writes()).toHaveLength(1);
  }, 30_000);
});

describe('deploy:rollback on the site that production shares', () => {
  it('restores nothing: the commit is deployed to staging again, and production serves what it served', async () => {
    const good = await world.deploy('develop', 'good');
    await world.deploy('develop', 'bad');
    recorded(good, sha('a'), ['success']);
    const before = await world.published();
    const timer = endRuns('success');
    const ended = await world.run(entry, ['rollback', '--yes', '--timeout', '20']);
    clearInterval(timer);
    expect(ended.code).toBe(0);
    expect(ended.stderr).toContain('would publish staging to PRODUCTION, so it is not done');
    expect(await world.published()).toBe(before);
    expect(world.writes().filter((line) => /restore|lock|rollback/.test(line))).toEqual([]);
  }, 60_000);

  it('exits 2 when the job fails', async () => {
    const good = await world.deploy('develop', 'good');
    await world.deploy('develop', 'bad');
    recorded(good, sha('a'), ['success']);
    const timer = endRuns('failure');
    const ended = await world.run(entry, ['rollback', '--yes', '--timeout', '20']);
    clearInterval(timer);
    expect(ended).toMatchObject({ code: 2, stderr: expect.stringContaining('ended with failure') });
  }, 60_000);

  it('says that no deploy is known to be good, and refuses to unlock production', async () => {
    await world.deploy('develop', 'one');
    expect(await world.run(entry, ['rollback', '--yes'])).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('No earlier deploy of staging has a passed smoke test'),
    });
    expect(await world.run(entry, ['unlock', '--yes'])).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('carries production'),
    });
  }, 30_000);
});

describe('deploy:rollback on a site of staging’s own', () => {
  it.each([
    { name: 'as it is', fault: undefined },
    { name: 'with the answers lost', fault: { connection: 'reset' as const, afterEffect: true } },
    { name: 'after a 500', fault: { status: 500, times: 1 } },
    { name: 'after half an answer', fault: { connection: 'half' as const } },
  ])(
    'restores the last good deploy and locks it ($name); unlock takes the lock away',
    async ({ fault }) => {
      separateSite();
      const good = await world.deploy('develop', 'good');
      const bad = await world.deploy('main', 'bad');
      recorded(good, sha('a'), ['success']);
      expect(await world.published()).toBe(bad);
      if (fault) world.faults.set([{ service: 'netlify', method: 'POST', path: 'restore|lock', ...fault }]);
      const ended = await world.run(entry, ['rollback', '--yes', '--json']);
      expect(ended).toMatchObject({ code: 0, stderr: expect.stringContaining('Restored') });
      expect(JSON.parse(ended.stdout)).toMatchObject({ published: good, locked: true });
      await world.deploy('main', 'an automatic publish');
      expect(await world.published()).toBe(good);
      world.faults.set([]);
      expect((await world.run(entry, ['unlock', '--yes'])).stdout).toBe(`Unlocked ${good}.\n`);
    },
    60_000,
  );

  it('unlocks nothing where nothing is locked, nor with --dry-run', async () => {
    separateSite();
    const good = await world.deploy('main', 'good');
    expect((await world.run(entry, ['unlock', '--yes'])).stdout).toBe('Nothing is locked.\n');
    await fetch(`${world.urls.netlify ?? ''}/api/v1/deploys/${good}/lock`, {
      method: 'POST',
      headers: { authorization: `Bearer ${world.environment.NETLIFY_API_TOKEN ?? ''}` },
    });
    const start = world.log.length;
    expect((await world.run(entry, ['unlock', '--dry-run'])).stderr).toContain(`This will unlock ${good}`);
    expect(world.writes(start)).toEqual([]);
    expect((await world.run(entry, ['unlock', '--yes', '--json'])).stdout).toContain(`"unlocked": "${good}"`);
  }, 30_000);

  it('says which variables have changed since that deploy', async () => {
    separateSite();
    const good = await world.deploy('develop', 'good');
    await world.deploy('main', 'bad');
    recorded(good, sha('a'), ['success']);
    const { siteId, accountId } = { siteId: site.id, accountId: site.accountId };
    await fetch(`${world.urls.netlify ?? ''}/api/v1/accounts/${accountId}/env?site_id=${siteId}`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${world.environment.NETLIFY_API_TOKEN ?? ''}`,
        'content-type': 'application/json',
      },
      body: JSON.stringify([{ key: 'NEW_ONE', values: [{ context: 'all', value: 'x' }] }]),
    });
    const ended = await world.run(entry, ['rollback', '--dry-run']);
    expect(ended.stderr).toContain('differs from today’s in NEW_ONE');
    expect(world.writes().filter((line) => line.includes('restore'))).toEqual([]);
  }, 30_000);

  it.each([401, 403, 404, 409, 429])(
    'does not pretend on %d',
    async (status) => {
      separateSite();
      const good = await world.deploy('develop', 'good');
      await world.deploy('main', 'bad');
      recorded(good, sha('a'), ['success']);
      world.faults.set([
        { service: 'netlify', method: 'POST', path: 'restore', status, headers: { 'retry-after': '1' } },
      ]);
      expect((await world.run(entry, ['rollback', '--yes'])).code).toBe(1);
      expect(await world.published()).not.toBe(good);
    },
    30_000,
  );
});

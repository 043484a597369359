import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { netlifyProblems } from '../../support/documents/netlifyDocument.ts';
import { startWorld, type World } from '../every/world.ts';
import { updateGitHub } from '../../../sandbox/standIns/github/index.ts';
import { endRuns, recorded, run, sha } from './history.ts';

const entry = 'commands/deploy/command.ts';
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

describe('deploy:list', () => {
  it('shows each deploy with its smoke test, and goes without GitHub', async () => {
    const good = await world.deploy('develop', 'one');
    const bad = await world.deploy('develop', 'two');
    await world.deploy('develop', 'three');
    recorded(world, good, sha('a'), ['in_progress', 'success', 'inactive']);
    recorded(world, bad, sha('b'), ['failure']);
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

  it('records no commit that it may not have built: the branch moved meanwhile', async () => {
    await world.deploy('develop', 'one');
    const start = world.log.length;
    const running = world.run(entry, ['trigger', '--yes', '--smoke', 'true']);
    while (!world.log.slice(start).some(({ method, path }) => method === 'POST' && path.endsWith('/builds')))
      await sleep(20);
    updateGitHub(world.stateDir, ({ repositories }) => {
      for (const { branches } of repositories)
        for (const branch of branches) if (branch.name === 'develop') branch.sha = sha('c');
    });
    expect(await running).toMatchObject({
      code: 0,
      stderr: expect.stringContaining('Not recorded on GitHub: develop moved meanwhile'),
    });
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
    run(world, 1, sha('a'), 'failure');
    const timer = endRuns(world, 'success');
    const ended = await world.run(entry, ['trigger', '--yes', '--no-smoke', '--timeout', '20']);
    clearInterval(timer);
    expect(ended.code).toBe(0);
    expect(world.writes()).toContain('POST /api/v3/repos/allincompassing/allincompassing/actions/runs/1/rerun');
  }, 30_000);
});

describe('which workflow is the deploy job’s', () => {
  const own = { workflow: 'deploy-staging.yaml' };
  const files = (...names: string[]) =>
    world.repository(({ workflows }) => {
      const paths = names.map((name) => `.github/workflows/${name}`);
      workflows.splice(0, Infinity, ...paths.map((path, id) => ({ id: id + 1, name: path, path })));
    });
  const dryRun = (verb: string, ...more: string[]) => world.run(entry, [verb, '--dry-run', ...more]);

  it.each([
    ['its own, though ci.yml ran later', ['ci.yml', 'deploy-staging.yaml'], own, { job: 'build' }, 1],
    ['ci.yml, where its own never ran', ['ci.yml', 'deploy-staging.yaml'], undefined, {}, 2],
    [
      'ci.yml with the team’s job and the check beside it',
      ['ci.yml'],
      undefined,
      { job: 'deploy-staging (deploy)' },
      2,
    ],
    ['ci.yaml', ['ci.yaml'], undefined, { workflow: 'ci.yaml' }, 2],
  ])(
    'takes %s',
    async (_, names, first, second, expected) => {
      files(...names);
      if (first) run(world, 1, sha('a'), 'success', first);
      run(world, 2, sha('b'), 'success', second);
      const ended = await dryRun('rerun');
      expect(ended).toMatchObject({ code: 0, stderr: expect.stringContaining(`/actions/runs/${expected} `) });
    },
    30_000,
  );

  it('finds a run from before the job moved by its commit, and no run of a ci.yml without the job', async () => {
    files('ci.yml', 'deploy-staging.yaml');
    const good = await world.deploy('develop', 'good');
    recorded(world, good, sha('a'), ['success']); // by ci.yml
    await world.deploy('develop', 'bad');
    run(world, 7, sha('b'), 'failure', own);
    const timer = endRuns(world, 'success');
    const back = await world.run(entry, ['rollback', '--yes', '--timeout', '20']);
    clearInterval(timer);
    expect(back).toMatchObject({ code: 0, stderr: expect.stringContaining('GitHub runs the deploy job again') });
    world.repository(({ workflowRuns }) => workflowRuns.splice(0));
    run(world, 8, sha('c'), 'success', { job: 'build' });
    const never = 'never ran for a push to develop (searched: deploy-staging.yaml, ci.yml, ci.yaml)';
    expect(await dryRun('rerun')).toMatchObject({ code: 1, stderr: expect.stringContaining(never) });
    expect(world.writes().filter((line) => line.includes('/runs/8'))).toEqual([]);
  }, 60_000);
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
      run(world, 1, sha('a'), was);
      const timer = endRuns(world, ends);
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
    run(world, 1, sha('a'), 'failure');
    expect(await world.run(entry, ['rerun', '--yes', '--timeout', '1'])).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('after 1 s'),
    });
    // It runs now: a second call waits for it, and starts no other.
    const timer = endRuns(world, 'success');
    const again = await world.run(entry, ['rerun', '--yes', '--timeout', '20']);
    clearInterval(timer);
    expect(again.code).toBe(0);
    expect(world.writes()).toHaveLength(1);
  }, 30_000);
});

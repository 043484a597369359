import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { site } from '../../../sandbox/process/identity.ts';
import { netlifyProblems } from '../../support/documents/netlifyDocument.ts';
import { startWorld, type World } from '../every/world.ts';
import { endRuns, recorded, separateSite, sha } from './history.ts';

const entry = 'commands/deploy/command.ts';
let world: World;
beforeEach(async () => {
  world = await startWorld();
}, 60_000);
afterEach(async () => {
  const problems = world.exchanges.filter(({ service }) => service === 'netlify').flatMap(netlifyProblems);
  await world.close();
  expect(problems).toEqual([]);
});

describe('deploy:rollback on the site that production shares', () => {
  it('restores nothing: the commit is deployed to staging again, and production serves what it served', async () => {
    const good = await world.deploy('develop', 'good');
    await world.deploy('develop', 'bad');
    recorded(world, good, sha('a'), ['success']);
    const before = await world.published();
    const timer = endRuns(world, 'success');
    const ended = await world.run(entry, ['rollback', '--yes', '--timeout', '20']);
    clearInterval(timer);
    expect(ended.code).toBe(0);
    expect(ended.stderr).toContain('would publish staging to PRODUCTION, so it is not done');
    expect(await world.published()).toBe(before);
    expect(world.writes().filter((line) => /restore|lock|rollback/.test(line))).toEqual([]);
  }, 60_000);

  it('goes further back when asked again, and a deploy anew stays on the commit that is served', async () => {
    const good = await world.deploy('develop', 'good');
    const bad = await world.deploy('develop', 'bad');
    recorded(world, good, sha('a'), ['success']);
    recorded(world, bad, sha('b'), ['success']);
    const back = await world.deploy('develop', 'good again');
    recorded(world, back, sha('a'), ['success']);
    expect(await world.run(entry, ['rollback', '--yes'])).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('No earlier deploy of staging'),
    });
    const timer = endRuns(world, 'success');
    const ended = await world.run(entry, ['trigger', '--yes', '--no-smoke', '--via', 'github', '--timeout', '20']);
    clearInterval(timer);
    expect(ended.code).toBe(0);
    const attempts: string[] = [];
    world.repository(({ workflowRuns }) => {
      attempts.push(...workflowRuns.filter(({ attempt }) => attempt > 1).map(({ headSha }) => headSha));
    });
    expect(attempts).toEqual([sha('a')]);
  }, 60_000);

  it('exits 2 when the job fails', async () => {
    const good = await world.deploy('develop', 'good');
    await world.deploy('develop', 'bad');
    recorded(world, good, sha('a'), ['success']);
    const timer = endRuns(world, 'failure');
    const ended = await world.run(entry, ['rollback', '--yes', '--timeout', '20']);
    clearInterval(timer);
    expect(ended).toMatchObject({ code: 2, stderr: expect.stringContaining('ended with failure') });
  }, 60_000);

  it('says that no deploy is known to be good, and unlocks nothing of production', async () => {
    await world.deploy('develop', 'one');
    expect(await world.run(entry, ['rollback', '--yes'])).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('No earlier deploy of staging has a passed smoke test'),
    });
    expect(await world.run(entry, ['unlock', '--yes'])).toMatchObject({ code: 0, stdout: 'Nothing is locked.\n' });
    await lock(await world.deploy('main', 'production'));
    const start = world.log.length;
    expect(await world.run(entry, ['unlock', '--yes'])).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('The lock on this site is production’s'),
    });
    expect(world.writes(start)).toEqual([]);
  }, 30_000);
});

/** As somebody does in Netlify. */
async function lock(deploy: string): Promise<void> {
  await fetch(`${world.urls.netlify ?? ''}/api/v1/deploys/${deploy}/lock`, {
    method: 'POST',
    headers: { authorization: `Bearer ${world.environment.NETLIFY_API_TOKEN ?? ''}` },
  });
}

describe('deploy:rollback on a site of staging’s own', () => {
  it.each([
    { name: 'as it is', fault: undefined },
    { name: 'with the answers lost', fault: { connection: 'reset' as const, afterEffect: true } },
    { name: 'after a 500', fault: { status: 500, times: 1 } },
    { name: 'after half an answer', fault: { connection: 'half' as const } },
  ])(
    'restores the last good deploy and locks it ($name); unlock takes the lock away',
    async ({ fault }) => {
      separateSite(world);
      const good = await world.deploy('develop', 'good');
      const bad = await world.deploy('main', 'bad');
      recorded(world, good, sha('a'), ['success']);
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
    separateSite(world);
    const good = await world.deploy('main', 'good');
    expect((await world.run(entry, ['unlock', '--yes'])).stdout).toBe('Nothing is locked.\n');
    await lock(good);
    const start = world.log.length;
    expect((await world.run(entry, ['unlock', '--dry-run'])).stderr).toContain(`This would unlock ${good}`);
    expect(world.writes(start)).toEqual([]);
    expect((await world.run(entry, ['unlock', '--yes', '--json'])).stdout).toContain(`"unlocked": "${good}"`);
  }, 30_000);

  it('says which variables have changed since that deploy', async () => {
    separateSite(world);
    const good = await world.deploy('develop', 'good');
    await world.deploy('main', 'bad');
    recorded(world, good, sha('a'), ['success']);
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
      separateSite(world);
      const good = await world.deploy('develop', 'good');
      await world.deploy('main', 'bad');
      recorded(world, good, sha('a'), ['success']);
      world.faults.set([
        { service: 'netlify', method: 'POST', path: 'restore', status, headers: { 'retry-after': '1' } },
      ]);
      expect((await world.run(entry, ['rollback', '--yes'])).code).toBe(1);
      expect(await world.published()).not.toBe(good);
    },
    30_000,
  );
});

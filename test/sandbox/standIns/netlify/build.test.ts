import { describe, expect, it } from '@jest/globals';
import { site } from '../../../../sandbox/process/identity.ts';
import { deployOfHost } from '../../../../sandbox/standIns/netlify/index.ts';
import { deployPage, liveDeploy, sitePath, type Deploy } from './deployed.ts';
import { startNetlify, type StartOptions } from './running.ts';

interface Build {
  readonly id: string;
  readonly deploy_id: string;
  readonly done: boolean;
  readonly error: string;
}

const seed: NonNullable<StartOptions['seed']> = {
  liveDeploy: true,
  variables: [
    {
      key: 'WHO',
      values: [
        { context: 'branch', context_parameter: 'develop', value: 'develop' },
        { context: 'branch', context_parameter: 'staging', value: 'staging' },
        { context: 'production', value: 'production' },
      ],
    },
  ],
};

async function start(options: StartOptions, query: string) {
  const running = await startNetlify(options);
  const answer = await running.send('POST', `${sitePath}/builds${query}`);
  const build = answer.body as Build;
  const states: string[] = [];
  for (let turn = 0; turn < 4; turn += 1) {
    const { state } = (await running.send('GET', `${sitePath}/deploys/${build.deploy_id}`)).body as Deploy;
    states.push(state);
  }
  return { running, answer, build, states };
}

describe("Netlify's own build", () => {
  it("of develop reads develop's values, has its branch's address, and leaves production alone", async () => {
    const { running, build, states } = await start({ seed }, '?branch=develop&clear_cache=true&title=Again');
    expect(states).toEqual(['building', 'ready', 'ready', 'ready']);
    const served = deployOfHost(running.stateDir, 'develop--allincompassing.netlify.app');
    expect(served?.deploy).toMatchObject({
      id: build.deploy_id,
      context: 'branch-deploy',
      branch: 'develop',
      deploy_source: 'git',
      environment: { WHO: 'develop' },
    });
    expect(await liveDeploy(running)).not.toBe(build.deploy_id);
    expect((await running.send('GET', `/api/v1/builds/${build.id}`)).body).toMatchObject({ done: true, error: '' });
    expect((await running.send('GET', `${sitePath}/builds`)).body).toMatchObject([{ id: build.id }]);
  });

  it('without a branch is one of production, and is published', async () => {
    const { running, build } = await start({ seed }, '');
    expect(await liveDeploy(running)).toBe(build.deploy_id);
    expect(running.log[0]?.effects).toEqual([`build ${build.id} of main started`]);
  });

  it("has the parts of its branch's last deploy", async () => {
    const running = await startNetlify({ seed });
    await deployPage(running, { branch: 'develop' }, 'page');
    const { deploy_id: id } = (await running.send('POST', `${sitePath}/builds?branch=develop`)).body as Build;
    await running.send('GET', `/api/v1/deploys/${id}`);
    await running.send('GET', `/api/v1/deploys/${id}`);
    const served = deployOfHost(running.stateDir, 'develop--allincompassing.netlify.app');
    expect([served?.deploy.id, served?.file('index.html')?.toString()]).toEqual([id, 'page']);
  });

  it('fails where it is made to, and publishes nothing', async () => {
    const { running, build, states } = await start({ seed: { ...seed, behaviour: { buildOutcome: 'error' } } }, '');
    expect(states).toEqual(['building', 'error', 'error', 'error']);
    const { body } = await running.send('GET', `/api/v1/builds/${build.id}`);
    expect(body).toMatchObject({ done: true, error: 'Build script returned non-zero exit code: 2' });
    expect(await liveDeploy(running)).not.toBe(build.deploy_id);
  });

  it('never ends where it is made to', async () => {
    const { states } = await start({ seed: { ...seed, behaviour: { buildOutcome: 'never' } } }, '?branch=develop');
    expect(states).toEqual(['building', 'building', 'building', 'building']);
  });

  it('can be cancelled', async () => {
    const running = await startNetlify({ seed });
    const { deploy_id: deployId } = (await running.send('POST', `${sitePath}/builds?branch=staging`)).body as Build;
    await running.api.cancelSiteDeploy({ deployId });
    expect(await running.api.getSiteDeploy({ siteId: site.id, deployId })).toMatchObject({ state: 'error' });
  });

  it('is refused for a branch that is not deployed, and where builds are stopped', async () => {
    const { send } = await startNetlify({ seed });
    expect((await send('POST', `${sitePath}/builds?branch=feature`)).status).toBe(422);
    await send('PATCH', sitePath, { build_settings: { allowed_branches: [] } });
    expect((await send('POST', `${sitePath}/builds?branch=feature`)).status).toBe(200);
    await send('PATCH', sitePath, { build_settings: { stop_builds: true } });
    expect((await send('POST', `${sitePath}/builds?branch=develop`)).status).toBe(422);
    expect((await send('GET', '/api/v1/builds/none')).status).toBe(404);
  });
});

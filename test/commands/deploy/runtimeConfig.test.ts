import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { readRuntimeConfig } from '../../../deploys/runtimeConfig.ts';
import { hostingByPath } from '../../../sandbox/standIns/hosting/byPath.ts';
import { createHosting } from '../../../sandbox/standIns/hosting/netlify.ts';
import { startWorld, type World } from '../every/world.ts';

let world: World;
beforeAll(async () => {
  world = await startWorld({
    services: (stateDir) => [{ ...hostingByPath(createHosting(stateDir)), name: 'sites' }],
  });
  await world.deploy('develop', 'a page');
}, 60_000);
afterAll(() => world.close());
afterEach(() => {
  delete process.env.STAGING_SITES_URL;
});

const host = 'develop--allincompassing.netlify.app';
const asked = () => world.log.filter(({ service }) => service === 'sites').map(({ path }) => path);

describe('what a deployed site says of itself', () => {
  it('is asked on this machine where STAGING_SITES_URL stands for all hosts of sites', async () => {
    process.env.STAGING_SITES_URL = world.urls.sites;
    expect(await readRuntimeConfig(`https://${host}/`, 20_000)).toEqual({
      runtimeEnv: 'unknown',
      agentActionsDisabled: false,
    });
    expect(asked()).toEqual([`/${host}/api/runtime-config`]);
  });

  it.each(['2', '60'])('is waited for while it comes up, though it asks for %s s', async (asks) => {
    process.env.STAGING_SITES_URL = world.urls.sites;
    world.faults.set([{ service: 'sites', status: 503, headers: { 'retry-after': asks }, times: 1 }]);
    expect(await readRuntimeConfig(`https://${host}`, 20_000)).toMatchObject({ runtimeEnv: 'unknown' });
  });

  it('is named by its public address when it does not answer', async () => {
    process.env.STAGING_SITES_URL = world.urls.sites;
    const nobody = 'https://nobody--allincompassing.netlify.app';
    await expect(readRuntimeConfig(nobody, 20_000)).rejects.toThrow(`${nobody}/api/runtime-config: status 404.`);
    expect(asked().at(-1)).toBe('/nobody--allincompassing.netlify.app/api/runtime-config');
  });

  it('is asked at its own address without that', async () => {
    const before = asked().length;
    expect(await readRuntimeConfig(`${world.urls.sites ?? ''}/${host}`, 20_000)).toMatchObject({
      runtimeEnv: 'unknown',
    });
    expect(asked().slice(before)).toEqual([`/${host}/api/runtime-config`]);
  });
});

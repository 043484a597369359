import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { deployProduction } from '../../../commands/rotate/deploys.ts';
import { github, site as sandboxSite } from '../../../sandbox/process/identity.ts';
import { githubApi } from '../../../services/github/github.ts';
import { findSite, netlifyApi } from '../../../services/netlify/netlify.ts';
import { parseSettings } from '../../../settings/settings.ts';
import { valid } from '../../settings/raw.ts';
import { netlifyProblems } from '../../support/documents/netlifyDocument.ts';
import { startWorld, type World } from '../every/world.ts';

const settings = parseSettings(valid());
const landed = 'b'.repeat(40);
let world: World;
beforeAll(async () => {
  world = await startWorld();
}, 60_000);
let served: string | undefined;
beforeEach(async () => {
  served = await world.published();
});
afterEach(() => {
  world.faults.set([]);
  world.netlify((state) => {
    for (const each of state.sites)
      if (each.id === sandboxSite.id && served !== undefined) each.published_deploy_id = served;
  });
});
afterAll(async () => {
  const problems = world.exchanges.filter(({ service }) => service === 'netlify').flatMap(netlifyProblems);
  await world.close();
  expect(problems).toEqual([]);
});

/** Builds production; `meanwhile` happens to the build once Netlify has begun it. */
async function build(meanwhile: (deploy: { commit_ref?: string; state: string; id: string }) => string | undefined) {
  const api = netlifyApi(world.environment);
  const { id: siteId, accountId } = await findSite(api, settings.netlify);
  const staging = {
    settings,
    netlify: () => Promise.resolve({ api, site: { siteId, accountId } }),
    github: () => ({ api: githubApi(world.environment), name: { owner: github.owner, repository: github.repository } }),
  };
  const report = (line: string) => {
    if (!line.startsWith('Netlify builds')) return;
    world.netlify((state) => {
      const deploy = state.deploys.at(-1);
      const live = deploy && meanwhile(deploy);
      for (const each of state.sites) if (each.id === siteId && live) each.published_deploy_id = live;
    });
  };
  return deployProduction(staging, { timeoutMs: 20_000, report });
}

describe('Netlify’s build of production in a rotation', () => {
  it('is published where it is of the commit that production serves', async () => {
    const before = await world.published();
    await build(() => undefined);
    expect(await world.published()).not.toBe(before);
  });

  const withOther = () =>
    build((deploy) => {
      deploy.commit_ref = landed;
      return undefined;
    });

  it('is stopped where a commit has landed on the branch since it was compared, and seen to end', async () => {
    const before = await world.published();
    await expect(withOther()).rejects.toThrow(
      /main got bbbbbbbbb.*was cancelled, has ended, and is not published\. Deploy production yourself/,
    );
    expect(await world.published()).toBe(before);
    expect(world.writes().at(-1)).toMatch(/\/cancel$/);
  });

  it('is waited for where the stop came too late: production serves it', async () => {
    world.faults.set([{ service: 'netlify', method: 'POST', path: '/cancel$', status: 201, body: '{}' }]);
    await expect(withOther()).rejects.toThrow(/main got bbbbbbbbb.*PRODUCTION SERVES THAT BUILD NOW/);
  });

  it('may still be published where nobody sees it end', async () => {
    world.faults.set([
      { service: 'netlify', method: 'GET', path: '/deploys/[^/]+$', after: 2, status: 404, body: '{}' },
    ]);
    await expect(withOther()).rejects.toThrow(
      /cancelled, and was not seen to end within 60 s: IT MAY STILL BE PUBLISHED/,
    );
  });

  it('is no proof where it is published already, and says that production serves other code', async () => {
    const built = build((deploy) => {
      Object.assign(deploy, { commit_ref: landed, state: 'ready' });
      return deploy.id;
    });
    await expect(built).rejects.toThrow(/main got bbbbbbbbb.*PRODUCTION SERVES THAT BUILD NOW/);
    expect(world.writes().at(-1)).toMatch(/\/builds$/);
  });
});

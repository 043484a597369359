import { describe, expect, it } from '@jest/globals';
import { site } from '../../../../sandbox/process/identity.ts';
import { deployOfHost } from '../../../../sandbox/standIns/netlify/index.ts';
import { deployPage, host, liveDeploy, seed, sitePath, type Deploy } from './deployed.ts';
import { startNetlify } from './running.ts';

describe('what production serves', () => {
  it('is untouched by drafts and by branches, which have addresses of their own', async () => {
    const running = await startNetlify({ seed });
    const live = await liveDeploy(running);
    expect(live).toBeDefined();
    const draft = await deployPage(running, { draft: true }, 'draft');
    const branch = await deployPage(running, { branch: 'feat/New Thing' }, 'branch');
    expect(draft.deploy_ssl_url).toBe(`https://${draft.id}--${host}`);
    expect(branch.deploy_ssl_url).toBe(`https://feat-new-thing--${host}`);
    expect(await liveDeploy(running)).toBe(live);
    expect(running.log.flatMap(({ effects }) => effects).filter((line) => line.startsWith('production'))).toEqual([]);
  });

  it.each([{}, { branch: 'main' }])(
    'is replaced by a production deploy (%j): an alias of its branch too',
    async (options) => {
      const running = await startNetlify({ seed });
      const deploy = await deployPage(running, options, 'new');
      expect(deploy.context).toBe('production');
      expect(await liveDeploy(running)).toBe(deploy.id);
      expect(deployOfHost(running.stateDir, host)?.file('index.html')?.toString()).toBe('new');
      expect(running.log.flatMap(({ effects }) => effects)).toContain(`production deploy ${deploy.id} published`);
    },
  );

  it('is replaced by a restore, even of a draft', async () => {
    const running = await startNetlify({ seed });
    const draft = await deployPage(running, { draft: true }, 'staging');
    await running.api.restoreSiteDeploy({ siteId: site.id, deployId: draft.id });
    expect(await liveDeploy(running)).toBe(draft.id);
    expect(
      running.log.filter(({ effects }) => effects.includes(`production deploy ${draft.id} published`)),
    ).toHaveLength(1);
  });

  it('goes back one deploy by a rollback', async () => {
    const running = await startNetlify({ seed });
    const first = await liveDeploy(running);
    expect((await running.send('PUT', `${sitePath}/rollback`)).status).toBe(422);
    await deployPage(running, {}, 'two');
    expect((await running.send('PUT', `${sitePath}/rollback`)).status).toBe(204);
    expect(await liveDeploy(running)).toBe(first);
  });

  it('stays while its deploy is locked, and moves again when it is not', async () => {
    const running = await startNetlify({ seed });
    const { api } = running;
    const deployId = (await liveDeploy(running)) ?? '';
    expect(await api.lockDeploy({ deployId })).toMatchObject({ locked: true });
    expect(await deployPage(running, {}, 'two')).toMatchObject({ state: 'ready' });
    expect(await liveDeploy(running)).toBe(deployId);
    expect(await api.unlockDeploy({ deployId })).toMatchObject({ locked: false });
    const next = await deployPage(running, {}, 'three');
    expect(await liveDeploy(running)).toBe(next.id);
  });

  it('cannot be deployed but from Git where the site says so', async () => {
    const { send } = await startNetlify({ seed });
    await send('PATCH', sitePath, { prevent_non_git_prod_deploys: true });
    expect((await send('POST', `${sitePath}/deploys`, {})).status).toBe(403);
    expect((await send('POST', `${sitePath}/deploys`, { draft: true })).status).toBe(200);
  });
});

describe('the list of deploys', () => {
  it('has the newest first, and is filtered by branch, state and kind', async () => {
    const running = await startNetlify({ seed });
    const draft = await deployPage(running, { draft: true }, 'draft');
    const branch = await deployPage(running, { branch: 'staging' }, 'branch');
    const live = await liveDeploy(running);
    const ids = async (query: string) =>
      ((await running.send('GET', `${sitePath}/deploys${query}`)).body as Deploy[]).map(({ id }) => id);
    expect(await ids('')).toEqual([branch.id, draft.id, live]);
    expect(await ids('?branch=staging')).toEqual([branch.id]);
    expect(await ids('?production=true')).toEqual([live]);
    expect(await ids('?deploy-previews=true')).toEqual([draft.id]);
    expect(await ids('?latest-published=true')).toEqual([live]);
    expect(await ids('?state=error')).toEqual([]);
  });

  it('loses a deploy that is deleted, and never the live one', async () => {
    const running = await startNetlify({ seed });
    const draft = await deployPage(running, { draft: true }, 'draft');
    const live = (await liveDeploy(running)) ?? '';
    expect((await running.send('DELETE', `/api/v1/deploys/${draft.id}`)).status).toBe(204);
    expect((await running.send('GET', `${sitePath}/deploys/${draft.id}`)).status).toBe(404);
    expect((await running.send('DELETE', `${sitePath}/deploys/${live}`)).status).toBe(422);
  });
});

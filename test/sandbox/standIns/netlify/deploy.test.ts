import { describe, expect, it } from '@jest/globals';
import { site } from '../../../../sandbox/process/identity.ts';
import { deployOfHost } from '../../../../sandbox/standIns/netlify/index.ts';
import { deployPage, host, seed, sha1, sha256, sitePath, type Deploy } from './deployed.ts';
import { envPath, startNetlify, type StartOptions } from './running.ts';

describe('a deploy', () => {
  it('asks for the parts it has not got, is ready with the last one, and serves what was sent', async () => {
    const running = await startNetlify({ seed });
    const { send, api, log, stateDir } = running;
    const { id } = (await send('POST', `${sitePath}/deploys?title=One`, { draft: true })).body as Deploy;
    const parts = { files: { '/index.html': sha1('page') }, functions: { config: sha256('bundle') } };
    const named = (await send('PUT', `${sitePath}/deploys/${id}`, parts)).body as Deploy;
    expect(named).toMatchObject({
      state: 'uploading',
      title: 'One',
      required: [sha1('page')],
      required_functions: [sha256('bundle')],
    });
    await send('PUT', `/api/v1/deploys/${id}/files/index.html`, Buffer.from('page'));
    expect(deployOfHost(stateDir, `${id}--${host}`)).toBeUndefined();
    await send('PUT', `/api/v1/deploys/${id}/functions/config?runtime=js`, Buffer.from('bundle'));
    expect(log.at(-1)?.effects).toEqual([`deploy ${id} ready`]);
    expect(await api.getSiteDeploy({ siteId: site.id, deployId: id })).toMatchObject({ state: 'ready', required: [] });
    const served = deployOfHost(stateDir, `${id}--${host}`);
    expect(served?.file('index.html')?.toString()).toBe('page');
    expect(served?.functionBundle('config')?.toString()).toBe('bundle');
    expect(served?.file('missing.html')).toBeUndefined();
    expect(served?.deploy.function_runtimes).toEqual({ config: 'js' });
  });

  it('does not ask twice for a file that any deploy brought', async () => {
    const running = await startNetlify({ seed });
    await deployPage(running, { draft: true }, 'same');
    running.log.length = 0;
    expect(await deployPage(running, { draft: true }, 'same')).toMatchObject({ state: 'ready' });
    expect(running.log.filter(({ path }) => /files|functions/.test(path))).toEqual([]);
  });

  it.each([
    ['a file with another content', `files/index.html`, 422],
    ['a file that it does not name', `files/other.html`, 404],
    ['a function with another content', `functions/config`, 422],
    ['a function that it does not name', `functions/other`, 404],
  ])('refuses %s', async (_, path, status) => {
    const { send, stateDir } = await startNetlify({ seed });
    const { id } = (await send('POST', `${sitePath}/deploys`, { draft: true })).body as Deploy;
    const parts = { files: { 'index.html': sha1('page') }, functions: { config: sha256('bundle') } };
    await send('PUT', `${sitePath}/deploys/${id}`, parts);
    expect(await send('PUT', `/api/v1/deploys/${id}/${path}`, 'wrong')).toMatchObject({ status });
    expect(await send('GET', `/api/v1/deploys/${id}`)).toMatchObject({ body: { state: 'uploading' } });
    expect(deployOfHost(stateDir, `${id}--${host}`)).toBeUndefined();
  });

  it.each([
    [{ files: { 'a.html': 'no digest' } }, 422],
    [{ files: ['a.html'] }, 400],
    [{ environment: [{ key: 'A', value: 'x' }] }, 422],
    [{ environment: [{ key: 'SITE_ID', value: 'x', is_secret: false, scopes: ['functions'] }] }, 422],
  ])('refuses %j', async (body, status) => {
    const { send } = await startNetlify({ seed });
    expect(await send('POST', `${sitePath}/deploys`, body)).toMatchObject({ status, body: { code: status } });
  });

  it('can be cancelled until it is ready, and then takes no parts', async () => {
    const running = await startNetlify({ seed });
    const { send, api, log } = running;
    const { id } = (await send('POST', `${sitePath}/deploys`, { draft: true })).body as Deploy;
    expect(await api.cancelSiteDeploy({ deployId: id })).toMatchObject({
      state: 'error',
      error_message: 'Canceled build',
    });
    expect(log.at(-1)?.effects).toEqual([`deploy ${id} cancelled`]);
    expect((await send('PUT', `${sitePath}/deploys/${id}`, { files: {} })).status).toBe(422);
    const ready = await deployPage(running, { draft: true }, 'page');
    expect(await api.cancelSiteDeploy({ deployId: ready.id })).toMatchObject({ state: 'ready' });
  });
});

describe("what a deploy's functions read", () => {
  const environmentOf = async (options: object, behaviour: NonNullable<StartOptions['seed']>['behaviour'] = {}) => {
    const running = await startNetlify({ seed: { ...seed, behaviour } });
    const { id, context } = await deployPage(running, options, 'page');
    return [context, deployOfHost(running.stateDir, `${id}--${host}`)?.deploy.environment];
  };

  it('is decided by the server: a draft is a preview, whatever context the build had', async () => {
    expect(await environmentOf({ draft: true })).toEqual(['deploy-preview', { WHO: 'deploy-preview', SHARED: 'team' }]);
  });

  it('can be another context of drafts, as a test chooses', async () => {
    expect(await environmentOf({ draft: true }, { draftContext: 'branch-deploy' })).toMatchObject([
      'branch-deploy',
      { WHO: 'branch-deploy' },
    ]);
  });

  it("is a branch's with an alias of its name, or is not, as a test chooses", async () => {
    expect(await environmentOf({ branch: 'staging' })).toMatchObject(['branch-deploy', { WHO: 'staging' }]);
    expect(await environmentOf({ branch: 'staging' }, { aliasIsBranch: false })).toMatchObject([
      'branch-deploy',
      { WHO: 'branch-deploy' },
    ]);
  });

  it('is overridden by values for this deploy alone', async () => {
    const environment = [{ key: 'WHO', value: '', is_secret: true, scopes: ['functions'] }];
    expect(await environmentOf({ draft: true, environment })).toMatchObject(['deploy-preview', { WHO: '' }]);
  });

  it('stays as it was when a variable changes later, until the next deploy', async () => {
    const running = await startNetlify({ seed });
    await deployPage(running, { branch: 'staging' }, 'one');
    const read = () => deployOfHost(running.stateDir, `staging--${host}`)?.deploy.environment.WHO;
    await running.send('PATCH', envPath('WHO'), { context: 'branch', context_parameter: 'staging', value: 'new' });
    expect(read()).toBe('staging');
    await deployPage(running, { branch: 'staging' }, 'two');
    expect(read()).toBe('new');
  });
});

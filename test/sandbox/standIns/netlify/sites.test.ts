import { describe, expect, it } from '@jest/globals';
import { site } from '../../../../sandbox/process/identity.ts';
import { startNetlify } from './running.ts';

const staging = {
  id: '0c9ad7b2-1f0e-4d8e-8a55-3c6f6a1f7e21',
  name: 'allincompassing-staging',
  subdomain: 'all-staging',
};

describe('teams and the user', () => {
  it('lists the team, and gets it by id or slug', async () => {
    const { api } = await startNetlify();
    const [team] = await api.listAccountsForUser();
    expect(team).toMatchObject({ id: site.accountId, slug: site.accountSlug, type_name: 'Pro' });
    for (const accountId of [site.accountId, site.accountSlug]) {
      expect(await api.getAccount({ accountId })).toEqual(team);
    }
  });

  it('shows the plan', async () => {
    const { api } = await startNetlify({ seed: { plan: 'free' } });
    expect(await api.getAccount({ accountId: site.accountId })).toMatchObject({ type_name: 'Starter' });
  });

  it('shows whose token it is', async () => {
    const { api } = await startNetlify();
    expect(await api.getCurrentUser()).toMatchObject({ email: 'owner@example.com', site_count: 1 });
  });
});

describe('sites', () => {
  it('gets a site by id, name or domain', async () => {
    const { api } = await startNetlify();
    for (const siteId of [site.id, site.name, 'allincompassing.netlify.app']) {
      expect(await api.getSite({ siteId })).toMatchObject({
        id: site.id,
        name: site.name,
        account_id: site.accountId,
        account_slug: site.accountSlug,
        use_envelope: true,
        ssl_url: 'https://allincompassing.netlify.app',
        build_settings: { repo_branch: 'main', allowed_branches: ['main', 'develop', 'staging'] },
      });
    }
  });

  it('lists sites by team and by a part of their name', async () => {
    const { api } = await startNetlify({ seed: { sites: [staging] } });
    const names = async (name?: string) =>
      (await api.listSitesForAccount({ accountSlug: site.accountSlug, ...(name !== undefined && { name }) })).map(
        (one) => one.name,
      );
    expect(await names()).toEqual([site.name, staging.name]);
    expect(await names('STAGING')).toEqual([staging.name]);
    expect(await names('other')).toEqual([]);
    expect((await api.listSites({ name: 'alli' })).length).toBe(2);
  });

  it('pages, with links to the rest', async () => {
    const { send } = await startNetlify({ seed: { sites: [staging] } });
    const first = await send('GET', '/api/v1/sites?per_page=1');
    expect(first.body).toMatchObject([{ name: site.name }]);
    expect(first.headers.get('link')).toMatch(/\/api\/v1\/sites\?per_page=1&page=2>; rel="next", .*rel="last"/);
    const second = await send('GET', '/api/v1/sites?per_page=1&page=2');
    expect(second.body).toMatchObject([{ name: staging.name }]);
    expect(second.headers.get('link')).toBeNull();
  });

  it('merges build settings, and says what changed', async () => {
    const { api, log } = await startNetlify();
    const updated = await api.updateSite({
      siteId: site.id,
      body: { build_settings: { cmd: 'npm run build:all', dir: 'dist', allowed_branches: ['main', 'develop'] } },
    });
    expect(updated.build_settings).toMatchObject({ cmd: 'npm run build:all', dir: 'dist', repo_branch: 'main' });
    expect(log.at(-1)?.effects).toEqual([
      'site build_settings.cmd changed',
      'site build_settings.allowed_branches changed',
    ]);
    expect((await api.getSite({ siteId: site.id })).build_settings).toEqual(updated.build_settings);
  });

  it("takes the production branch by the name that Netlify's Terraform provider gives it", async () => {
    const { send, api } = await startNetlify();
    await send('PATCH', `/api/v1/sites/${site.id}`, { build_settings: { branch: 'trunk' }, build_image: 'focal' });
    const { build_settings: settings, build_image: image } = await api.getSite({ siteId: site.id });
    expect([settings?.repo_branch, image]).toEqual(['trunk', 'focal']);
  });

  it('changes a site by its older name for build settings', async () => {
    const { send, log } = await startNetlify();
    await send('PATCH', `/api/v1/sites/${site.id}`, { prevent_non_git_prod_deploys: true, repo: { dir: 'public' } });
    expect(log.at(-1)?.effects).toEqual([
      'site prevent_non_git_prod_deploys changed',
      'site build_settings.dir changed',
    ]);
  });

  it.each([
    ['GET', '/api/v1/sites/6b6b6b6b-0000-4000-8000-000000000000', 404],
    ['GET', '/api/v1/other-team/sites', 404],
    ['GET', '/api/v1/accounts/other-team', 404],
    ['GET', `/api/v1/accounts/${site.accountId}/env?site_id=6b6b6b6b-0000-4000-8000-000000000000`, 404],
    ['GET', '/api/v1/accounts/other-team/env', 404],
    ['PATCH', `/api/v1/sites/${site.id}`, 422],
  ])('refuses %s %s with %i', async (method, path, status) => {
    const { send } = await startNetlify();
    const body = method === 'PATCH' ? { name: '' } : undefined;
    expect(await send(method, path, body)).toMatchObject({ status, body: { code: status } });
  });
});

it('answers the extensions host with no extensions', async () => {
  const { send } = await startNetlify();
  expect(await send('GET', `/site/${site.id}/integrations/safe`, undefined, '')).toMatchObject({
    status: 200,
    body: [],
  });
});

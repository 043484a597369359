import { describe, expect, it } from '@jest/globals';
import { site } from '../../sandbox/process/identity.ts';
import { findSite, netlifyApi } from '../../services/netlify/netlify.ts';
import { startNetlify } from '../sandbox/standIns/netlify/running.ts';

/** Sites whose names all have this one in them, as Netlify's filter takes them. */
const alike = (count: number, name: string) =>
  Array.from({ length: count }, (_, at) => ({
    id: `11111111-2222-4333-8444-${String(at).padStart(12, '0')}`,
    name: `${name}-${at}`,
    subdomain: `${name.toLowerCase()}-${at}`,
  }));
const wanted = { id: 'aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeeee', name: 'Shop', subdomain: 'shop' };
const team = site.accountSlug;

async function start(sites: readonly { id: string; name: string; subdomain: string }[]) {
  const { origin, tokens, log } = await startNetlify({ seed: { sites } });
  return { api: netlifyApi({ NETLIFY_API_ENDPOINT: origin, NETLIFY_API_TOKEN: tokens.admin }), log };
}

describe('a site by its name', () => {
  it.each([0, 99, 100, 101, 350])('is found behind %d others whose names have it in them', async (others) => {
    const { api } = await start([...alike(others, 'Shop'), wanted]);
    expect(await findSite(api, { site: 'Shop', team })).toMatchObject({ id: wanted.id, accountId: site.accountId });
  });

  it('is asked for once when it is on the first page', async () => {
    const { api, log } = await start([wanted, ...alike(350, 'Shop')]);
    await findSite(api, { site: 'Shop', team });
    expect(log).toHaveLength(1);
  });

  it.each([0, 100, 250])('is said not to be there after the last page, behind %d others', async (others) => {
    const { api } = await start(alike(others, 'Shop'));
    await expect(findSite(api, { site: 'Shop', team })).rejects.toThrow('Netlify has no site Shop in the team');
  });

  it('of another team is passed over, and the pages after it are read', async () => {
    const { api } = await start([...alike(120, 'Shop'), wanted]);
    await expect(findSite(api, { site: 'Shop', team: 'another-team' })).rejects.toThrow('in the team another-team');
  });
});

import { afterEach, describe, expect, it } from '@jest/globals';
import { serve, type Listening } from '../../../sandbox/server/serve.ts';
import { findSite, netlifyApi } from '../../../services/netlify/netlify.ts';
import { createVariable, replaceVariable, setContextValue } from '../../../services/netlify/writes.ts';

let listening: Listening | undefined;
afterEach(() => listening?.close());

/** Netlify's API, answering each request with this. */
async function answering(body: unknown) {
  const handle = () => ({ status: 200, body });
  listening = await serve({ name: 'netlify', handle });
  return netlifyApi({ NETLIFY_API_TOKEN: 'made-up', NETLIFY_API_ENDPOINT: listening.url });
}

describe('a site that is looked for by its name', () => {
  const wanted = { id: 'a', name: 'site', account_id: 'team-id', account_slug: 'team' };
  it.each([
    ['no team', { id: 'b', name: 'another-site' }],
    ['null for its team', { id: 'b', name: 'another-site', account_id: null, account_slug: null }],
  ])('is found beside one that has %s', async (_, other) => {
    const found = await findSite(await answering([other, wanted]), { site: 'site', team: 'team' });
    expect(found).toEqual({ id: 'a', accountId: 'team-id' });
  });

  it('is of another form when it lacks the id that its variables are asked by', async () => {
    const api = await answering([{ ...wanted, account_id: null }]);
    await expect(findSite(api, { site: 'site', team: 'team' })).rejects.toMatchObject({ kind: 'form' });
  });
});

describe('a write', () => {
  const site = { accountId: 'team', siteId: 'site' };
  const value = { context: 'branch:staging', value: 'x' } as const;
  it.each([
    ['null', null],
    ['a list of null', [null]],
  ])('that Netlify took is made, though the answer is %s', async (_, answer) => {
    const api = await answering(answer);
    expect(await createVariable(api, site, 'KEY', { secret: false, values: [value] })).toBeUndefined();
  });

  it('that Netlify took is made, though the answer to one variable is null', async () => {
    const api = await answering(null);
    expect(await replaceVariable(api, site, 'KEY', { secret: false, values: [value] })).toBeUndefined();
    expect(await setContextValue(api, site, 'KEY', value)).toBeUndefined();
  });
});

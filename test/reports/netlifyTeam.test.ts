import { describe, expect, it } from '@jest/globals';
import { teamWide } from '../../guards/teamWide.ts';
import { site } from '../../sandbox/process/identity.ts';
import { listTeamVariables, netlifyApi, type LiveVariable } from '../../services/netlify/netlify.ts';
import type { Context } from '../../settings/context.ts';
import { settings } from '../commands/drift/lookFixture.ts';
import { startNetlify } from '../sandbox/standIns/netlify/running.ts';

const canary = ['team', 'value', Math.random()].join('-');

function variable(key: string, contexts: readonly Context[]): LiveVariable {
  const values = contexts.map((context) => ({ id: context, context, value: canary }));
  return { key, secret: false, scopes: [], values, updatedAt: undefined, updatedBy: undefined };
}

describe('a team-wide variable of a declared key', () => {
  // Declared: SUPABASE_URL also in production, OPENAI_API_KEY in staging's branches alone.
  it.each<[string, readonly Context[], readonly Context[], string]>([
    ['OPENAI_API_KEY', ['all'], [], 'it is read in every context without a value of the site’s own'],
    ['OPENAI_API_KEY', ['production', 'dev'], [], 'it is read in production, dev'],
    ['OPENAI_API_KEY', ['production', 'dev'], ['production'], 'it is read in dev'],
    ['SUPABASE_URL', ['production'], [], 'it is read nowhere on this site'],
    ['SUPABASE_URL', ['branch:develop', 'production'], [], 'it is read nowhere on this site'],
    ['OPENAI_API_KEY', ['all'], ['all'], 'it is read nowhere on this site'],
  ])('%s is told with where the team’s value is read: team %j, site %j', (key, team, own, where) => {
    const live = [variable('ANOTHER', ['production', 'all']), ...(own.length > 0 ? [variable(key, own)] : [])];
    const told = teamWide(settings.netlify, live, [variable(key, team)]);
    expect(told).toEqual([expect.stringContaining(`${key} is a variable of the whole team`)]);
    expect(told).toEqual([expect.stringContaining(where)]);
    expect(told.join('')).not.toContain(canary);
  });

  it.each<[string, readonly LiveVariable[] | undefined]>([
    ['of another key', [variable('STRIPE_KEY', ['all'])]],
    ['in other letters', [variable('openai_api_key', ['all'])]],
    ['that the token may not see', undefined],
    ['where the team has none', []],
  ])('%s is nothing to tell', (_what, team) => {
    expect(teamWide(settings.netlify, [variable('SUPABASE_URL', ['production'])], team)).toEqual([]);
  });
});

describe('reading the variables of a team', () => {
  const shared = { key: 'SHARED', siteId: null, values: [{ context: 'all', value: canary }] } as const;

  it('leaves the site’s own out', async () => {
    const own = { key: 'OWN', values: [{ context: 'all', value: 'own' }] } as const;
    const { origin, tokens } = await startNetlify({ seed: { variables: [shared, own] } });
    const api = netlifyApi({ NETLIFY_API_ENDPOINT: origin, NETLIFY_API_TOKEN: tokens.admin });
    expect((await listTeamVariables(api, site.accountId))?.map(({ key }) => key)).toEqual(['SHARED']);
  });

  it.each([401, 403, 404])('says nothing of a team that the token may not see (%d)', async (status) => {
    const { origin, tokens, setFaults } = await startNetlify({ seed: { variables: [shared] } });
    setFaults([{ method: 'GET', path: '/env$', status }]);
    const api = netlifyApi({ NETLIFY_API_ENDPOINT: origin, NETLIFY_API_TOKEN: tokens.admin });
    expect(await listTeamVariables(api, site.accountId)).toBeUndefined();
  });

  it('fails where Netlify fails', async () => {
    const { origin, tokens, setFaults } = await startNetlify({ seed: { variables: [shared] } });
    setFaults([{ method: 'GET', path: '/env$', status: 422 }]);
    const api = netlifyApi({ NETLIFY_API_ENDPOINT: origin, NETLIFY_API_TOKEN: tokens.admin });
    await expect(listTeamVariables(api, site.accountId)).rejects.toThrow('422');
  });
});

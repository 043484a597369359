import { describe, expect, it } from '@jest/globals';
import { site } from '../../../../sandbox/process/identity.ts';
import { mask, seed } from './production.ts';
import { envPath, startNetlify } from './running.ts';

const { accountId, id: siteId } = site;

describe('listing variables', () => {
  it('shows plain values, hides secret ones but for local development, and says who changed them when', async () => {
    const { api } = await startNetlify({ seed });
    const listed = await api.getEnvVars({ accountId, siteId });
    expect(listed.map(({ key, values, is_secret }) => [key, is_secret, values?.map(({ value }) => value)])).toEqual([
      ['SUPABASE_URL', false, ['https://production.example.com']],
      ['SERVICE_KEY', true, [mask, 'dev-key']],
      ['UNRELATED', false, ['untouched']],
    ]);
    for (const variable of listed) {
      expect(variable.updated_at).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
      expect(variable.updated_by).toMatchObject({ full_name: 'A Colleague', email: 'colleague@example.com' });
      for (const value of variable.values ?? []) expect(value.id).toMatch(/^[0-9a-f-]{36}$/);
    }
  });

  it('takes the account by slug, and the site alone', async () => {
    const { api, send } = await startNetlify({ seed });
    const bySlug = await api.getEnvVars({ accountId: site.accountSlug, siteId });
    expect(bySlug).toHaveLength(3);
    expect((await send('GET', `/api/v1/sites/${siteId}/env`)).body).toEqual(bySlug);
  });

  it("keeps the team's variables and the site's apart", async () => {
    const team = { key: 'SHARED', siteId: null, values: [{ context: 'all', value: 'team' }] } as const;
    const { api } = await startNetlify({ seed: { variables: [...(seed.variables ?? []), team] } });
    expect((await api.getEnvVars({ accountId })).map(({ key }) => key)).toEqual(['SHARED']);
    expect((await api.getEnvVars({ accountId, siteId })).map(({ key }) => key)).not.toContain('SHARED');
  });

  it('leaves branch values out when a context is asked for', async () => {
    const { api, send } = await startNetlify({ seed });
    const branch = { context: 'branch', context_parameter: 'staging', value: 'staging' } as const;
    await api.setEnvVarValue({ accountId, key: 'UNRELATED', siteId, body: branch });
    const keys = async (context: string) => {
      const { body } = await send('GET', envPath(undefined, `site_id=${siteId}&context_name=${context}`));
      return (body as { key: string; values: { context: string }[] }[]).map(({ key, values }) =>
        [key, ...values.map(({ context }) => context)].join(' '),
      );
    };
    expect(await keys('production')).toEqual(['SUPABASE_URL all', 'SERVICE_KEY production', 'UNRELATED production']);
    expect(await keys('branch-deploy')).toEqual(['SUPABASE_URL all']);
    expect(await keys('dev')).toEqual(['SUPABASE_URL all', 'SERVICE_KEY dev']);
  });

  it.each(['staging', 'branch:staging', 'branch'])("refuses the CLI's branch context %s", async (context) => {
    const { send } = await startNetlify({ seed });
    const { status, body } = await send('GET', envPath(undefined, `site_id=${siteId}&context_name=${context}`));
    expect([status, body]).toEqual([400, { code: 400, message: 'invalid request: non-compatible context' }]);
  });

  it('filters by scope, in either spelling, and refuses an unknown one', async () => {
    const { send, api } = await startNetlify({ seed });
    expect((await api.getEnvVars({ accountId, siteId, scope: 'functions' })).map(({ key }) => key)).toEqual([
      'SUPABASE_URL',
      'SERVICE_KEY',
    ]);
    expect(await api.getEnvVars({ accountId, siteId, scope: 'post-processing' })).toHaveLength(1);
    expect((await send('GET', `/api/v1/sites/${siteId}/env?scope=post_processing`)).body).toHaveLength(1);
    expect((await send('GET', envPath(undefined, `site_id=${siteId}&scope=all`))).status).toBe(400);
  });

  it('gets one variable', async () => {
    const { api } = await startNetlify({ seed });
    expect(await api.getEnvVar({ accountId, siteId, key: 'UNRELATED' })).toMatchObject({
      key: 'UNRELATED',
      scopes: ['builds'],
      is_secret: false,
    });
  });
});

import { describe, expect, it } from '@jest/globals';
import { site } from '../../../../sandbox/process/identity.ts';
import { netlifyValues } from '../../../../sandbox/standIns/netlify/index.ts';
import { mask, plain, secretScopes, seed, seeded } from './production.ts';
import { envPath, startNetlify } from './running.ts';

const { accountId, id: siteId } = site;

describe('replacing a variable (PUT)', () => {
  it('removes the values of every context that the request does not name', async () => {
    const { api, values, log } = await startNetlify({ seed });
    const staging = { context: 'branch', context_parameter: 'staging', value: 'staging-key' } as const;
    await api.updateEnvVar({
      accountId,
      siteId,
      key: 'SERVICE_KEY',
      body: { key: 'SERVICE_KEY', is_secret: true, scopes: [...secretScopes], values: [staging] },
    });
    expect(values()).toEqual({
      'SUPABASE_URL all': 'https://production.example.com',
      'UNRELATED production': 'untouched',
      'SERVICE_KEY branch staging': 'staging-key',
    });
    expect(log.at(-1)?.effects).toEqual([
      'env SERVICE_KEY production removed',
      'env SERVICE_KEY dev removed',
      'env SERVICE_KEY branch:staging added',
    ]);
  });

  it('has no effect on values that stay the same, and still moves the time and the editor', async () => {
    const { send, log, stateDir } = await startNetlify({ seed });
    const before = netlifyValues(stateDir).find(({ key }) => key === 'UNRELATED');
    const { body } = await send(
      'PUT',
      envPath('UNRELATED'),
      plain('UNRELATED', 'production', 'untouched', { scopes: ['builds'] }),
    );
    const after = netlifyValues(stateDir).find(({ key }) => key === 'UNRELATED');
    expect(log.at(-1)?.effects).toEqual([]);
    expect(after?.value).toBe(before?.value);
    expect(Date.parse(after?.updatedAt ?? '')).toBeGreaterThan(Date.parse(before?.updatedAt ?? ''));
    expect(body).toMatchObject({ updated_by: { full_name: 'Sandbox Owner' } });
  });

  it('says when only scopes or the flag changed', async () => {
    const { send, log } = await startNetlify({ seed });
    const values = { values: [{ context: 'production', value: 'untouched' }] };
    await send('PUT', envPath('UNRELATED'), { ...values, scopes: ['functions'] });
    expect(log.at(-1)?.effects).toEqual(['env UNRELATED metadata']);
    await send('PUT', envPath('UNRELATED'), { ...values, scopes: ['functions'], is_secret: true });
    expect(log.at(-1)?.effects).toEqual(['env UNRELATED metadata']);
  });

  it('stores asterisks that a careless client writes back', async () => {
    const { send, values, log } = await startNetlify({ seed });
    const { body } = await send('GET', envPath('SERVICE_KEY'));
    const { values: read } = body as { values: unknown };
    await send('PUT', envPath('SERVICE_KEY'), { is_secret: true, scopes: secretScopes, values: read });
    expect(values()).toMatchObject({ 'SERVICE_KEY production': mask, 'SERVICE_KEY dev': 'dev-key' });
    expect(log.at(-1)?.effects).toEqual(['env SERVICE_KEY production changed']);
  });

  it('keeps the id of a context that stays', async () => {
    const { api, send } = await startNetlify({ seed });
    const before = await api.getEnvVar({ accountId, siteId, key: 'UNRELATED' });
    await send('PUT', envPath('UNRELATED'), plain('UNRELATED', 'production', 'new'));
    const after = await api.getEnvVar({ accountId, siteId, key: 'UNRELATED' });
    expect(after.values?.[0]?.id).toBe(before.values?.[0]?.id);
  });

  it('renames a key', async () => {
    const { send, log } = await startNetlify({ seed });
    expect((await send('PUT', envPath('UNRELATED'), plain('RENAMED', 'production', 'untouched'))).status).toBe(200);
    expect(log.at(-1)?.effects).toEqual(['env UNRELATED production removed', 'env RENAMED production added']);
    expect((await send('GET', envPath('UNRELATED'))).status).toBe(404);
  });

  it.each<[string, number, string, object]>([
    ['an unknown key', 404, 'MISSING', plain('MISSING', 'all', '1')],
    ['a rename to an existing key', 409, 'UNRELATED', plain('SUPABASE_URL', 'all', '1')],
    ['to make a secret plain', 422, 'SERVICE_KEY', plain('SERVICE_KEY', 'production', '1')],
    [
      'context all for a secret',
      422,
      'SERVICE_KEY',
      { values: [{ context: 'all', value: '1' }], scopes: secretScopes },
    ],
    ['an unknown context', 422, 'UNRELATED', plain('UNRELATED', 'preview', '1')],
    ['no values', 400, 'UNRELATED', { key: 'UNRELATED' }],
  ])('refuses %s', async (_, status, key, body) => {
    const { send, values } = await startNetlify({ seed });
    expect(await send('PUT', envPath(key), body)).toMatchObject({ status, body: { code: status } });
    expect(values()).toEqual(seeded);
  });
});

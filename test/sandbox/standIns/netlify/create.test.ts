import { describe, expect, it } from '@jest/globals';
import { site } from '../../../../sandbox/process/identity.ts';
import { mask, plain, secretScopes, seed, seeded } from './production.ts';
import { envPath, startNetlify } from './running.ts';

const { accountId, id: siteId } = site;

describe('creating variables', () => {
  it('stores every byte of a value, with a new id for each', async () => {
    const { api, values, log } = await startNetlify();
    const text = 'first line\n  "second" \\ line\r\n\tönkologie ✓ \u0000end\n';
    const [made] = await api.createEnvVars({
      accountId,
      siteId,
      body: [
        {
          key: 'PRIVATE_KEY',
          is_secret: true,
          scopes: [...secretScopes],
          values: [
            { context: 'branch', context_parameter: 'staging', value: text },
            { context: 'branch', context_parameter: 'develop', value: '' },
          ],
        },
      ],
    });
    expect(values()).toEqual({ 'PRIVATE_KEY branch staging': text, 'PRIVATE_KEY branch develop': '' });
    expect(made?.values?.map(({ value }) => value)).toEqual([mask, '']);
    expect(new Set(made?.values?.map(({ id }) => id)).size).toBe(2);
    expect(log.at(-1)?.effects).toEqual([
      'env PRIVATE_KEY branch:staging added',
      'env PRIVATE_KEY branch:develop added',
    ]);
    expect(JSON.stringify(log)).not.toContain('second');
  });

  it('answers in the spelling of replies, whatever the request spelled', async () => {
    const { api, send } = await startNetlify();
    const scopes = ['builds', 'post-processing'] as const;
    const { body } = await send('POST', envPath(), [plain('A', 'all', '1', { scopes })]);
    expect(body).toMatchObject([{ scopes: ['builds', 'post_processing'] }]);
    expect(await api.getEnvVar({ accountId, siteId, key: 'A' })).toMatchObject({ is_secret: false });
  });

  it('gives a plain variable all scopes when none is named', async () => {
    const { send } = await startNetlify();
    const { body } = await send('POST', envPath(), [plain('A', 'all', '1')]);
    expect(body).toMatchObject([{ scopes: ['builds', 'functions', 'runtime', 'post_processing'] }]);
  });

  it('creates on the team when no site is named, and says so in its effects', async () => {
    const { send, log } = await startNetlify();
    expect((await send('POST', envPath(undefined, ''), [plain('A', 'all', '1')])).status).toBe(201);
    expect(log.at(-1)?.effects).toEqual(['team env A all added']);
  });

  it('refuses an existing key, and then creates none of the others', async () => {
    const { send, values } = await startNetlify({ seed });
    const { status, body } = await send('POST', envPath(), [plain('NEW', 'all', '1'), plain('UNRELATED', 'all', '2')]);
    expect([status, body]).toMatchObject([409, { code: 409 }]);
    expect(values()).toEqual(seeded);
  });

  it('refuses a key that is twice in the request', async () => {
    const { send, values } = await startNetlify();
    expect((await send('POST', envPath(), [plain('A', 'all', '1'), plain('A', 'dev', '2')])).status).toBe(409);
    expect(values()).toEqual({});
  });

  const secret = { is_secret: true, scopes: secretScopes };
  it.each<[string, number, unknown]>([
    ['a body that is no array', 400, plain('A', 'all', '1')],
    ['an empty array', 400, []],
    ['no key', 400, [{ values: [{ context: 'all', value: '1' }] }]],
    ['a key that is no name', 422, [plain('A-B', 'all', '1')]],
    ['a key that Netlify sets itself', 422, [plain('SITE_NAME', 'all', '1')]],
    ['no values', 400, [{ key: 'A' }]],
    ['an empty list of values', 422, [{ key: 'A', values: [] }]],
    ['a value that is no string', 400, [{ key: 'A', values: [{ context: 'all', value: 1 }] }]],
    ['an unknown context', 422, [plain('A', 'staging', '1')]],
    ['a branch without a name', 422, [plain('A', 'branch', '1')]],
    [
      'a branch name without a branch',
      422,
      [{ key: 'A', values: [{ context: 'dev', context_parameter: 'x', value: '' }] }],
    ],
    [
      'one context twice',
      422,
      [{ key: 'A', values: [plain('', 'dev', '').values[0], plain('', 'dev', '').values[0]] }],
    ],
    ['an unknown scope', 422, [plain('A', 'all', '1', { scopes: ['build'] })]],
    ['a secret for all contexts', 422, [plain('A', 'all', '1', secret)]],
    ['a secret with post processing', 422, [plain('A', 'dev', '1', { ...secret, scopes: ['post-processing'] })]],
    ['a secret without scopes', 422, [plain('A', 'dev', '1', { is_secret: true })]],
    ['a flag that is no flag', 400, [plain('A', 'all', '1', { is_secret: 'yes' })]],
  ])('refuses %s', async (_, status, body) => {
    const { send, values, log } = await startNetlify();
    const answer = await send('POST', envPath(), body);
    expect(answer).toMatchObject({ status, body: { code: status, message: expect.any(String) } });
    expect(values()).toEqual({});
    expect(log.at(-1)?.effects).toEqual([]);
  });
});

describe('a free plan', () => {
  const upgrade = { code: 403, message: 'Upgrade your Netlify account to set specific scopes' };
  const free = { seed: { ...seed, plan: 'free' } } as const;

  it.each<[string, object]>([
    ['a plain variable with scopes, even all', { scopes: ['builds', 'functions', 'runtime', 'post-processing'] }],
    ['a plain variable with three scopes', { scopes: secretScopes }],
    ['a secret without scopes', { is_secret: true }],
    ['a secret with fewer scopes', { is_secret: true, scopes: ['functions'] }],
    ['a secret with post processing', { is_secret: true, scopes: [...secretScopes, 'post-processing'] }],
  ])('refuses %s', async (_, more) => {
    const { send, values } = await startNetlify(free);
    expect(await send('POST', envPath(), [plain('A', 'dev', '1', more)])).toMatchObject({ status: 403, body: upgrade });
    expect(await send('PUT', envPath('UNRELATED'), plain('UNRELATED', 'dev', '1', more))).toMatchObject({
      status: 403,
    });
    expect(values()).toEqual(seeded);
  });

  it('takes a plain variable without scopes, and a secret with exactly three', async () => {
    const { send } = await startNetlify(free);
    const secret = { is_secret: true, scopes: ['runtime', 'builds', 'functions'] };
    const { status } = await send('POST', envPath(), [plain('A', 'all', '1'), plain('B', 'dev', '1', secret)]);
    expect(status).toBe(201);
  });
});

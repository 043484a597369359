import { describe, expect, it } from '@jest/globals';
import { site } from '../../../../sandbox/process/identity.ts';
import { netlifyValues } from '../../../../sandbox/standIns/netlify/index.ts';
import { seed, seeded } from './production.ts';
import { envPath, startNetlify } from './running.ts';

const { accountId, id: siteId } = site;

describe('setting one value (PATCH)', () => {
  it('adds a context and leaves the others byte for byte', async () => {
    const { api, values, log } = await startNetlify({ seed });
    const staging = { context: 'branch', context_parameter: 'staging', value: 'staging-key' } as const;
    await api.setEnvVarValue({ accountId, siteId, key: 'SERVICE_KEY', body: staging });
    expect(values()).toEqual({ ...seeded, 'SERVICE_KEY branch staging': 'staging-key' });
    expect(log.at(-1)?.effects).toEqual(['env SERVICE_KEY branch:staging added']);
  });

  it('changes a context that is there, and only that branch', async () => {
    const { send, values, log } = await startNetlify({ seed });
    const set = (branch: string, value: string) =>
      send('PATCH', envPath('UNRELATED'), { context: 'branch', context_parameter: branch, value });
    await set('staging', 'one');
    await set('develop', 'two');
    await set('staging', 'three');
    expect(log.at(-1)?.effects).toEqual(['env UNRELATED branch:staging changed']);
    expect(values()).toEqual({ ...seeded, 'UNRELATED branch staging': 'three', 'UNRELATED branch develop': 'two' });
  });

  it.each<[string, number, string, object]>([
    ['an unknown key', 404, 'MISSING', { context: 'dev', value: '1' }],
    ['context all for a secret', 422, 'SERVICE_KEY', { context: 'all', value: '1' }],
    ['an unknown context', 422, 'UNRELATED', { context: 'staging', value: '1' }],
    ['a branch without a name', 422, 'UNRELATED', { context: 'branch', value: '1' }],
  ])('refuses %s', async (_, status, key, body) => {
    const { send, values } = await startNetlify({ seed });
    expect(await send('PATCH', envPath(key), body)).toMatchObject({ status, body: { code: status } });
    expect(values()).toEqual(seeded);
  });
});

describe('deleting', () => {
  it('removes a key in every context', async () => {
    const { api, values, log } = await startNetlify({ seed });
    await api.deleteEnvVar({ accountId, siteId, key: 'SERVICE_KEY' });
    expect(Object.keys(values())).toEqual(['SUPABASE_URL all', 'UNRELATED production']);
    expect(log.at(-1)).toMatchObject({
      status: 204,
      effects: ['env SERVICE_KEY production removed', 'env SERVICE_KEY dev removed'],
    });
  });

  it('removes one value by its id', async () => {
    const { api, values, log } = await startNetlify({ seed });
    const { values: listed } = await api.getEnvVar({ accountId, siteId, key: 'SERVICE_KEY' });
    const id = listed?.find(({ context }) => context === 'dev')?.id ?? '';
    await api.deleteEnvVarValue({ accountId, siteId, key: 'SERVICE_KEY', id });
    expect(values()).toEqual(Object.fromEntries(Object.entries(seeded).filter(([name]) => name !== 'SERVICE_KEY dev')));
    expect(log.at(-1)?.effects).toEqual(['env SERVICE_KEY dev removed']);
  });

  it.each([envPath('MISSING'), envPath('UNRELATED/value/none'), envPath('UNRELATED', '')])(
    'finds nothing at %s',
    async (path) => {
      const { send, values } = await startNetlify({ seed });
      expect(await send('DELETE', path)).toMatchObject({ status: 404, body: { code: 404, message: 'Not Found' } });
      expect(values()).toEqual(seeded);
    },
  );
});

it('gives every change a later time, to the millisecond', async () => {
  const { send, stateDir } = await startNetlify({ seed });
  const times: string[] = [];
  for (let turn = 0; turn < 20; turn += 1) {
    await send('PATCH', envPath('UNRELATED'), { context: 'dev', value: String(turn) });
    times.push(netlifyValues(stateDir).find(({ key }) => key === 'UNRELATED')?.updatedAt ?? '');
  }
  expect([...new Set(times)].sort()).toEqual(times);
});

import { describe, expect, it } from '@jest/globals';
import { site } from '../../../../sandbox/process/identity.ts';
import { createNetlify, netlifyValues, seedNetlify } from '../../../../sandbox/standIns/netlify/index.ts';
import { plain, seed, seeded } from './production.ts';
import { envPath, startNetlify } from './running.ts';

const { accountId, id: siteId } = site;

describe('tokens', () => {
  it.each(['', 'nobody', 'undefined'])('refuses the token %p, and changes nothing', async (token) => {
    const { send, values } = await startNetlify({ seed });
    const refusal = { status: 401, body: { code: 401, message: 'Access Denied' } };
    for (const [method, path] of [
      ['GET', '/api/v1/user'],
      ['GET', envPath()],
      ['DELETE', envPath('UNRELATED')],
    ] as const) {
      expect(await send(method, path, undefined, token)).toMatchObject(refusal);
    }
    expect(values()).toEqual(seeded);
  });

  it('lets the read-only token read, and nothing else', async () => {
    const { send, tokens, values, log } = await startNetlify({ seed });
    expect((await send('GET', envPath(), undefined, tokens.readOnly)).body).toHaveLength(3);
    for (const [method, path, body] of [
      ['POST', envPath(), [plain('NEW', 'all', '1')]],
      ['PUT', envPath('UNRELATED'), plain('UNRELATED', 'all', '1')],
      ['PATCH', envPath('UNRELATED'), { context: 'dev', value: '1' }],
      ['DELETE', envPath('UNRELATED'), undefined],
      ['PATCH', `/api/v1/sites/${siteId}`, { name: 'other' }],
    ] as const) {
      expect(await send(method, path, body, tokens.readOnly)).toMatchObject({ status: 401, body: { code: 401 } });
      expect(log.at(-1)?.effects).toEqual([]);
    }
    expect(values()).toEqual(seeded);
  });

  it('are made anew for every state, and stay with it', async () => {
    const first = await startNetlify();
    const second = await startNetlify();
    expect(first.tokens.admin).not.toBe(second.tokens.admin);
    expect((await startNetlify({ stateDir: first.stateDir })).tokens).toEqual(first.tokens);
  });
});

describe('the rate limit', () => {
  it('is told in headers and not enforced by default', async () => {
    const { send } = await startNetlify();
    await send('GET', '/api/v1/user');
    const { headers } = await send('GET', '/api/v1/user');
    expect(headers.get('x-ratelimit-limit')).toBe('500');
    expect(Number(headers.get('x-ratelimit-remaining'))).toBeGreaterThanOrEqual(498);
    expect(Number(headers.get('x-ratelimit-reset'))).toBeGreaterThan(Date.now() / 1000 - 1);
  });

  it('refuses one request too many when it is enforced, each token for itself', async () => {
    const { send, tokens } = await startNetlify({ rateLimit: 2 });
    const statuses: number[] = [];
    // A new minute may begin in between and grants two more.
    for (let turn = 0; turn < 5; turn += 1) statuses.push((await send('GET', '/api/v1/user')).status);
    expect(statuses.slice(0, 2)).toEqual([200, 200]);
    expect(statuses).toContain(429);
    expect((await send('GET', '/api/v1/user', undefined, tokens.readOnly)).status).toBe(200);
  });
});

describe('the state', () => {
  it('outlives the stand-in', async () => {
    const { send, stateDir } = await startNetlify({ seed });
    await send('PATCH', envPath('UNRELATED'), { context: 'dev', value: 'kept' });
    const again = await startNetlify({ stateDir });
    expect(again.values()).toEqual({ ...seeded, 'UNRELATED dev': 'kept' });
  });

  it('can be seeded while the stand-in runs, and again, without losing what else is there', async () => {
    const { stateDir } = await startNetlify({ seed });
    const service = createNetlify({ stateDir });
    seedNetlify(service, {
      variables: [
        { key: 'UNRELATED', values: [{ context: 'branch', context_parameter: 'develop', value: 'x' }] },
        { key: 'SHARED', siteId: null, values: [{ context: 'all', value: 'y' }] },
      ],
    });
    const { 'UNRELATED production': gone, ...rest } = seeded;
    expect(gone).toBe('untouched');
    const values = netlifyValues(stateDir);
    expect(values).toHaveLength(Object.keys(rest).length + 2);
    expect(values[0]).toMatchObject({ key: 'SHARED', context: 'all', value: 'y', siteId: undefined, isSecret: false });
    expect(values.at(-1)).toMatchObject({ key: 'UNRELATED', context: 'branch', contextParameter: 'develop', siteId });
  });
});

describe('faults', () => {
  const set = { context: 'dev', value: 'new' } as const;

  it.each([401, 403, 404, 409, 422, 500, 502, 503])('answers %i by rule, without acting', async (status) => {
    const { send, setFaults, values } = await startNetlify({ seed });
    setFaults([{ service: 'netlify', method: 'PATCH', path: '/env/UNRELATED', times: 1, status, body: '{}' }]);
    expect((await send('PATCH', envPath('UNRELATED'), set)).status).toBe(status);
    expect(values()).toEqual(seeded);
    expect((await send('PATCH', envPath('UNRELATED'), set)).status).toBe(201);
  });

  it("is overcome by Netlify's own client after a 429 and after a reset", async () => {
    const { api, setFaults, log } = await startNetlify({ seed });
    const headers = { 'x-ratelimit-reset': String(Math.floor(Date.now() / 1000)) };
    setFaults([{ path: '/env$', times: 1, status: 429, headers }]);
    expect(await api.getEnvVars({ accountId, siteId })).toHaveLength(3);
    expect(log.map(({ status }) => status)).toEqual([429, 200]);
  });

  it.each(['reset', 'half'] as const)('cuts the connection (%s) after the write took effect', async (connection) => {
    const { send, setFaults, values, log } = await startNetlify({ seed });
    setFaults([{ method: 'PATCH', connection, afterEffect: true }]);
    await expect(send('PATCH', envPath('UNRELATED'), set)).rejects.toThrow();
    expect(values()).toEqual({ ...seeded, 'UNRELATED dev': 'new' });
    expect(log.at(-1)).toMatchObject({ fault: connection, effects: ['env UNRELATED dev added'] });
  });

  it('cuts the connection before the write takes effect', async () => {
    const { send, setFaults, values } = await startNetlify({ seed });
    setFaults([{ method: 'PATCH', connection: 'reset' }]);
    await expect(send('PATCH', envPath('UNRELATED'), set)).rejects.toThrow();
    expect(values()).toEqual(seeded);
  });
});

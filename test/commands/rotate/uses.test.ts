import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import '../../rotation/haste.ts';
import { usesOf } from '../../../commands/rotate/uses.ts';
import type { Used } from '../../../rotation/ports.ts';
import { Secret } from '../../../secrets/secret.ts';
import type { Api } from '../../../services/door/http.ts';

const ref = 'abcdefghijklmnopqrst';
const legacy = ['e30', 'e30', 'abcdef_the_rest'].join('.');

/** What the service answers: to the question how far the log has come, then to the one for requests. */
let answers: readonly { readonly status: number; readonly body: string }[];
let server: Server;
let baseUrl: string;
beforeEach(async () => {
  server = createServer((request, response) => {
    const isNewest =
      new URL(request.url ?? '', 'http://x').searchParams.get('sql')?.includes('order by timestamp') === true;
    const { status, body } = (isNewest ? answers[0] : answers.at(-1)) ?? { status: 500, body: '' };
    response.writeHead(status, { 'content-type': 'application/json' }).end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterEach(() => {
  server.close();
});

const rows = (result: unknown) => ({ status: 200, body: JSON.stringify({ result }) });
const newest = rows([{ timestamp: '2026-01-01 00:00:00' }]);
const uses = (...given: typeof answers): Promise<Used> => {
  answers = given;
  const api: Api = { vendor: 'Supabase', baseUrl, headers: {}, accessFix: '', addressSetting: '' };
  const logs = { ref, management: () => Promise.resolve(api), listed: () => Promise.resolve([]) };
  return usesOf(logs, [new Secret(legacy)], new Date(Date.now() - 60_000).toISOString());
};

describe('requests with an old key', () => {
  it('are those with a legacy key of this signature, whatever the logs take for a time', async () => {
    const now = Date.now();
    const row = { path: '/rest/v1/a', agent: 'one', requests: 1, last_used: now };
    const found = await uses(
      newest,
      rows([
        { ...row, key_signature: 'abcdef' },
        { ...row, path: '/rest/v1/b', bearer_signature: 'abcdef', last_used: now / 1000 },
        { ...row, path: '/rest/v1/c', key_signature: 'another', last_used: now * 1000 },
        { ...row, path: '/rest/v1/d', key_signature: 'abcdef', last_used: now - 120_000 },
      ]),
    );
    expect(found).toMatchObject({
      newest: '2026-01-01T00:00:00.000Z',
      uses: [{ path: '/rest/v1/a' }, { path: '/rest/v1/b' }],
    });
    expect('uses' in found && found.uses.length).toBe(2);
  });

  it('are not known where the logs do not show by which legacy key a request came', async () => {
    expect(await uses(newest, rows([{ path: '/', requests: 1, last_used: Date.now() }]))).toEqual({
      unknown: 'Supabase cannot say it: its logs do not tell one legacy key from another.',
      isPassing: false,
    });
  });

  it.each([
    ['no right', false, { status: 403, body: '{}' }],
    ['a query that is refused', false, { status: 400, body: '{}' }],
    ['an error in place of rows', false, { status: 200, body: '{"error":"no such table"}' }],
    ['another form', false, rows('none')],
    ['half an answer', true, { status: 200, body: '{"resul' }],
    ['too many questions', true, { status: 429, body: '{}' }],
    ['a service that is down', true, { status: 503, body: '{}' }],
  ] as const)('are not known with %s, which may pass: %s', async (_, isPassing, answer) => {
    expect(await uses(answer)).toEqual({ unknown: expect.stringMatching(/^Supabase/), isPassing });
  });

  it('are not known, for now, where nobody answers', async () => {
    server.close();
    expect(await uses(newest)).toMatchObject({ isPassing: true });
  });
});

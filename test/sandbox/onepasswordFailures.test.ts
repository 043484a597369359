import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { Client } from '@1password/sdk';
import type { Fault } from '../../sandbox/server/faults.ts';
import { changedToken, startOnePassword, type TestServer } from './onepasswordServer.ts';

// What SDK 0.5.0 says for each failure, word for word: secrets/ translates these texts, so a change must be seen.
const url = 'op://Platform/Supabase/url';
let server: TestServer;
let client: Client;

beforeAll(async () => {
  server = await startOnePassword();
});
afterAll(() => server.close());
afterEach(() => server.faults.set([]));

/** The error's class and text; fails when there is none. */
async function failure(work: Promise<unknown>): Promise<string> {
  const outcome = await work.then(
    () => 'no error',
    (error: unknown) => error,
  );
  if (!(outcome instanceof Error)) throw new Error(`not an Error: ${String(outcome)}`);
  return `${outcome.constructor.name}: ${outcome.message}`;
}

describe('a token that is not right', () => {
  const refused = 'Error: authentication error: you are not authenticated';
  const cases: [string, (token: string) => string, string][] = [
    ['a wrong password', (token) => changedToken(token, { srpX: 'ab'.repeat(32) }), refused],
    ['another account', (token) => changedToken(token, { email: 'x@1passwordserviceaccounts.com' }), refused],
    [
      'another secret key',
      (token) => changedToken(token, { secretKey: 'A3-AAAAAA-BBBBBB-CCCCC-DDDDD-EEEEE-FFFFF' }),
      refused,
    ],
    [
      'text that is no token',
      () => 'hello',
      'Error: invalid user input: encountered the following errors: service account token had invalid format',
    ],
    [
      'a token cut short',
      (token) => token.slice(0, 12),
      'Error: invalid service account token, please make sure you provide a valid service account token as parameter:  service account deserialization failed, please create another token',
    ],
    [
      'nothing',
      () => '',
      'Error: createClient requires either `auth` (service account token) or `oidcFetcher` (workload identity).',
    ],
  ];
  it.each(cases)('%s is refused at sign-in', async (_, token, message) => {
    expect(await failure(server.signIn(token(server.token)))).toBe(message);
  });

  it('a wrong master key signs in and cannot open the vault', async () => {
    const muk = {
      alg: 'A256GCM',
      ext: true,
      k: 'A'.repeat(43),
      key_ops: ['encrypt', 'decrypt'],
      kty: 'oct',
      kid: 'mp',
    };
    const stranger = await server.signIn(changedToken(server.token, { muk }));
    expect(await failure(stranger.secrets.resolve(url))).toBe(
      'Error: error resolving secret reference: unable to retrieve vaults: unlocking vaults when listing vaults: DecryptingSymmetricKey(GcmFailedToDecrypt)',
    );
  });

  it('a request without a session gets 401 and nothing else', async () => {
    for (const path of ['/api/v1/vaults', '/api/v2/account/keysets', '/', '/api/v2/auth']) {
      const response = await fetch(`http://127.0.0.1:${server.port}${path}`);
      expect([path, response.status, await response.text()]).toEqual([path, 401, '{}']);
    }
  });
});

const unreachable =
  'request library compatibility issue, check that the your environment uses compatible versions: reqwest library: error sending request';
const noRights = 'you do not have the right permissions to perform this action';
const faults: [string, Fault, atSignIn: string, atVaults: string, atItems: string][] = [
  [
    '401 (a revoked token)',
    { status: 401 },
    'you are not authenticated',
    'unable to retrieve vaults: bad credentials, please retry: failed to authenticate',
    'unable to retrieve multiple items: bad credentials, please retry: failed to authenticate',
  ],
  [
    '403',
    { status: 403 },
    "you don't have the right permissions to access this resource",
    `unable to retrieve vaults: ${noRights}: performing a vault operation`,
    `unable to retrieve multiple items: ${noRights}: performing an item operation`,
  ],
  [
    '404',
    { status: 404 },
    'resource not found',
    'no vault matched the secret reference query',
    'no item matched the secret reference query',
  ],
  [
    '409',
    { status: 409 },
    'a conflict occurred on the server. this usually happens due to a race condition in requests',
    'unable to retrieve vaults: data conflict occurred on the server: performing a vault operation',
    'unable to retrieve multiple items: data conflict occurred on the server: performing an item operation',
  ],
  [
    '422',
    { status: 422 },
    'unexpected status code in response: 422 Unprocessable Entity',
    'unable to retrieve vaults: unexpected status code in response: 422 Unprocessable Entity',
    'unable to retrieve multiple items: unexpected status code in response: 422 Unprocessable Entity',
  ],
  [
    '429',
    { status: 429, headers: { 'retry-after': '7' } },
    'rate limit exceeded',
    'performing a vault operation: rate limit exceeded',
    'performing an item operation: rate limit exceeded',
  ],
  [
    '500',
    { status: 500 },
    'internal server error',
    'unable to retrieve vaults: internal server error',
    'unable to retrieve multiple items: internal server error',
  ],
  [
    '503',
    { status: 503 },
    'unexpected status code in response: 503 Service Unavailable',
    'unable to retrieve vaults: unexpected status code in response: 503 Service Unavailable',
    'unable to retrieve multiple items: unexpected status code in response: 503 Service Unavailable',
  ],
  [
    'a malformed body',
    { body: '<html>' },
    'when deserializing HTTP responses into the corresponding types in unauthenticated request: Error("expected value", line: 1, column: 1)',
    'unable to retrieve vaults: when decrypting request body: Aes(Jweb(BadEncoding(Error("expected value", line: 1, column: 1))))',
    'unable to retrieve multiple items: when decrypting request body: Aes(Jweb(BadEncoding(Error("expected value", line: 1, column: 1))))',
  ],
  [
    'a reset connection',
    { connection: 'reset' },
    unreachable,
    `unable to retrieve vaults: ${unreachable}`,
    `unable to retrieve multiple items: ${unreachable}`,
  ],
  [
    'half an answer',
    { connection: 'half' },
    'Unexpected error when retrieving response contents',
    'unable to retrieve vaults: Unexpected error when retrieving response contents',
    'unable to retrieve multiple items: Unexpected error when retrieving response contents',
  ],
];

describe('a service that fails', () => {
  beforeEach(async () => {
    client = await server.signIn();
  });

  it.each(faults)('%s: the SDK throws a plain Error at each step', async (_, fault, atSignIn, atVaults, atItems) => {
    server.faults.set([{ ...fault, path: '/auth/start$' }]);
    expect(await failure(server.signIn())).toBe(`Error: authentication error: ${atSignIn}`);
    server.faults.set([{ ...fault, path: '/vaults$' }]);
    expect(await failure(client.secrets.resolveAll([url]))).toBe(
      `Error: error resolving secret reference: ${atVaults}`,
    );
    server.faults.set([{ ...fault, path: '/items/batch$' }]);
    // One failing request fails the whole batch, the missing field included: there are no individual answers then.
    expect(await failure(client.secrets.resolveAll([url, `${url}_missing`]))).toBe(
      `Error: error resolving secret reference: ${atItems}`,
    );
  });

  it.each<[string, Fault]>([
    ['sign-in', { path: '/auth/start$' }],
    ['vaults', { path: '/vaults$' }],
  ])('never gives up on a hung server by itself (%s)', async (step, fault) => {
    server.faults.set([{ ...fault, connection: 'hang' }]);
    const work = step === 'sign-in' ? server.signIn() : client.secrets.resolveAll([url]);
    const outcome = await Promise.race([work.then(() => 'answered').catch(() => 'failed'), sleep(1500, 'pending')]);
    expect(outcome).toBe('pending');
  });

  it('signs in again by itself when its session is gone', async () => {
    server.faults.set([{ path: '/items/batch$', status: 401, times: 1 }]);
    server.log.length = 0;
    const { individualResponses } = await client.secrets.resolveAll([url]);
    expect(individualResponses[url]?.content?.secret).toBe(server.service.vault.read('url'));
    expect(server.log.filter(({ path }) => path === '/api/v3/auth/start')).toHaveLength(1);
  });

  it('says the same of a server that is down as of a reset connection', async () => {
    const other = await startOnePassword();
    await other.close();
    expect(await failure(other.signIn())).toBe(`Error: authentication error: ${unreachable}`);
  });
});

describe('a reference that leads nowhere', () => {
  beforeAll(async () => {
    server.service.vault.set('production/url', 'https://example.com');
    client = await server.signIn();
  });
  afterAll(() => server.service.vault.remove('production/url'));

  const syntax =
    'secret reference has invalid format - must be "op://<vault>/<item>/[section/]field[?attribute=<attribute-value>]"';
  const characters =
    'invalid character in secret reference: secret references must only contain alphanumeric, _, . or - characters';
  it.each([
    ['op://Nowhere/Supabase/url', { type: 'vaultNotFound' }, 'no vault matched the secret reference query'],
    ['op://Platform/Nothing/url', { type: 'itemNotFound' }, 'no item matched the secret reference query'],
    ['op://Platform/Supabase/no', { type: 'fieldNotFound' }, 'the specified field cannot be found within the item'],
    ['op://Platform/Supabase/no/url', { type: 'noMatchingSections' }, 'no section matched the secret reference'],
    [
      'op://Platform/Supabase/production/no',
      { type: 'fieldNotFound' },
      'the specified field cannot be found within the item',
    ],
    ['op://Platform', { type: 'parsing', message: syntax }, `the secret reference could not be parsed: ${syntax}`],
    [
      'op:/x',
      { type: 'parsing', message: 'secret reference is not prefixed with "op://"' },
      'the secret reference could not be parsed: secret reference is not prefixed with "op://"',
    ],
    [
      'op://Platform/Supabase/(x)',
      { type: 'parsing', message: characters },
      `the secret reference could not be parsed: ${characters}`,
    ],
  ])('%s', async (reference, error, message) => {
    const { individualResponses } = await client.secrets.resolveAll([reference, url]);
    expect(individualResponses[reference]).toEqual({ content: null, error });
    expect(individualResponses[url]?.error).toBeNull();
    expect(await failure(client.secrets.resolve(reference))).toBe(
      `Error: error resolving secret reference: ${message}`,
    );
  });

  it('two fields of one label cannot be told apart', async () => {
    server.service.vault.set('one/twin', 'a');
    server.service.vault.set('two/twin', 'b');
    const reference = 'op://Platform/Supabase/twin';
    const { individualResponses } = await client.secrets.resolveAll([reference]);
    expect(individualResponses[reference]?.error).toEqual({ type: 'tooManyMatchingFields' });
  });
});

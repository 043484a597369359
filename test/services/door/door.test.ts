import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import { afterEach, describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { resolveReferences } from '../../../secrets/vault.ts';
import { isSafeTransport } from '../../../machine/safeTransport.ts';
import { ask, textOf } from '../../../services/door/ask.ts';
import { exchange, type Outgoing } from '../../../services/door/door.ts';
import { DoorError } from '../../../services/door/doorError.ts';
import { sdkFetch } from '../../../services/door/sdkFetch.ts';
import { githubApi } from '../../../services/github/github.ts';
import { call, type Api } from '../../../services/door/http.ts';
import { netlifyApi } from '../../../services/netlify/netlify.ts';
import { supabaseDatabase } from '../../../services/supabase/supabase.ts';
import { managementApi } from '../../../services/supabase/management.ts';
import { sendToWebhook } from '../../../alerts/send.ts';

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

/** A server on loopback, and the headers and bodies that reached it. */
async function server(answer: RequestListener) {
  const seen: { readonly headers: NodeJS.Dict<string | string[]>; body: string }[] = [];
  const one = createServer((request, response) => {
    const entry = { headers: request.headers, body: '' };
    seen.push(entry);
    request.on('data', (chunk: Buffer) => (entry.body += chunk.toString()));
    request.on('end', () => answer(request, response));
  });
  servers.push(one);
  await new Promise<void>((resolve) => one.listen(0, '127.0.0.1', resolve));
  return { url: `http://127.0.0.1:${(one.address() as AddressInfo).port}`, seen };
}

/** Sends everything to another server on loopback: another origin. */
async function redirecting(status = 302) {
  const target = await server((_, response) => response.end('{}'));
  const source = await server((_, response) => response.writeHead(status, { location: `${target.url}/stolen` }).end());
  return { source: source.url, target };
}

/** What the audit trail says of a write here. */
const audit = { action: 'set', writes: [{ place: 'thing', name: 'x' }] };

const canary = ['canary', 'key', Math.random()].join('-');
const failed = (work: Promise<unknown>) =>
  work.then(
    () => 'no error',
    (error: unknown) => String(error),
  );

/** Every client of this project, at an address. */
const clients: readonly (readonly [name: string, use: (url: string) => Promise<unknown>])[] = [
  ['Netlify', (url) => call(netlifyApi({ NETLIFY_API_TOKEN: canary, NETLIFY_API_ENDPOINT: url }), { path: '/sites' })],
  ['GitHub', (url) => call(githubApi({ GITHUB_TOKEN: canary, GITHUB_BASE_URL: url }), { path: '/user' })],
  [
    'the Management API',
    (url) =>
      call(managementApi({ SUPABASE_ACCESS_TOKEN: canary, SUPABASE_API_ENDPOINT: url }), { path: '/v1/projects' }),
  ],
  [
    'the database',
    async (url) =>
      supabaseDatabase(url, canary).ask('reading', (client) => client.from('agent_runtime_config').select()),
  ],
  [
    'Slack',
    (url) =>
      sendToWebhook(
        `${url}/services/${canary}`,
        { text: '', plain: '', blocks: [] },
        {
          timeoutMs: 5000,
          attempts: 1,
          pauseMs: 1,
          onRetry: () => undefined,
        },
      ),
  ],
  [
    'the smoke test’s SDK',
    async (url) => {
      const fetch = sdkFetch({
        timeoutMs: 5000,
        attempts: 1,
        onTrouble: (error) => {
          throw error;
        },
      });
      await fetch(url, { headers: { apikey: canary } });
    },
  ],
  [
    'a request that would follow',
    (url) => ask({ url, timeoutMs: 5000, follow: true, headers: { authorization: canary } }, {}, textOf),
  ],
];

describe.each(clients)('%s', (_, use) => {
  it.each([301, 302, 303, 307, 308])('does not follow a %d with its credential', async (status) => {
    const { source, target } = await redirecting(status);
    const message = await failed(use(source));
    expect(target.seen).toEqual([]);
    expect(message).toContain(`${status}`);
    expect(message).not.toContain(canary);
    expect(message).not.toContain('/stolen');
  });

  it.each(['http://example.invalid', 'http://10.0.0.1', 'http://localhost.example.invalid', 'http://127.0.0.1.nip.io'])(
    'sends nothing in the clear to %s',
    async (url) => {
      const message = await failed(Promise.resolve().then(() => use(url)));
      expect(message).toContain('not https');
      expect(message).not.toContain(canary);
    },
  );

  it('does not read an answer without end', async () => {
    const { url } = await server((_, response) => {
      response.writeHead(200, { 'content-type': 'application/json' });
      const more = () => {
        while (!response.destroyed && response.write(Buffer.alloc(1024 * 1024, ' ')));
        response.once('drain', more);
      };
      more();
    });
    expect(await failed(use(url))).toContain('longer than 16 MiB');
  });
});

const door = (request: Outgoing) => exchange(request).catch((error: unknown) => error);

describe('the door', () => {
  it('counts an answer as it is unpacked', async () => {
    const packed = gzipSync(Buffer.alloc(17 * 1024 * 1024));
    const { url } = await server((_, response) => response.writeHead(200, { 'content-encoding': 'gzip' }).end(packed));
    expect(await door({ url, timeoutMs: 20_000 })).toMatchObject({ trouble: 'too-large' });
  });

  it('ends an answer that drips', async () => {
    const { url } = await server((_, response) => {
      response.write('{');
      const timer = setInterval(() => response.write(' '), 20);
      response.on('close', () => clearInterval(timer));
    });
    expect(await door({ url, timeoutMs: 200 })).toMatchObject({ trouble: 'time-out', mayPass: true });
  });

  it('follows for a page, which holds no credential, and not in a circle', async () => {
    const { source, target } = await redirecting();
    expect(await door({ url: source, timeoutMs: 5000, follow: true })).toMatchObject({ status: 200 });
    expect(target.seen).toHaveLength(1);
    const circle = await server((_, response) => response.writeHead(302, { location: '/' }).end());
    expect(await door({ url: circle.url, timeoutMs: 5000, follow: true })).toMatchObject({ trouble: 'redirect' });
    expect(circle.seen).toHaveLength(6);
  });

  it.each<[string, Partial<Outgoing>]>([
    ['a key in a header of any name', { headers: { apikey: canary } }],
    ['a cookie', { headers: { cookie: canary } }],
    ['a body', { method: 'POST', body: canary }],
  ])('follows nowhere with %s, even where it was asked to', async (_, more) => {
    const { source, target } = await redirecting(307);
    expect(await door({ url: source, timeoutMs: 5000, follow: true, ...more })).toBeInstanceOf(DoorError);
    expect(target.seen).toEqual([]);
  });

  it('does not follow a page out of TLS’s reach', async () => {
    const { url } = await server((_, response) =>
      response.writeHead(302, { location: 'http://example.invalid/' }).end(),
    );
    expect(await door({ url, timeoutMs: 5000, follow: true })).toMatchObject({ trouble: 'no-tls' });
  });

  it.each([
    ['https://api.netlify.com', true],
    ['http://127.0.0.1:1', true],
    ['http://127.1:1', true],
    ['http://localhost:1', true],
    ['http://[::1]:1', true],
    ['http://0.0.0.0:1', false],
    ['http://[::ffff:10.0.0.1]:1', false],
    ['http://128.0.0.1', false],
    ['http://127.evil.example', false],
    ['ftp://127.0.0.1', false],
    ['file:///etc/hosts', false],
  ])('knows whether %s is a safe place for a credential: %s', (url, safe) => {
    expect(isSafeTransport(url)).toBe(safe);
  });
});

describe('a process that checks no certificates', () => {
  afterEach(() => {
    delete process.env.NODE_TLS_REJECT_UNAUTHORIZED;
  });

  it('sends nothing beyond this machine, and asks no vault', async () => {
    process.env.NODE_TLS_REJECT_UNAUTHORIZED = '0';
    const api: Api = { vendor: 'X', baseUrl: 'https://example.invalid', headers: {}, accessFix: '' };
    await expect(call(api, { path: '/' })).rejects.toThrow('X GET /: NODE_TLS_REJECT_UNAUTHORIZED=0 lets anybody pass');
    const wanted = [{ reference: 'op://a/b/c', wantedBy: 'X' }];
    await expect(resolveReferences({ kind: 'service-account', token: canary }, wanted)).rejects.toThrow(
      'Nothing was read, and nothing was changed: NODE_TLS_REJECT_UNAUTHORIZED=0',
    );
  });
});

describe('a repository that has moved', () => {
  const api = (url: string) => githubApi({ GITHUB_TOKEN: canary, GITHUB_BASE_URL: url });

  it('is named by its new name, with the settings to correct', async () => {
    const { url, seen } = await server((request, response) => {
      if (request.url === '/api/v3/repositories/42') response.end('{"full_name":"new-owner/new-name"}');
      else
        response
          .writeHead(301, { location: `http://${request.headers.host ?? ''}/api/v3/repositories/42/hooks` })
          .end();
    });
    const message = await failed(call(api(url), { path: '/repos/old/name/hooks' }));
    expect(message).toContain('it is new-owner/new-name now');
    expect(message).toContain('github:owner to new-owner and allincompassing:github.repository to new-name');
    expect(seen).toHaveLength(2);
  });

  it.each([
    ['somewhere else', 'https://example.invalid/repositories/42'],
    ['another path', '/repositories/42x/../../user'],
  ])('is not asked for at %s', async (_, location) => {
    const { url, seen } = await server((_request, response) => response.writeHead(301, { location }).end());
    const message = await failed(call(api(url), { path: '/repos/old/name' }));
    expect(message).toContain('Correct GITHUB_BASE_URL or the name in Pulumi.staging.yaml');
    expect(seen).toHaveLength(1);
  });

  it('is not named by what is no name', async () => {
    const { url } = await server((request, response) => {
      if (request.url === '/api/v3/repositories/42') response.end('{"full_name":"x/y\\n::error::z"}');
      else response.writeHead(301, { location: '/api/v3/repositories/42' }).end();
    });
    expect(await failed(call(api(url), { path: '/repos/old/name' }))).not.toContain('::error');
  });
});

describe('a rate limit that comes as 403', () => {
  const api = (url: string): Api => ({ vendor: 'GitHub', baseUrl: url, headers: {}, accessFix: 'Set GITHUB_TOKEN.' });

  it.each<[string, Record<string, string>]>([
    ['retry-after', { 'retry-after': '0' }],
    ['no requests remaining', { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': '1' }],
  ])('is waited for, by a write too (%s)', async (_, headers) => {
    let first = true;
    const { url, seen } = await server((_request, response) => {
      if (first) response.writeHead(403, headers).end('{}');
      else response.end('{"ok":true}');
      first = false;
    });
    const write = { method: 'PUT', path: '/x', body: {}, audit } as const;
    expect(await call(api(url), write, z.object({ ok: z.boolean() }))).toMatchObject({ data: { ok: true } });
    expect(seen).toHaveLength(2);
  });

  it('is told as what it is, with the time, and not waited for when that is long', async () => {
    const reset = Math.floor(Date.now() / 1000) + 1500;
    const { url, seen } = await server((_, response) =>
      response.writeHead(403, { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': String(reset) }).end('{}'),
    );
    const message = await failed(call(api(url), { path: '/x' }));
    expect(message).toContain('The rate limit is reached: wait until');
    expect(message).toContain('(25 min)');
    expect(message).not.toContain('GITHUB_TOKEN');
    expect(seen).toHaveLength(1);
  });

  it('is no rate limit without either', async () => {
    const { url } = await server((_, response) => response.writeHead(403, { 'x-ratelimit-remaining': '7' }).end('{}'));
    expect(await failed(call(api(url), { path: '/x' }))).toContain('403 Forbidden. Set GITHUB_TOKEN.');
  });
});

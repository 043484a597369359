import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from '@jest/globals';

/** A proxy that refuses every tunnel, and says so. */
let proxy: Server;
const asked: string[] = [];
beforeAll(async () => {
  proxy = createServer((request, response) => {
    asked.push(`${request.method ?? ''} ${request.url ?? ''}`);
    response.end('{}');
  }).on('connect', (request, socket) => {
    asked.push(`CONNECT ${request.url ?? ''}`);
    socket.end('HTTP/1.1 407 Proxy Authentication Required\r\n\r\n');
  });
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
});
afterAll(() => {
  proxy.closeAllConnections();
  proxy.close();
});

/** One request through the door in a process of its own: what a proxy is, a process decides once. */
async function request(url: string, more: Record<string, string>, node = process.execPath): Promise<string> {
  const script = `import(${JSON.stringify(join(process.cwd(), 'services/door/door.ts'))})
    .then(({ exchange }) => exchange({ url: ${JSON.stringify(url)}, timeoutMs: 5000 }))
    .then(({ status }) => console.log('status ' + status), (error) => console.log(error.message));`;
  const child = spawn(node, ['--no-warnings', '--experimental-strip-types', '--eval', script], {
    env: { PATH: process.env.PATH ?? '', ...more },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (said += chunk.toString()));
  await new Promise((resolve) => child.once('close', resolve));
  return said;
}

const pinned = join(process.cwd(), 'node_modules', '.bin', 'node');
const address = () => `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`;

it('goes by the proxy of the environment, without a switch of Node’s, and names it when it fails', async () => {
  const said = await request('https://service.invalid/', { HTTPS_PROXY: address() }, pinned);
  expect(asked).toContain('CONNECT service.invalid:443');
  expect(said).toContain('It went by the proxy of HTTPS_PROXY');
});

it('reaches a host of NO_PROXY directly', async () => {
  asked.length = 0;
  const said = await request('https://service.invalid/', { HTTPS_PROXY: address(), NO_PROXY: '.invalid' }, pinned);
  expect(asked).toEqual([]);
  expect(said).toContain('connection failed (ENOTFOUND)');
});

it('never sends through a proxy what goes to this machine without TLS', async () => {
  asked.length = 0;
  const own = createServer((_, response) => response.end('{}'));
  await new Promise<void>((resolve) => own.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(own.address() as AddressInfo).port}/`;
  expect(await request(url, { HTTP_PROXY: address(), http_proxy: address() }, pinned)).toBe('status 200\n');
  expect(asked).toEqual([]);
  own.close();
});

it('names what to set where Node is told not to use it, and where there is none', async () => {
  const off = await request('https://service.invalid/', { HTTPS_PROXY: address(), NODE_USE_ENV_PROXY: '0' }, pinned);
  expect(off).toContain('HTTPS_PROXY is set, but this Node does not use it: set NODE_USE_ENV_PROXY=1 too');
  expect(await request('https://service.invalid/', {}, pinned)).toContain('Behind a proxy, set HTTPS_PROXY');
});

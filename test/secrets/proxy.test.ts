import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect, createServer, type AddressInfo, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, it } from '@jest/globals';
import { startInternet, type Internet } from '../../sandbox/standIns/internet/internet.ts';
import { changedToken, startOnePassword, type TestServer } from '../sandbox/onepasswordServer.ts';

/** An address as a service account's token has it; it is reached by the proxy alone. */
const address = 'my.1password.invalid';
const reference = 'op://Platform/Supabase/url';

let vault: TestServer;
let internet: Internet;
let folder: string;
/** Stands before the proxy, and keeps what was asked of it. */
let front: Server;
const asked: string[] = [];
beforeAll(async () => {
  vault = await startOnePassword();
  internet = await startInternet({ [address]: vault.port });
  folder = mkdtempSync(join(tmpdir(), 'proxy-'));
  writeFileSync(join(folder, 'certificate.pem'), internet.certificate.certificate);
  front = createServer((client) => {
    const upstream = connect(Number(new URL(internet.proxy).port), '127.0.0.1');
    client.once('data', (chunk) => asked.push(chunk.toString('latin1').split('\r\n')[0] ?? ''));
    client.pipe(upstream).pipe(client);
    client.on('error', () => upstream.destroy());
    upstream.on('error', () => client.destroy());
  });
  await new Promise<void>((resolve) => front.listen(0, '127.0.0.1', resolve));
});
afterAll(async () => {
  front.close();
  await internet.close();
  await vault.close();
  rmSync(folder, { recursive: true });
});
beforeEach(() => void asked.splice(0));

const proxy = () => `http://127.0.0.1:${(front.address() as AddressInfo).port}`;

/** One read of the vault by the unmodified SDK, in a process of its own: what a proxy is, a process decides once. */
async function read(more: Record<string, string>): Promise<string> {
  const file = join(process.cwd(), 'secrets', 'vault.ts');
  const token = changedToken(vault.token, { signInAddress: `https://${address}` });
  const script = `import(${JSON.stringify(file)})
    .then(({ resolveReferences }) => resolveReferences(
      { kind: 'service-account', token: process.env.OP_SERVICE_ACCOUNT_TOKEN },
      [{ reference: ${JSON.stringify(reference)}, wantedBy: 'x' }], 30_000))
    .then((values) => console.log('read ' + values.get(${JSON.stringify(reference)}).reveal()),
      (error) => console.log(error.message)).then(() => process.exit());`;
  const node = join(process.cwd(), 'node_modules', '.bin', 'node');
  const child = spawn(node, ['--no-warnings', '--experimental-strip-types', '--eval', script], {
    env: {
      ...{ PATH: process.env.PATH ?? '', OP_SERVICE_ACCOUNT_TOKEN: token },
      ...{ NODE_EXTRA_CA_CERTS: join(folder, 'certificate.pem'), ...more },
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (said += chunk.toString()));
  await new Promise((resolve) => child.once('close', resolve));
  return said;
}

it('1Password is read through the proxy of HTTPS_PROXY, without a switch of Node’s', async () => {
  expect(await read({ HTTPS_PROXY: proxy() })).toBe(`read ${vault.service.vault.read('url')}\n`);
  expect(asked).toContain(`CONNECT ${address}:443 HTTP/1.1`);
});

it('a host of NO_PROXY is asked directly, and the error names both variables', async () => {
  const said = await read({ HTTPS_PROXY: proxy(), NO_PROXY: address });
  expect(asked).toEqual([]);
  expect(said).toContain('1Password cannot be reached');
  expect(said).toContain('It went by the proxy of HTTPS_PROXY; hosts in NO_PROXY are reached directly');
});

it.each([
  ['there is no proxy', {}, 'Behind a proxy, set HTTPS_PROXY'],
  ['Node is told not to use it', { NODE_USE_ENV_PROXY: '0' }, 'set NODE_USE_ENV_PROXY=1 too'],
])('the error names what to set where %s', async (_, more, words) => {
  const said = await read({ ...more, ...('NODE_USE_ENV_PROXY' in more && { HTTPS_PROXY: proxy() }) });
  expect(asked).toEqual([]);
  expect(said).toContain('1Password cannot be reached');
  expect(said).toContain(words);
});

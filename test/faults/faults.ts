import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Agent, request as forward } from 'node:http';

/** One way in which a service fails, and the words by which a person must learn of it. */
export interface NamedFault {
  readonly name: string;
  readonly cause: RegExp;
  readonly answer: (response: ServerResponse, message: IncomingMessage) => void;
  /** The service has acted before it failed, so that nobody can know. */
  readonly afterEffect?: boolean;
}

const status =
  (code: number, headers: Readonly<Record<string, string>> = {}, body = '{}') =>
  (response: ServerResponse): void => {
    response.writeHead(code, { 'content-type': 'application/json', ...headers }).end(body);
  };
/** So that a test of patience is not one of the tester's. */
const soon = { 'retry-after': '0' };
const megabyte = Buffer.alloc(1024 * 1024, ' ');

/** Every fault of the matrix. */
export const faults: readonly NamedFault[] = [
  { name: '401', cause: /401/, answer: status(401) },
  { name: '403', cause: /403/, answer: status(403) },
  { name: '403 retry-after', cause: /403|rate limit/i, answer: status(403, soon) },
  {
    name: '403 remaining 0',
    cause: /403|rate limit/i,
    answer: status(403, { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': '1' }),
  },
  { name: '404', cause: /404|no such|not found|not there/i, answer: status(404) },
  { name: '409', cause: /409/, answer: status(409) },
  { name: '422', cause: /422/, answer: status(422) },
  { name: '429', cause: /429|rate limit/i, answer: status(429, soon) },
  { name: '500', cause: /500/, answer: status(500, soon) },
  { name: '503', cause: /503/, answer: status(503, soon) },
  { name: 'reset', cause: /connection failed/, answer: (_, message) => message.socket.destroy() },
  { name: 'time-out', cause: /no answer within|time/i, answer: () => undefined },
  {
    name: 'half a body',
    cause: /connection failed|not JSON/,
    answer: (response, message) => {
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': '1000' });
      response.write('{"half":', () => message.socket.destroy());
    },
  },
  { name: 'redirect', cause: /30\d|moved|sent on/, answer: status(302, { location: 'http://127.0.0.1:9/elsewhere' }) },
  {
    name: 'HTML',
    cause: /not JSON|JSON|HTML/i,
    answer: status(200, { 'content-type': 'text/html' }, '<!doctype html><html><title>Sign in</title></html>'),
  },
  {
    name: '64 MB',
    cause: /longer than 16 MiB/,
    answer: (response) => {
      response.writeHead(200, { 'content-type': 'application/json' });
      let left = 64;
      const more = (): void => {
        while (left > 0 && !response.destroyed) {
          left -= 1;
          if (!response.write(megabyte)) return void response.once('drain', more);
        }
        response.end();
      };
      more();
    },
  },
];

/** What of a service fails: everything, only what would change something, or its logs alone. */
export type Extent = 'all' | 'writes' | 'logs';

function fails({ method, url = '/' }: IncomingMessage, extent: Extent): boolean {
  if (extent === 'logs') return url.includes('/analytics/');
  return extent === 'all' || (method !== 'GET' && method !== 'HEAD');
}

/** An address in a service's place, at which it fails so. What does not fail is passed on to the service. */
export async function failing(
  service: string,
  { answer }: NamedFault,
  extent: Extent,
): Promise<{ readonly url: string; readonly close: () => void }> {
  const agent = new Agent({ keepAlive: false });
  const server: Server = createServer((message, response) => {
    if (!fails(message, extent)) {
      const { method, headers, url = '/' } = message;
      const passed = forward(`${service}${url}`, { method, headers, agent }, (reply) => {
        response.writeHead(reply.statusCode ?? 500, reply.headers);
        reply.pipe(response);
      });
      passed.on('error', () => response.destroy());
      message.pipe(passed);
      return;
    }
    message.resume();
    answer(response, message);
  });
  // A busy machine may leave a connection idle for longer than the preset 5 s.
  server.keepAliveTimeout = 120_000;
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () => {
      server.closeAllConnections();
      server.close();
      agent.destroy();
    },
  };
}

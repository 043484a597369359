import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { faultReply, type Faults } from './faults.ts';
import type { Service, ServiceReply, ServiceRequest } from './service.ts';

/** One request and its reply, whole: for tests that validate both against a vendor's schema. Kept in memory only. */
export interface Exchange {
  readonly service: string;
  readonly request: ServiceRequest;
  readonly reply: ServiceReply;
}

/** A line of the request log: never a body, never a header. */
export interface LogEntry {
  /** ISO 8601. */
  readonly time: string;
  readonly service: string;
  readonly method: string;
  /** As the service lets it be shown: a webhook's path is a secret. */
  readonly path: string;
  /** Names of the query's parameters with their values. */
  readonly query: string;
  readonly status: number;
  readonly effects: readonly string[];
  /** How the request went wrong by rule, when it did. */
  readonly fault?: string;
}

/** A listening stand-in. */
export interface Listening {
  readonly port: number;
  readonly url: string;
  close(): Promise<void>;
}

export interface ServeOptions {
  /** The port to take, where it is free. Default: any free one. */
  readonly port?: number;
  /** How requests go wrong. Default: none does. */
  readonly faults?: Faults;
  readonly log?: (entry: LogEntry) => void;
  /** Sees every exchange whole. */
  readonly observe?: (exchange: Exchange) => void;
}

/** Stand-ins that listen. */
export interface Served {
  readonly urls: Readonly<Record<string, string>>;
  /** Where the service of this name listens; throws for one that does not. */
  port(name: string): number;
  close(): Promise<void>;
}

/** Serves stand-ins on 127.0.0.1, each on a port of its own. `port`: the one that a service shall have, where it is free. */
export async function serveAll(
  services: readonly Service[],
  options: Omit<ServeOptions, 'port'> = {},
  port: (name: string) => number = () => 0,
): Promise<Served> {
  const listening = new Map<string, Listening>();
  for (const service of services)
    listening.set(service.name, await serve(service, { ...options, port: port(service.name) }));
  return {
    urls: Object.fromEntries([...listening].map(([name, { url }]) => [name, url])),
    port(name) {
      const found = listening.get(name);
      if (found === undefined) throw new Error(`No stand-in of the name ${name} listens.`);
      return found.port;
    },
    close: async () => {
      await Promise.all([...listening.values()].map((each) => each.close()));
    },
  };
}

/** Serves a stand-in on 127.0.0.1. */
export async function serve(service: Service, options: ServeOptions = {}): Promise<Listening> {
  const server = createServer((message, response) => {
    void answer(service, options, message, response).catch((error: unknown) => {
      // A defect of the stand-in itself: say so in the answer, so that no client mistakes it for the vendor's.
      if (!response.headersSent) response.writeHead(500, { 'content-type': 'text/plain' });
      response.end(`sandbox defect in ${service.name}: ${error instanceof Error ? error.message : String(error)}`);
    });
  });
  // On a busy machine this process may be late by more than Node's 5 s: it must not close what a client is writing to.
  server.keepAliveTimeout = 300_000;
  await listen(server, options.port ?? 0).catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error;
    return listen(server, 0); // somebody else has taken it
  });
  const { port } = server.address() as AddressInfo;
  return { port, url: `http://127.0.0.1:${port}`, close: () => closeServer(server) };
}

async function listen(server: Server, port: number): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => {
      server.off('error', reject);
      resolve();
    });
  });
}

async function answer(service: Service, options: ServeOptions, message: IncomingMessage, response: ServerResponse) {
  const request = await readRequest(message);
  const fault = options.faults?.take(service.name, request);
  const log = (status: number, effects: readonly string[]) =>
    options.log?.({
      time: new Date().toISOString(),
      service: service.name,
      method: request.method,
      path: service.loggedPath?.(request.path) ?? request.path,
      query: request.query.toString(),
      status,
      effects,
      ...(fault && { fault: fault.connection ?? `status ${fault.status ?? 'unchanged'}` }),
    });
  if (fault?.delayMs !== undefined) await sleep(fault.delayMs);
  const replaced = fault && faultReply(fault);
  const acts =
    !fault || fault.afterEffect === true || (!replaced && (!fault.connection || fault.connection === 'half'));
  const real = acts ? await service.handle(request) : undefined;
  const reply = replaced ?? real ?? { status: 0 };
  log(fault?.connection ? 0 : reply.status, real?.effects ?? []);
  if (fault?.connection === 'hang') return;
  if (fault?.connection === 'reset') {
    message.socket.destroy();
    return;
  }
  if (!fault) options.observe?.({ service: service.name, request, reply });
  send(message, response, reply, fault?.connection === 'half');
}

async function readRequest(message: IncomingMessage): Promise<ServiceRequest> {
  const chunks: Buffer[] = [];
  for await (const chunk of message) chunks.push(chunk as Buffer);
  const url = new URL(message.url ?? '/', 'http://127.0.0.1');
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(message.headers)) {
    if (value !== undefined) headers[name] = Array.isArray(value) ? value.join(', ') : value;
  }
  return {
    method: message.method ?? 'GET',
    path: url.pathname,
    query: url.searchParams,
    headers,
    body: Buffer.concat(chunks),
  };
}

function send(message: IncomingMessage, response: ServerResponse, reply: ServiceReply, half: boolean): void {
  const raw = Buffer.isBuffer(reply.body) || typeof reply.body === 'string';
  const body =
    reply.body === undefined
      ? Buffer.alloc(0)
      : raw
        ? Buffer.from(reply.body as string)
        : Buffer.from(JSON.stringify(reply.body));
  response.writeHead(reply.status, {
    ...(body.length > 0 && !raw && { 'content-type': 'application/json' }),
    'content-length': String(body.length),
    ...reply.headers,
  });
  if (!half) {
    response.end(body);
    return;
  }
  response.write(body.subarray(0, Math.floor(body.length / 2)), () => message.socket.destroy());
}

function closeServer(server: Server): Promise<void> {
  server.closeAllConnections();
  return new Promise((resolve, reject) => server.close((error) => (error ? reject(error) : resolve())));
}

import { createServer } from 'node:http';
import { connect, type AddressInfo, type Socket } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import { makeCertificate, type Certificate } from './certificate.ts';

/** The local port behind each real name; `*.netlify.app` stands for all its subdomains. */
export type Names = Readonly<Record<string, number>>;

/** A forward proxy on loopback through which commands reach stand-ins under the vendors' real names, by TLS. */
export interface Internet {
  readonly proxy: string;
  readonly certificate: Certificate;
  close(): Promise<void>;
}

function portFor(names: Names, host: string): number | undefined {
  return names[host] ?? names[`*.${host.split('.').slice(1).join('.')}`];
}

function join(one: Socket, other: Socket): void {
  one.pipe(other).pipe(one);
  one.on('error', () => other.destroy());
  other.on('error', () => one.destroy());
}

function listen(server: ReturnType<typeof createServer> | ReturnType<typeof createTlsServer>): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port));
  });
}

/** Starts it. Other names go where they always go, so that a package manager works as ever. */
export async function startInternet(names: Names): Promise<Internet> {
  const certificate = await makeCertificate(Object.keys(names));
  const sockets = new Set<Socket>();
  const keep = (socket: Socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  };
  const tls = createTlsServer({ key: certificate.key, cert: certificate.certificate }, (secure) => {
    const port = portFor(names, String(secure.servername));
    if (port === undefined) secure.destroy();
    else join(secure, connect(port, '127.0.0.1'));
  });
  tls.on('connection', keep);
  tls.on('tlsClientError', () => undefined); // a client that does not trust the certificate says so itself
  const tlsPort = await listen(tls);
  const proxy = createServer((_, response) => response.writeHead(405).end('only CONNECT'));
  proxy.on('connection', keep);
  proxy.on('connect', (request, client: Socket, head: Buffer) => {
    const target = new URL(`http://${request.url ?? ''}`);
    const known = portFor(names, target.hostname) !== undefined;
    const upstream = known ? connect(tlsPort, '127.0.0.1') : connect(Number(target.port || 443), target.hostname);
    keep(upstream);
    upstream.once('connect', () => {
      client.write('HTTP/1.1 200 Connection Established\r\n\r\n');
      upstream.write(head);
      join(client, upstream);
    });
    upstream.on('error', () => client.destroy());
    client.on('error', () => upstream.destroy());
  });
  const proxyPort = await listen(proxy);
  return {
    proxy: `http://127.0.0.1:${proxyPort}`,
    certificate,
    async close() {
      for (const socket of sockets) socket.destroy();
      await Promise.all([tls, proxy].map((server) => new Promise((resolve) => server.close(resolve))));
    },
  };
}

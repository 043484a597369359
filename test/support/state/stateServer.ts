import type { ChildProcess } from 'node:child_process';
import { createServer, connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

/** A running server that keeps Pulumi's state. */
export interface StateServer {
  /** What makes Pulumi keep its state there. */
  readonly environment: Readonly<Record<string, string>>;
  close(): Promise<void>;
}

/** A port of 127.0.0.1 that nobody listens on. */
export function freePort(): Promise<number> {
  const server = createServer();
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      const port = typeof address === 'object' ? address?.port : undefined;
      server.close(() => (port === undefined ? reject(new Error('no port')) : resolve(port)));
    });
  });
}

/** Waits until a server answers on its port of 127.0.0.1; throws what it said when it ends before. */
export async function listens(server: ChildProcess, port: number): Promise<void> {
  let said = '';
  server.stderr?.on('data', (chunk: Buffer) => (said += chunk.toString()));
  const failed = new Promise<never>((_resolve, reject) => {
    server.once('error', reject);
    server.once('close', (code) => reject(new Error(`${server.spawnfile} ended with ${code ?? 'a signal'}: ${said}`)));
  });
  failed.catch(() => undefined); // it ends at last, when nobody waits any more
  while (!(await Promise.race([answers(port), failed]))) await sleep(50);
}

/** Waits until the process has ended. */
export function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve();
  return new Promise((resolve) => child.once('close', () => resolve()));
}

function answers(port: number): Promise<boolean> {
  const socket = connect(port, '127.0.0.1');
  return new Promise((resolve) => {
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
  }).finally(() => socket.destroy()) as Promise<boolean>;
}

import { randomBytes } from 'node:crypto';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { withLock } from '../machine/lock.ts';
import { ownBuild } from './stack/build.ts';
import { createControl } from './standIns/control/service.ts';
import { portOf, readEndpoints, writeEndpoints } from './process/endpoints.ts';
import { sandboxPaths } from './process/paths.ts';
import { startSandbox } from './sandbox.ts';
import { serve, type Exchange } from './server/serve.ts';

/** The background process of one sandbox folder. Commands start it on demand; see `background.ts`. */

const keptExchanges = 2000;

/** Thrown when another process serves the same folder: two starters at once end with one daemon. */
class AlreadyServed extends Error {}

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { dir: { type: 'string' }, idleMinutes: { type: 'string' } } });
  const dir = values.dir ?? '';
  const idleMinutes = Number(values.idleMinutes ?? 120);
  mkdirSync(dir, { recursive: true });
  const waiting = (_: number, seconds: number) => {
    // A command that only checks who holds the folder has released it by then.
    if (seconds >= 1) throw new AlreadyServed();
  };
  await withLock(sandboxPaths(dir).lock, { waiting, interval: 100 }, () => run(dir, idleMinutes));
}

/** Serves until it is stopped, or no request has come for `idleMinutes`. */
async function run(dir: string, idleMinutes: number): Promise<void> {
  const paths = sandboxPaths(dir);
  const earlier = readEndpoints(dir);
  const exchanges: Exchange[] = [];
  const { promise: stopped, resolve: stop } = Promise.withResolvers<undefined>();
  const idle = setTimeout(() => stop(undefined), idleMinutes * 60_000);

  const sandbox = await startSandbox({
    dir,
    ...(earlier && { endpoints: earlier.services }),
    observe: (exchange) => {
      exchanges.push(exchange);
      if (exchanges.length > keptExchanges) exchanges.shift();
    },
    requested: () => idle.refresh(),
  });
  const token = randomBytes(32).toString('base64url');
  rmSync(paths.controlToken, { force: true });
  writeFileSync(paths.controlToken, token, { mode: 0o600 });
  const service = createControl({
    sandbox,
    token,
    build: ownBuild(),
    exchanges: () => exchanges,
    shutdown: () => {
      setTimeout(() => stop(undefined), 50);
    },
  });
  const control = await serve(service, { port: portOf(earlier?.control), log: () => idle.refresh() });
  // Last: whoever reads the addresses finds everything there.
  writeEndpoints(dir, {
    pid: process.pid,
    control: control.url,
    services: sandbox.endpoints,
  });
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.once(signal, () => stop(undefined));
  await stopped;
  clearTimeout(idle);
  await Promise.all([sandbox.close(), control.close()]);
}

main().catch((error: unknown) => {
  if (error instanceof AlreadyServed) return;
  console.error(error);
  process.exitCode = 1;
});

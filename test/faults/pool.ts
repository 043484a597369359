import { fork, type ChildProcess } from 'node:child_process';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** How a command ended; `hang` when it had to be ended. */
export interface Ending {
  readonly code: number | 'hang';
  readonly stdout: string;
  readonly stderr: string;
  readonly ms: number;
}

interface Answer extends Ending {
  readonly id: number;
}

/** No command may take longer, whatever its services do. */
const limitMs = 240_000;

/** Runs commands within one process, so many at a time: a process each would take too long. */
export class Pool {
  readonly #child: ChildProcess;
  readonly #waiting = new Map<number, (ending: Ending) => void>();
  readonly #queue: (() => void)[] = [];
  #free: number;
  #next = 0;
  readonly #apartMs: number;
  #mayStart = Promise.resolve();

  /** `apartMs` is how long it waits between the starts of two: each keeps the process busy, and all others waiting. */
  constructor(cwd: string, env: Readonly<Record<string, string>>, atOnce: number, apartMs = 0) {
    this.#free = atOnce;
    this.#apartMs = apartMs;
    this.#child = fork(join(process.cwd(), 'test', 'support', 'jest', 'commandProcess.mjs'), [], {
      cwd,
      execPath: join(process.cwd(), 'node_modules', '.bin', 'node'),
      execArgv: ['--max-old-space-size=1536', '--disable-warning=ExperimentalWarning'],
      env: { PATH: process.env.PATH, HOME: process.env.HOME, ...env },
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    });
    this.#child.on('message', ({ id, ...ending }: Answer) => {
      this.#waiting.get(id)?.(ending);
      this.#waiting.delete(id);
    });
  }

  /** Runs one command with exactly this environment, in this folder. */
  async run(
    entry: string,
    args: readonly string[],
    env: Readonly<Record<string, string>>,
    cwd: string,
  ): Promise<Ending> {
    if (this.#free > 0) this.#free -= 1;
    else await new Promise<void>((resolve) => this.#queue.push(resolve));
    if (this.#apartMs > 0) await (this.#mayStart = this.#mayStart.then(() => sleep(this.#apartMs)));
    try {
      const id = (this.#next += 1);
      const ended = new Promise<Ending>((resolve) => this.#waiting.set(id, resolve));
      // The process itself has its proxy from its start.
      const all = { PATH: process.env.PATH ?? '', HOME: process.env.HOME ?? '', ...env, NODE_USE_ENV_PROXY: '0' };
      this.#child.send({ id, bundle: bundled(entry), args, env: all, cwd, limitMs });
      return await ended;
    } finally {
      const next = this.#queue.shift();
      if (next) next();
      else this.#free += 1;
    }
  }

  close(): void {
    this.#child.kill('SIGKILL'); // what it runs listens to every other signal
  }
}

const bundles = new Map<string, string>();

function bundled(entry: string): string {
  const known = bundles.get(entry);
  if (known !== undefined) return known;
  const { bundle } = createRequire(join(process.cwd(), 'launch', 'x.js'))('./bundle.cjs') as {
    bundle: (entry: string) => string;
  };
  const file = bundle(entry.includes('/') ? entry : `commands/${entry}/command.ts`);
  bundles.set(entry, file);
  return file;
}

import { appendFileSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import type { ApplicationState } from './application/layApplication.ts';
import type { Toolchain } from '../toolchain/toolchain.ts';
import { type Endpoints, portOf } from './process/endpoints.ts';
import { sandboxEnvironment } from './process/environment.ts';
import { realNames, type RealNames } from './standIns/internet/realNames.ts';
import { sandboxPaths } from './process/paths.ts';
import { Faults } from './server/faults.ts';
import { type Exchange, type LogEntry, serveAll } from './server/serve.ts';
import type { Service } from './server/service.ts';
import { createDeployJob, type DeployJob } from './application/deployJob.ts';
import { openProject } from './stack/supabaseProject.ts';
import { createStandIns, serviceNames, type StandIns } from './standIns/all.ts';

export interface SandboxOptions {
  /** Where everything is kept; made when it is missing. */
  readonly dir: string;
  /** Ports of an earlier run, to be taken again where they are free. */
  readonly endpoints?: Partial<Endpoints>;
  /** Sees every exchange whole. */
  readonly observe?: (exchange: Exchange) => void;
  /** Called for every request. */
  readonly requested?: () => void;
}

/** All stand-ins, listening in this process. */
export interface RunningSandbox {
  readonly dir: string;
  /** The stand-ins' state, for what reads it beside every API. */
  readonly stateDir: string;
  readonly endpoints: Endpoints;
  readonly faults: Faults;
  /** The stand-ins behind the addresses; others after a reset. */
  readonly standIns: () => StandIns;
  /** Every request so far, those of earlier runs too. */
  log(): LogEntry[];
  /** The environment that leads a command here; with a toolchain also to Pulumi. */
  environment(toolchain?: Toolchain): Record<string, string>;
  /** Opens, once, the way to the stand-ins under the vendors' names. */
  readonly realNames: () => Promise<RealNames>;
  /** Staging's deploys, as the team's job makes them. */
  readonly deployJob: DeployJob;
  /** Gives the database the application's tables in this state: a database of its own, kept beside the other. */
  useApplication(state: ApplicationState): Promise<void>;
  /** Forgets all state of the services, the log and the faults; addresses stay. */
  reset(): Promise<void>;
  close(): Promise<void>;
}

/** Starts all stand-ins in this process. */
export async function startSandbox(options: SandboxOptions): Promise<RunningSandbox> {
  const { dir } = options;
  const paths = sandboxPaths(dir);
  mkdirSync(paths.services, { recursive: true, mode: 0o700 });
  const names = realNames(dir, () => endpoints);
  let standIns = createStandIns(paths.services, async () => (await names()).environment);
  const faults = new Faults();
  const log = (entry: LogEntry) => {
    options.requested?.();
    appendFileSync(paths.requests, `${JSON.stringify(entry)}\n`, { mode: 0o600 });
  };

  // Asked anew for each request: a reset puts other stand-ins behind the same address.
  const services = serviceNames.map((name): Service => ({
    name,
    async handle(request) {
      const reply = await standIns[name].handle(request);
      if (name === 'github') deployJob.seen(request);
      return reply;
    },
    loggedPath: (path) => standIns[name].loggedPath?.(path) ?? path,
  }));
  const deployJob = createDeployJob(paths.services, () => endpoints.netlify);
  const earlier: Readonly<Record<string, string | undefined>> = options.endpoints ?? {};
  const served = await serveAll(
    services,
    { faults, log, ...(options.observe && { observe: options.observe }) },
    (name) => portOf(earlier[name]),
  );
  const endpoints = served.urls as Endpoints;

  return {
    dir,
    stateDir: paths.services,
    endpoints,
    faults,
    realNames: names,
    deployJob,
    standIns: () => standIns,
    log: () => readLog(dir),
    environment: (toolchain) => sandboxEnvironment(dir, endpoints, toolchain),
    async useApplication(application) {
      await standIns.supabase.close();
      openProject(paths.services).update((project) => Object.assign(project, { application }));
      standIns = createStandIns(paths.services, async () => (await names()).environment);
    },
    async reset() {
      await deployJob.settled();
      await standIns.supabase.close();
      rmSync(paths.services, { recursive: true, force: true });
      rmSync(paths.requests, { force: true });
      mkdirSync(paths.services, { mode: 0o700 });
      faults.set([]);
      standIns = createStandIns(paths.services, async () => (await names()).environment);
    },
    close: async () => {
      await deployJob.settled();
      await names.close();
      await served.close();
      await standIns.supabase.close();
    },
  };
}

/** The request log of a sandbox, whether it runs or not. */
export function readLog(dir: string): LogEntry[] {
  let text: string;
  try {
    text = readFileSync(sandboxPaths(dir).requests, 'utf8');
  } catch {
    return [];
  }
  // A line without its end is being written, or its writer was killed.
  const lines = text.split('\n').slice(0, -1);
  return lines.flatMap((line) => {
    try {
      return [JSON.parse(line) as LogEntry];
    } catch {
      return [];
    }
  });
}

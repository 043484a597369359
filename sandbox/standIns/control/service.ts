import { timingSafeEqual } from 'node:crypto';
import type { ApplicationState } from '../../application/layApplication.ts';
import { injections } from '../../drift/injections.ts';
import type { GitHubSeed } from '../github/index.ts';
import { seedGitHub } from '../github/index.ts';
import { type NetlifySeed, seedNetlify } from '../netlify/index.ts';
import type { RunningSandbox } from '../../sandbox.ts';
import type { Fault } from '../../server/faults.ts';
import type { Exchange } from '../../server/serve.ts';
import { jsonBody, type Service, type ServiceReply, type ServiceRequest } from '../../server/service.ts';
import { rotate } from '../all.ts';

/** What the control endpoint acts on. */
export interface Controlled {
  readonly sandbox: RunningSandbox;
  readonly token: string;
  /** What this process runs, so that a newer command does not talk to older code. */
  readonly build: string;
  /** The latest exchanges, whole. */
  readonly exchanges: () => readonly Exchange[];
  /** Ends the daemon, after the reply. */
  readonly shutdown: () => void;
}

/** What a service has before this project comes, for `seed`. */
export interface Seed {
  readonly netlify?: NetlifySeed;
  readonly github?: GitHubSeed;
}

type Handler = (controlled: Controlled, body: unknown) => unknown;

/** Every operation, by method and path. What it returns, or promises, is the reply's JSON. */
const operations: Readonly<Record<string, Handler>> = {
  'GET /health': ({ build }) => ({ build, pid: process.pid }),
  'GET /faults': ({ sandbox }) => sandbox.faults.list(),
  'PUT /faults': ({ sandbox }, body) => sandbox.faults.set(body as Fault[]),
  'POST /faults': ({ sandbox }, body) => sandbox.faults.add(body as Fault),
  'GET /exchanges': ({ exchanges }) => exchanges().map(toJson),
  'GET /vault': ({ sandbox }) => sandbox.standIns().onepassword.vault.list(),
  'POST /vault/set': ({ sandbox }, body) => {
    const { label, value } = body as { label: string; value: string };
    sandbox.standIns().onepassword.vault.set(label, value);
  },
  'POST /vault/rotate': ({ sandbox }, body) => rotate(sandbox.standIns(), (body as { label: string }).label),
  'POST /vault/provide': ({ sandbox }, body) =>
    sandbox.standIns().onepassword.vault.provide((body as { references: string[] }).references),
  'POST /vault/remove': ({ sandbox }, body) =>
    sandbox.standIns().onepassword.vault.remove((body as { label: string }).label),
  'POST /break': async ({ sandbox }, body) => {
    const { onepassword, ...services } = sandbox.standIns();
    const deploy = () => sandbox.deployJob.deploy();
    const world = { ...services, vault: onepassword.vault, stateDir: sandbox.stateDir, deploy };
    for (const kind of (body as { kinds: string[] }).kinds) await injections[kind]?.inject(world);
  },
  'POST /seed': ({ sandbox }, body) => {
    const { netlify, github } = body as Seed;
    if (netlify) seedNetlify(sandbox.standIns().netlify, netlify);
    if (github) seedGitHub(sandbox.stateDir, github);
  },
  'POST /names': ({ sandbox }) => sandbox.realNames(),
  'POST /deploy': ({ sandbox }) => sandbox.deployJob.firstDeploys(),
  'POST /application': ({ sandbox }, body) => sandbox.useApplication((body as { state: ApplicationState }).state),
  'POST /reset': ({ sandbox }) => sandbox.reset(),
  'POST /shutdown': ({ shutdown }) => shutdown(),
};

/** The daemon's own endpoint: only a user who may read the sandbox's folder may steer it. */
export function createControl(controlled: Controlled): Service {
  return { name: 'control', handle: (request) => handle(controlled, request) };
}

async function handle(controlled: Controlled, request: ServiceRequest): Promise<ServiceReply> {
  if (!isAllowed(request, controlled.token)) return { status: 401, body: { error: 'wrong token' } };
  const name = `${request.method} ${request.path}`;
  const operation = Object.hasOwn(operations, name) ? operations[name] : undefined;
  if (!operation) return { status: 404, body: { error: `no operation ${name}` } };
  try {
    return { status: 200, body: (await operation(controlled, jsonBody(request))) ?? null };
  } catch (error) {
    return { status: 422, body: { error: error instanceof Error ? error.message : String(error) } };
  }
}

function isAllowed(request: ServiceRequest, token: string): boolean {
  const given = Buffer.from(request.headers.authorization ?? '');
  const wanted = Buffer.from(`Bearer ${token}`);
  return given.length === wanted.length && timingSafeEqual(given, wanted);
}

/** An exchange as JSON: bodies as text. */
function toJson({ service, request, reply }: Exchange) {
  const { body, query, ...rest } = request;
  return { service, request: { ...rest, query: query.toString(), body: body.toString('utf8') }, reply };
}

import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { strToU8, zipSync } from 'fflate';
import { expect } from '@jest/globals';
import {
  createGitHub,
  githubTokens,
  seedGitHub,
  updateGitHub,
  type GitHubSeed,
} from '../../../sandbox/standIns/github/index.ts';
import type { Repository } from '../../../sandbox/standIns/github/records.ts';
import { record } from '../../../sandbox/drill/pipeline.ts';
import type { ApplicationState } from '../../../sandbox/application/layApplication.ts';
import { createHosting } from '../../../sandbox/standIns/hosting/netlify.ts';
import { site, supabase as project } from '../../../sandbox/process/identity.ts';
import { startInternet } from '../../../sandbox/standIns/internet/internet.ts';
import {
  createNetlify,
  netlifyTokens,
  netlifyValues,
  seedNetlify,
  type NetlifySeed,
} from '../../../sandbox/standIns/netlify/index.ts';
import type { NetlifyState } from '../../../sandbox/standIns/netlify/state.ts';
import { Faults, type Fault } from '../../../sandbox/server/faults.ts';
import { serve, serveAll, type Exchange, type Listening, type LogEntry } from '../../../sandbox/server/serve.ts';
import type { Service } from '../../../sandbox/server/service.ts';
import { applicationMigrations } from '../../../sandbox/standIns/supabase/application.ts';
import { createKeys, type SupabaseKeys } from '../../../sandbox/standIns/supabase/keys.ts';
import { createSupabase, type SupabaseService } from '../../../sandbox/standIns/supabase/service.ts';
import { functionEnvironment } from '../../../sandbox/standIns/supabaseManagement/secrets.ts';
import { createSupabaseManagement } from '../../../sandbox/standIns/supabaseManagement/service.ts';
import { runCommand, type Ended } from '../../support/command.ts';
import { copyFixture } from '../../support/fixture.ts';

/** The services behind the operations commands, and a project's folder of their own. */
export interface World {
  /** A copy of the project's folder as far as the commands read it. */
  readonly root: string;
  readonly stateDir: string;
  readonly faults: Faults;
  readonly log: LogEntry[];
  readonly exchanges: Exchange[];
  readonly supabase: SupabaseService;
  /** The Edge Functions' secrets. */
  functionSecrets(): Readonly<Record<string, string>>;
  /** The keys of the Supabase project. */
  readonly keys: SupabaseKeys;
  readonly urls: Readonly<Record<string, string>>;
  readonly environment: Readonly<Record<string, string>>;
  /** Values that no output may hold. */
  readonly secrets: string[];
  /** Runs a command; whatever it prints holds no secret. */
  run(
    entry: string,
    args: readonly string[],
    env?: Readonly<Record<string, string>>,
    more?: { readonly cwd?: string; readonly started?: (pid: number) => void },
  ): Promise<Ended>;
  /** A further address of one service, with faults of its own. */
  face(service: string, faults: readonly Fault[]): Promise<string>;
  /** Values on Netlify by `KEY context`. */
  netlifyValues(): Record<string, string>;
  /** The requests that changed something, as `METHOD /path`. */
  writes(since?: number): string[];
  repository(change: (repository: Repository) => void): void;
  /** Changes what Netlify has, past its API. */
  netlify(change: (state: NetlifyState) => void): void;
  /** Brings more to Netlify, as {@link seedNetlify}. */
  seedNetlify(seed: NetlifySeed): void;
  /** The project's published key. */
  readonly anonKey: string;
  /** Puts a ready deploy of a branch on the site, with a page and a function, as Netlify's CLI does. */
  deploy(branch: string, page: string): Promise<string>;
  /** The deploy that production serves. */
  published(): Promise<string | undefined>;
  close(): Promise<void>;
}

export interface WorldOptions {
  readonly netlify?: NetlifySeed;
  readonly github?: GitHubSeed;
  /** The state of the application; the playbook's by default. */
  readonly application?: ApplicationState;
  /** Folders of further migrations, over the application's. */
  readonly migrations?: readonly string[];
  /** Further services by name; their addresses are in `urls`. */
  readonly services?: (stateDir: string) => readonly Service[];
}

/** The function of every deploy: tells what it reads. */
const runtimeConfig = Buffer.from(
  zipSync({
    'config.mjs': strToU8(`export default () => Response.json({ runtimeEnv: process.env.RUNTIME_ENV ?? 'unknown',
      agentActionsDisabled: process.env.AGENT_ACTIONS_DISABLED === 'true' });
      export const config = { path: '/api/runtime-config' };`),
  }),
);

/** Starts the stand-ins in this process. */
export async function startWorld(options: WorldOptions = {}): Promise<World> {
  const folder = mkdtempSync(join(tmpdir(), 'operations-'));
  const stateDir = join(folder, 'state');
  const root = join(folder, 'project');
  copyFixture(root, '.gitignore');
  seedNetlify(stateDir, { liveDeploy: true, ...options.netlify });
  seedGitHub(stateDir, { workflows: { '.github/workflows/ci.yml': 'CI' }, ...options.github });
  const keys = createKeys(randomBytes(32).toString('hex'), project.projectRef);
  const { application = 'playbook' } = options;
  const management = createSupabaseManagement({ stateDir, database: () => supabase.database() });
  const supabase: SupabaseService = createSupabase({
    keys,
    migrations: [...applicationMigrations(application), ...(options.migrations ?? [])],
    agent: { application, secrets: () => functionEnvironment(management.store) },
  });
  const faults = new Faults();
  const log: LogEntry[] = [];
  const exchanges: Exchange[] = [];
  const servers: Listening[] = [];
  const netlify = createNetlify({ stateDir });
  const further = options.services?.(stateDir) ?? [];
  const ownManagement = !further.some(({ name }) => name === management.name);
  const services = [
    netlify,
    createGitHub({ stateDir }),
    supabase,
    createHosting(stateDir),
    ...further,
    ...(ownManagement ? [management] : []),
  ];
  const served = await serveAll(services, {
    faults,
    log: (entry) => log.push(entry),
    observe: (exchange) => exchanges.push(exchange),
  });
  const { urls } = served;
  await supabase.database();
  const internet = await startInternet({ '*.netlify.app': served.port('hosting') });
  const certificate = join(folder, 'certificate.pem');
  writeFileSync(certificate, internet.certificate.certificate);
  const netlifyToken = netlifyTokens(stateDir).admin;
  const githubToken = githubTokens(stateDir).write;
  const environment: Record<string, string> = {
    NETLIFY_API_ENDPOINT: urls.netlify ?? '',
    NETLIFY_API_TOKEN: netlifyToken,
    GITHUB_BASE_URL: `${urls.github ?? ''}/`,
    GITHUB_TOKEN: githubToken,
    SUPABASE_URL: urls.supabase ?? '',
    STAGING_SUPABASE_URL: urls.supabase ?? '',
    SUPABASE_SERVICE_ROLE_KEY: keys.serviceRoleKey,
    ...(ownManagement && {
      SUPABASE_API_ENDPOINT: urls.supabaseManagement ?? '',
      SUPABASE_ACCESS_TOKEN: management.store.state.token,
    }),
    STAGING_VAULT: 'off',
    NODE_USE_ENV_PROXY: '1',
    HTTPS_PROXY: internet.proxy,
    NO_PROXY: '127.0.0.1',
    NODE_EXTRA_CA_CERTS: certificate,
    USER: 'an engineer',
    CANARY: randomUUID(),
  };
  const secrets = [
    management.store.state.token,
    netlifyToken,
    githubToken,
    keys.serviceRoleKey,
    environment.CANARY ?? '',
  ];
  const send = async (method: string, path: string, body?: string | Buffer) => {
    const response = await fetch(`${urls.netlify ?? ''}/api/v1${path}`, {
      method,
      headers: {
        authorization: `Bearer ${netlifyToken}`,
        'content-type': typeof body === 'string' ? 'application/json' : 'application/octet-stream',
      },
      ...(body !== undefined && { body: typeof body === 'string' ? body : new Uint8Array(body) }),
    });
    return (await response.json()) as { id: string; required: string[]; required_functions: string[] };
  };
  const digest = (kind: string, content: string | Buffer) => createHash(kind).update(content).digest('hex');
  return {
    root,
    stateDir,
    faults,
    log,
    exchanges,
    supabase,
    functionSecrets: () => functionEnvironment(management.store),
    keys,
    urls,
    environment,
    secrets,
    async run(entry, args, env, { cwd = root, started } = {}) {
      const ended = await runCommand(entry, args, { ...environment, ...env }, cwd, started);
      for (const secret of secrets) expect(ended.stdout + ended.stderr).not.toContain(secret);
      return ended;
    },
    async face(name, rules) {
      const service = services.find((one) => one.name === name);
      if (!service) throw new Error(`no service ${name}`);
      const own = new Faults();
      own.set(rules);
      const server = await serve(service, { faults: own, log: (entry) => log.push(entry) });
      servers.push(server);
      return server.url;
    },
    netlifyValues: () =>
      Object.fromEntries(
        netlifyValues(stateDir).map(({ key, context, contextParameter, value }) => [
          `${key} ${contextParameter === undefined ? context : `branch:${contextParameter}`}`,
          value,
        ]),
      ),
    writes: (since = 0) =>
      log
        .slice(since)
        .filter(({ method }) => method !== 'GET' && method !== 'HEAD')
        .map(({ method, path }) => `${method} ${path}`),
    repository: (change) =>
      updateGitHub(stateDir, ({ repositories }) => {
        const [repository] = repositories;
        if (repository) change(repository);
      }),
    netlify: (change) => netlify.store.update(change),
    seedNetlify: (seed) => seedNetlify(netlify, seed),
    anonKey: keys.anonKey,
    async deploy(branch, page) {
      const { id } = await send('POST', `/sites/${site.id}/deploys`, JSON.stringify({ branch }));
      const parts = {
        files: { 'index.html': digest('sha1', page) },
        functions: { config: digest('sha256', runtimeConfig) },
      };
      const named = await send('PUT', `/sites/${site.id}/deploys/${id}`, JSON.stringify(parts));
      if (named.required.length > 0) await send('PUT', `/deploys/${id}/files/index.html`, Buffer.from(page));
      if (named.required_functions.length > 0) {
        await send('PUT', `/deploys/${id}/functions/config?runtime=js`, runtimeConfig);
      }
      return id;
    },
    async published() {
      const { published_deploy: live } = (await send('GET', `/sites/${site.id}`)) as unknown as {
        published_deploy?: { id: string };
      };
      return live?.id;
    },
    async close() {
      await Promise.all([internet.close(), served.close(), ...servers.map((server) => server.close())]);
      await supabase.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** What the deploy job leaves on GitHub for a good deploy: a run, and a deployment whose smoke test passed. */
export function recordDeploy(world: World, deployId: string): void {
  record(world.stateDir, deployId, 'a'.repeat(40), 'success');
}

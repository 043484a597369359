import { AsyncLocalStorage } from 'node:async_hooks';
import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { realPorts } from '../../../commands/rotate/ports.ts';
import { readValues } from '../../../commands/rotate/values.ts';
import { openStaging } from '../../../deploys/stagingServices.ts';
import type { RecordedValue, RecordedVariable } from '../../../engine/recorded.ts';
import { rotateBack } from '../../../rotation/back.ts';
import { rotateForward } from '../../../rotation/forward.ts';
import { declaredHolders } from '../../../rotation/holders.ts';
import { Journals, newJournal } from '../../../rotation/journal.ts';
import { planOf } from '../../../rotation/plan.ts';
import type { ReadBy } from '../../../rotation/readBy.ts';
import { scopeOf, scopeUnderWay } from '../../../rotation/scope.ts';
import { subjectOf } from '../../../rotation/subject.ts';
import { record, workOff } from '../../../sandbox/drill/pipeline.ts';
import { operationsEnvironment, sandboxEnvironment } from '../../../sandbox/process/environment.ts';
import type { Endpoints } from '../../../sandbox/process/endpoints.ts';
import { site } from '../../../sandbox/process/identity.ts';
import { sandboxPaths } from '../../../sandbox/process/paths.ts';
import { serve, type Listening } from '../../../sandbox/server/serve.ts';
import type { Service, ServiceReply, ServiceRequest } from '../../../sandbox/server/service.ts';
import { createStandIns, serviceNames } from '../../../sandbox/standIns/all.ts';
import { netlifyTokens } from '../../../sandbox/standIns/netlify/index.ts';
import { deployOfHost } from '../../../sandbox/standIns/netlify/hosting.ts';
import { acceptedKeys } from '../../../sandbox/standIns/supabaseManagement/apiKeys.ts';
import { Secret } from '../../../secrets/secret.ts';
import { valueOf } from '../../../secrets/valueOf.ts';
import { VaultSession } from '../../../secrets/vault.ts';
import { namesIn } from '../../../settings/reference.ts';

/** A request of a rotation: the step that made it, the service, the method and the path. */
export interface Seen {
  readonly step: string;
  readonly service: string;
  readonly method: string;
  readonly path: string;
}

/** What to do with a request of the run: nothing, or kill the run before the service acts, or after it. */
export type Kill = 'before' | 'after' | undefined;

interface Run {
  dead: boolean;
  step: string;
  /** Each request carries it. */
  readonly id: string;
  readonly kill: (seen: Seen) => Kill;
  readonly killed: () => void;
}

/** The code of the application reads no key that Supabase itself provides. */
const readers: ReadBy = { lines: [], readers: [], undeclared: [], ofPlatform: [], unclear: [] };

const tag = 'x-run';
const current = new AsyncLocalStorage<Run>();
const isDead = (run: Run | undefined) => run?.dead === true;
const forEver = () => new Promise<never>(() => undefined);

/** The real ports of `npm run rotate` on every stand-in, in this process; only `pulumi up` is played, by one write a place. */
export async function startServices() {
  const dir = mkdtempSync(join(tmpdir(), 'rotation-requests-'));
  const { services: stateDir, rotations } = sandboxPaths(dir);
  const standIns = createStandIns(stateDir);
  const { vault } = standIns.onepassword;
  const requests: Seen[] = [];
  const harmed: string[] = [];
  let running: Run | undefined;
  /** A sign-in takes longer than a whole run: all of them share one. */
  let session: VaultSession | undefined;

  const accepted = (key: string | undefined) => {
    const { state } = standIns.supabaseManagement.store;
    const isLegacy = Object.values(state.legacyKeys ?? {}).includes(key ?? '');
    if (isLegacy) return state.legacyDisabled !== true;
    return acceptedKeys(standIns.supabaseManagement.store).some(({ value }) => value === key);
  };

  /** Both keys, as what answers at these addresses now has them. */
  const inUse = () =>
    ['staging--allincompassing.netlify.app', 'allincompassing.netlify.app'].flatMap((host) => {
      const { environment = {} } = deployOfHost(stateDir, host)?.deploy ?? {};
      return keyNames.map((name) => ({ where: `${host} ${name}`, value: environment[name] }));
    });

  async function handle(service: Service, request: ServiceRequest): Promise<ServiceReply> {
    const run = running;
    if (run === undefined || service.name === 'onepassword') return service.handle(request);
    if (request.headers[tag] !== undefined && request.headers[tag] !== run.id) return forEver(); // of one that is dead
    const seen = { step: run.step, service: service.name, method: request.method, path: request.path };
    const kill = run.kill(seen);
    const dies = () => {
      run.dead = true;
      run.killed();
      return forEver();
    };
    if (kill === 'before') return dies();
    requests.push(seen);
    const reply = await service.handle(request);
    if (service.name === 'github' && request.method === 'POST' && request.path.endsWith('/rerun'))
      await workOff(stateDir, deployStaging);
    for (const { where, value } of inUse())
      if (!accepted(value)) harmed.push(`${where} has a dead key after ${seen.step} ${seen.method} ${seen.path}`);
    return kill === 'after' ? dies() : reply;
  }

  const servers: Listening[] = [];
  const addresses: [string, string][] = [];
  for (const name of serviceNames) {
    const service: Service = { name, handle: (request) => handle(standIns[name], request) };
    const server = await serve(service);
    servers.push(server);
    addresses.push([name, server.url]);
  }
  const endpoints = Object.fromEntries(addresses) as Endpoints;
  const before = { ...process.env };
  Object.assign(process.env, sandboxEnvironment(dir, endpoints), operationsEnvironment(dir, endpoints));
  process.env.STAGING_VAULT_TIMEOUT = '120'; // a busy machine may take its time to sign in
  delete process.env.PULUMI_OPTION_CONFIG_FILE; // the configuration is the repository's own

  /** As the team's job does: a deploy of develop under its alias, which has what stands on Netlify now. */
  async function deployStaging(): Promise<string> {
    const send = async (method: string, path: string, body: object) => {
      const headers = {
        authorization: `Bearer ${netlifyTokens(stateDir).admin}`,
        'content-type': 'application/json',
      };
      const response = await fetch(`${endpoints.netlify}/api/v1${path}`, {
        ...{ method, headers, body: JSON.stringify(body) },
      });
      return (await response.json()) as { readonly id: string };
    };
    const whole = running;
    running = undefined; // these are the job's own requests
    const { id } = await send('POST', `/sites/${site.id}/deploys`, { branch: 'staging' });
    await send('PUT', `/sites/${site.id}/deploys/${id}`, { files: {}, functions: {} });
    running = whole;
    return id;
  }

  const staging = openStaging('staging');
  const { settings } = staging;
  const holders = declaredHolders(settings);
  const labelOf = (reference: string) => namesIn(reference).at(-1) ?? '';

  const written = new Map<string, RecordedVariable>();
  /** What the stack has of it. */
  const recorded = () => Promise.resolve({ variables: written, placed: new Map<string, RecordedValue>() });

  /** What `pulumi up` of these resources does on Netlify: every declared context gets what the vault holds. */
  function update(resources: readonly string[]): void {
    standIns.netlify.store.update((state) => {
      for (const { name, context, reference, resource } of holders) {
        if (resource === undefined || context === undefined || !resources.includes(resource)) continue;
        const list = (state.variables[`site:${site.id}`] ??= []);
        const variable = list.find(({ key }) => key === name);
        if (variable === undefined) continue;
        const [, branch] = context.split(':');
        const value = {
          id: `${name} ${context}`,
          value: vault.read(labelOf(reference)),
          ...(branch === undefined
            ? { context: 'production' as const }
            : { context: 'branch' as const, context_parameter: branch }),
        };
        variable.values = [
          ...variable.values.filter((each) => !(each.context === value.context && each.context_parameter === branch)),
          value,
        ];
        const values = new Map(written.get(name)?.values).set(context, new Secret(value.value));
        written.set(name, { secret: true, scopes: [], values, writtenAt: new Date().toISOString() });
      }
    });
  }

  update(holders.flatMap(({ resource }) => resource ?? []));
  for (const sha of ['a'.repeat(40), 'b'.repeat(40)]) record(stateDir, await deployStaging(), sha, 'success');
  const { fetch: reach } = globalThis;
  const guarded: typeof fetch = async (input, init) => {
    const run = current.getStore();
    if (isDead(run)) return forEver();
    try {
      const headers = new Headers(init?.headers);
      if (run !== undefined) headers.set(tag, run.id);
      const response = await reach(input, input instanceof Request ? init : { ...init, headers });
      return isDead(run) ? await forEver() : response;
    } catch (error) {
      if (isDead(run)) return forEver();
      throw error;
    }
  };
  globalThis.fetch = guarded;

  /** One process of `npm run rotate`: begins, or goes on with what the journal tells of. Whether it came to its end. */
  async function rotate(name: string, way: 'forward' | 'back', kill: Run['kill'] = () => undefined): Promise<boolean> {
    const subject = subjectOf(settings, name);
    const journals = new Journals(rotations);
    const known = journals.read(subject.value);
    const { promise: killed, resolve } = Promise.withResolvers<undefined>();
    const run: Run = { id: randomUUID(), dead: false, step: 'begin', kill, killed: () => resolve(undefined) };
    const work = async () => {
      const values = known === undefined ? await readValues(holders) : undefined;
      const scope =
        known === undefined ? scopeOf(subject, holders, values) : scopeUnderWay(known.members, known.legacy, holders);
      const old = (reference: string) => new Secret(valueOf(values ?? new Map(), reference));
      const journal =
        known ?? newJournal(subject.value, 'an engineer', scope, old, { overlapSeconds: 0, random: false });
      journals.save(journal);
      const plan = planOf(settings, subject, scope, 0);
      const token = process.env.OP_SERVICE_ACCOUNT_TOKEN ?? '';
      session ??= new VaultSession({ kind: 'service-account', token });
      const given = { yes: true, project: staging.project.ref, smoke: undefined, timeoutMs: 30_000, checked: true };
      const ports = realPorts(staging, session, { plan, readers }, given, recorded);
      const played = {
        ...ports,
        // The vault's client waits for its own answers whatever happens: a run is killed when it has them.
        changeItem: async (...[reference, decide]: Parameters<typeof ports.changeItem>) => {
          const wrote = await ports.changeItem(reference, decide);
          const seen = { step: run.step, service: 'onepassword', method: 'PATCH', path: reference };
          if (wrote) requests.push(seen);
          if (!wrote || run.kill(seen) !== 'after') return wrote;
          run.dead = true;
          run.killed();
          return forEver();
        },
        update: async (resources: readonly string[]) => {
          await fetch(`${endpoints.hosting}/pulumi-up`, { method: 'POST' });
          update(resources);
        },
        report: (line: string) => (run.step = /^\d+\/\d+ ([\w-]+):/.exec(line)?.[1] ?? run.step),
      };
      await (way === 'forward' ? rotateForward : rotateBack)({ plan, ports: played, journals, journal });
      return true;
    };
    running = run;
    try {
      return await Promise.race([current.run(run, work), killed.then(() => false)]);
    } finally {
      running = undefined;
      globalThis.fetch = guarded;
    }
  }

  return {
    vault,
    requests,
    harmed,
    accepted,
    inUse,
    rotate,
    async close() {
      globalThis.fetch = reach;
      process.env = before;
      await Promise.all(servers.map((server) => server.close()));
      await standIns.supabase.close();
      rmSync(dir, { recursive: true, force: true });
    },
  };
}

const keyNames = ['SUPABASE_ANON_KEY', 'SUPABASE_SERVICE_ROLE_KEY'];

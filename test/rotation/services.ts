import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { StagingServices } from '../../deploys/stagingServices.ts';
import type { Export, ExportedResource } from '../../engine/deployment.ts';
import { recorded, type Recorded } from '../../engine/recorded.ts';
import { declaredHolders, type Holder } from '../../rotation/holders.ts';
import { record, workOff } from '../../sandbox/drill/pipeline.ts';
import type { Endpoints } from '../../sandbox/process/endpoints.ts';
import { operationsEnvironment, sandboxEnvironment } from '../../sandbox/process/environment.ts';
import { site } from '../../sandbox/process/identity.ts';
import { serveAll } from '../../sandbox/server/serve.ts';
import { updateGitHub } from '../../sandbox/standIns/github/index.ts';
import { openStore } from '../../sandbox/standIns/github/state.ts';
import type { Service, ServiceReply, ServiceRequest } from '../../sandbox/server/service.ts';
import { createStandIns, serviceNames, type StandIns } from '../../sandbox/standIns/all.ts';
import { deployOfHost } from '../../sandbox/standIns/netlify/hosting.ts';
import { netlifyTokens } from '../../sandbox/standIns/netlify/index.ts';
import { acceptedKeys } from '../../sandbox/standIns/supabaseManagement/apiKeys.ts';
import { namesIn } from '../../settings/reference.ts';

/** What becomes of a request: by default what the service answers. */
export type Through = (
  service: Service,
  request: ServiceRequest,
  answer: () => Promise<ServiceReply>,
) => Promise<ServiceReply>;

/** Both keys, as what answers at staging's and production's addresses has them. */
interface InUse {
  readonly where: string;
  readonly value: string | undefined;
}

/** What every service of a rotation has, at one moment. */
export interface Moment {
  readonly netlify: StandIns['netlify']['store']['state'];
  readonly management: StandIns['supabaseManagement']['store']['state'];
  readonly github: ReturnType<typeof openStore>['state'];
  readonly vault: ReadonlyMap<string, string>;
  readonly stack: ReadonlyMap<string, ExportedResource>;
}

/** Every service of a rotation in this process. A `pulumi up` is played, by one write a place; the deploy job by one deploy. */
interface RotationServices {
  readonly dir: string;
  readonly stateDir: string;
  readonly standIns: StandIns;
  readonly endpoints: Endpoints;
  /** What leads a command here. */
  readonly environment: Readonly<Record<string, string>>;
  /** Where a `pulumi up` is played: a POST with the names of its resources, in JSON. A GET yields the stack's state. */
  readonly playedStack: string;
  /** The variables that the stack has, by name. */
  readonly stack: Map<string, ExportedResource>;
  readonly recorded: () => Promise<Recorded>;
  readonly accepted: (key: string | undefined) => boolean;
  readonly inUse: () => InUse[];
  /** What answers at an address now with a key that is refused. */
  readonly dead: () => string[];
  /** What places, vault, keys and deploys have now, without what changes with each write: ids and times. */
  readonly held: () => object;
  /** Everything that a rotation changes at a service. */
  readonly remember: () => Moment;
  /** Puts everything back to how it was then. */
  restore(moment: Moment): void;
  close(): Promise<void>;
}

const keyNames = ['SUPABASE_ANON_KEY', 'SUPABASE_SERVICE_ROLE_KEY'];
const stackPath = '/played-stack';

/** Starts them for a configuration, each place with what the vault has, and two deploys of staging. */
export async function startRotationServices(
  { settings }: Pick<StagingServices, 'settings'>,
  through: Through = (_, __, answer) => answer(),
): Promise<RotationServices> {
  const dir = mkdtempSync(join(tmpdir(), 'rotation-services-'));
  const stateDir = join(dir, 'services');
  const standIns = createStandIns(stateDir);
  const { vault } = standIns.onepassword;
  const holders = declaredHolders(settings);
  const stack = new Map<string, ExportedResource>();
  const exported = (): Export => ({ version: 3, deployment: { resources: [...stack.values()] } });
  let isOwn = false; // the deploy job's own requests

  async function answer(service: Service, request: ServiceRequest): Promise<ServiceReply> {
    if (request.path === stackPath) {
      if (request.method === 'POST') bring(standIns, holders, JSON.parse(request.body.toString()) as string[]);
      return { status: 200, body: exported() };
    }
    const reply = await service.handle(request);
    if (service.name === 'github' && request.method === 'POST' && request.path.endsWith('/rerun'))
      await workOff(stateDir, deployStaging);
    return reply;
  }

  /** As the team's job does: a deploy of develop under its alias, which has what stands on Netlify now. */
  async function deployStaging(): Promise<string> {
    const send = async (method: string, path: string, body: object) => {
      const headers = {
        authorization: `Bearer ${netlifyTokens(stateDir).admin}`,
        'content-type': 'application/json',
      };
      const url = `${endpoints.netlify}/api/v1${path}`;
      const response = await fetch(url, { method, headers, body: JSON.stringify(body) });
      return (await response.json()) as { readonly id: string };
    };
    isOwn = true;
    try {
      const { id } = await send('POST', `/sites/${site.id}/deploys`, { branch: 'staging' });
      await send('PUT', `/sites/${site.id}/deploys/${id}`, { files: {}, functions: {} });
      return id;
    } finally {
      isOwn = false;
    }
  }

  const accepted = (key: string | undefined) => {
    const { state } = standIns.supabaseManagement.store;
    if (Object.values(state.legacyKeys ?? {}).includes(key ?? '')) return state.legacyDisabled !== true;
    return acceptedKeys(standIns.supabaseManagement.store).some(({ value }) => value === key);
  };
  const inUse = () =>
    ['staging--allincompassing.netlify.app', 'allincompassing.netlify.app'].flatMap((host) => {
      const { environment = {} } = deployOfHost(stateDir, host)?.deploy ?? {};
      return keyNames.map((name) => ({ where: `${host} ${name}`, value: environment[name] }));
    });

  const served = await serveAll(
    serviceNames.map((name) => ({
      name,
      handle: (request) => {
        const answered = () => answer(standIns[name], request);
        return isOwn ? answered() : through(standIns[name], request, answered);
      },
    })),
  );
  const endpoints = served.urls as Endpoints;
  const environment = { ...sandboxEnvironment(dir, endpoints), ...operationsEnvironment(dir, endpoints) };
  delete environment.PULUMI_OPTION_CONFIG_FILE; // the configuration is the folder's own

  bring(
    standIns,
    holders,
    holders.flatMap(({ resource }) => resource ?? []),
  );
  for (const sha of ['a'.repeat(40), 'b'.repeat(40)]) record(stateDir, await deployStaging(), sha, 'success');
  return {
    ...{ dir, stateDir, standIns, endpoints, environment, accepted, inUse },
    ...{ stack, playedStack: `${endpoints.hosting}${stackPath}` },
    recorded: () => Promise.resolve(recorded(exported(), true, () => Promise.resolve(true))),
    dead: () => inUse().flatMap(({ where, value }) => (accepted(value) ? [] : [where])),
    held: () => {
      const { apiKeys = [], legacyDisabled = false } = standIns.supabaseManagement.store.state;
      const variables = Object.values(standIns.netlify.store.state.variables).flat();
      return {
        vault: Object.fromEntries(
          vault
            .list()
            .map(({ label }) => [label, vault.read(label)] as const)
            .sort(),
        ),
        variables: variables.map(({ key, values }) => [
          key,
          ...values.map((each) => `${each.context} ${each.context_parameter ?? ''} ${each.value}`).sort(),
        ]),
        keys: apiKeys.map(({ name, value }) => [name, value]),
        ...{ legacyDisabled, inUse: inUse() },
      };
    },
    remember: () => ({
      netlify: structuredClone(standIns.netlify.store.state),
      management: structuredClone(standIns.supabaseManagement.store.state),
      github: structuredClone(openStore(stateDir).state),
      vault: new Map(vault.list().map(({ label }) => [label, vault.read(label)])),
      stack: new Map(stack),
    }),
    restore(moment) {
      standIns.netlify.store.update((state) => replace(state, moment.netlify));
      standIns.supabaseManagement.store.update((state) => replace(state, moment.management));
      updateGitHub(stateDir, (state) => replace(state, moment.github));
      for (const { label } of vault.list()) if (!moment.vault.has(label)) vault.remove(label);
      for (const [label, text] of moment.vault)
        if (!vault.list().some((each) => each.label === label) || vault.read(label) !== text) vault.set(label, text);
      stack.clear();
      for (const [name, resource] of moment.stack) stack.set(name, resource);
    },
    async close() {
      await served.close();
      await standIns.supabase.close();
      rmSync(dir, { recursive: true, force: true });
    },
  };

  /** What `pulumi up` of these resources does on Netlify: every declared context gets what the vault holds. */
  function bring({ netlify }: StandIns, all: readonly Holder[], resources: readonly string[]): void {
    netlify.store.update((state) => {
      for (const { name, context, reference, resource } of all) {
        if (resource === undefined || context === undefined || !resources.includes(resource)) continue;
        const variable = state.variables[`site:${site.id}`]?.find(({ key }) => key === name);
        if (variable === undefined) continue;
        const [, branch] = context.split(':');
        const value = vault.read(namesIn(reference).at(-1) ?? '');
        const stored = {
          ...{ id: `${name} ${context}`, value },
          ...(branch === undefined
            ? { context: 'production' as const }
            : { context: 'branch' as const, context_parameter: branch }),
        };
        const others = variable.values.filter(
          (each) => !(each.context === stored.context && each.context_parameter === branch),
        );
        variable.values = [...others, stored];
        stack.set(
          name,
          inStack(
            name,
            variable.values.map((each) => ({ ...each, contextParameter: each.context_parameter })),
          ),
        );
      }
    });
  }
}

function replace<State extends object>(state: State, by: State): void {
  for (const key of Object.keys(state)) if (!(key in by)) Reflect.deleteProperty(state, key);
  Object.assign(state, structuredClone(by));
}

function inStack(key: string, secretValues: readonly object[]): ExportedResource {
  const type = 'netlify:index/environmentVariable:EnvironmentVariable';
  return {
    ...{ urn: `urn:pulumi:staging::allincompassing::${type}::netlify-${key}`, type, id: key, custom: true },
    inputs: { key, secretValues },
    outputs: { key, scopes: [], lastUpdated: new Date().toISOString() },
  };
}

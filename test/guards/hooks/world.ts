import { afterAll, beforeAll, beforeEach, expect, jest } from '@jest/globals';
import * as pulumi from '@pulumi/pulumi';
import * as registration from '@pulumi/pulumi/runtime/resource.js';
import { site } from '../../../sandbox/process/identity.ts';
import type { Service } from '../../../sandbox/server/service.ts';
import { serve, type Exchange, type LogEntry } from '../../../sandbox/server/serve.ts';
import { githubTokens, type GitHubSeed } from '../../../sandbox/standIns/github/index.ts';
import {
  createNetlify,
  netlifyTokens,
  seedNetlify,
  type NetlifySeed,
} from '../../../sandbox/standIns/netlify/index.ts';
import { createSupabaseManagement } from '../../../sandbox/standIns/supabaseManagement/service.ts';
import { contextFields, type Context } from '../../../settings/context.ts';
import { parseSettings, type Settings } from '../../../settings/settings.ts';
import { sharedProject } from '../../support/sharedProject.ts';
import { netlifyProblems } from '../../support/documents/netlifyDocument.ts';
import { strictMocks } from '../../support/mocks.ts';
import { owner, repo, startWorld, type World } from '../../sandbox/standIns/github/world.ts';

/** The services that a guard asks, and what the program says to the engine meanwhile. */
export interface GuardWorld {
  readonly github: World;
  readonly netlify: ReturnType<typeof createNetlify>;
  readonly supabase: ReturnType<typeof createSupabaseManagement>;
  /** `GET /path` of each request to Netlify and to Supabase, without its query. */
  readonly asked: string[];
  readonly warned: string[];
}

/** Starts the services before a file's tests, and puts them back to `seeds` before each test. */
export function guardWorld(seeds: { readonly github?: GitHubSeed } = {}): () => GuardWorld {
  const environment = { ...process.env };
  const { warn } = pulumi.log;
  const [asked, warned, exchanges]: [string[], string[], Exchange[]] = [[], [], []];
  const note = ({ method, path }: LogEntry) => void asked.push(`${method} ${path.split('?')[0] ?? ''}`);
  const closing: (() => Promise<void>)[] = [];
  let world: GuardWorld;
  let signedIn: NodeJS.ProcessEnv;
  beforeAll(async () => {
    await strictMocks([]);
    // The SDK's mocks have no engine that calls back: `refusalOf` is the one who calls.
    jest.spyOn(registration, 'registerResourceHook').mockResolvedValue(undefined);
    const github = await startWorld(seeds.github);
    const start = async (service: Service, observe: (exchange: Exchange) => void = () => undefined) => {
      const server = await serve(service, { log: note, observe });
      closing.push(() => server.close());
      return server.url;
    };
    const netlify = createNetlify({ stateDir: github.stateDir });
    const supabase = createSupabaseManagement({ stateDir: github.stateDir });
    signedIn = {
      ...environment,
      GITHUB_BASE_URL: `${github.url}/`,
      GITHUB_TOKEN: githubTokens(github.stateDir).write,
      GITHUB_OWNER: owner,
      NETLIFY_API_ENDPOINT: await start(netlify, (exchange) => exchanges.push(exchange)),
      NETLIFY_API_TOKEN: netlifyTokens(github.stateDir).admin,
      SUPABASE_API_ENDPOINT: await start(supabase),
      SUPABASE_ACCESS_TOKEN: supabase.store.state.token,
    };
    world = { github, netlify, supabase, asked, warned };
  });
  beforeEach(() => {
    for (const list of [asked, warned, world.github.log]) list.length = 0;
    world.netlify.store.update((state) => (state.variables = {}));
    Object.assign(pulumi.log, { warn: (message: string) => Promise.resolve(void warned.push(message)) });
    process.env = { ...signedIn };
  });
  afterAll(async () => {
    process.env = environment;
    Object.assign(pulumi.log, { warn });
    const violations = [...world.github.violations(), ...exchanges.flatMap(netlifyProblems)];
    for (const close of closing) await close();
    await world.github.close();
    expect(violations).toEqual([]);
  });
  return () => world;
}

/** What the team has on Netlify before the test. */
export function onNetlify({ netlify }: GuardWorld, variables: NonNullable<NetlifySeed['variables']>): void {
  seedNetlify(netlify, { variables });
}

type Part = 'netlify' | 'github' | 'supabase';

/** The settings of a small environment, changed in one part or another. */
export function settingsWith(
  changes: Partial<Record<Part, Record<string, unknown>>> = {},
  values: Record<string, unknown> = {},
): Settings {
  return parseSettings({
    organizationId: '11111111-2222-4333-8444-555555555555',
    values: {
      SUPABASE_URL: { from: 'op://Platform/Supabase/url', production: 'op://Platform/Supabase/url', netlify: true },
      OPENAI_API_KEY: { from: 'op://Platform/Supabase/openai', netlify: { secret: true } },
      ...values,
    },
    netlify: { site: 'Site', team: 'team', ...changes.netlify },
    github: { repository: repo, ...changes.github },
    supabase: { project: sharedProject.ref, ...changes.supabase },
  });
}

/** Values of a key as the engine sends them: `{ 'branch:staging': 'x' }`. */
export function netlifyInputs(
  key: string,
  values: Readonly<Record<string, unknown>>,
  more: Readonly<Record<string, unknown>> = {},
): Record<string, unknown> {
  const list = Object.entries(values).map(([context, value]) => ({ ...contextFields(context as Context), value }));
  return { key, siteId: site.id, teamId: site.accountId, values: list, ...more };
}

/** Calls a hook as the engine does before a write: what it says against it, `undefined` where it lets the write happen. */
export async function refusalOf(
  hook: pulumi.ResourceHook,
  args: Partial<pulumi.ResourceHookArgs>,
): Promise<string | undefined> {
  try {
    await hook.callback({ urn: 'urn', id: 'id', name: 'name', type: 'type', ...args });
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
}

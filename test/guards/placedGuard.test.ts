import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import * as pulumi from '@pulumi/pulumi';
import { placedCheck } from '../../guards/placedGuard.ts';
import type { ManagedPlace } from '../../places/places.ts';
import { githubTokens } from '../../sandbox/standIns/github/index.ts';
import { serve, type Listening, type LogEntry } from '../../sandbox/server/serve.ts';
import { createSupabaseManagement } from '../../sandbox/standIns/supabaseManagement/service.ts';
import { sharedProject } from '../support/sharedProject.ts';
import { owner, repo, startWorld, type World } from '../sandbox/standIns/github/world.ts';
import { strictMocks } from '../support/mocks.ts';

const environment = { ...process.env };
const asked: LogEntry[] = [];
let world: World;
let supabase: Listening;
let management: ReturnType<typeof createSupabaseManagement>;
beforeAll(async () => {
  await strictMocks([]);
  world = await startWorld({
    secrets: { HOOK: 'x' },
    variables: { REGION: 'x' },
    environments: { qa: { secrets: { QA_HOOK: 'x' }, variables: { QA_REGION: 'x' } }, empty: {} },
  });
  management = createSupabaseManagement({ stateDir: world.stateDir });
  const updatedAt = '2026-01-01T00:00:00Z';
  management.store.update((state) => (state.secrets = { OPENAI_API_KEY: { value: 'x', updatedAt } }));
  supabase = await serve(management, { log: (entry) => asked.push(entry) });
  process.env = {
    ...environment,
    GITHUB_BASE_URL: `${world.url}/`,
    GITHUB_TOKEN: githubTokens(world.stateDir).write,
    SUPABASE_API_ENDPOINT: `http://127.0.0.1:${supabase.port}`,
    SUPABASE_ACCESS_TOKEN: management.store.state.token,
  };
});
beforeEach(() => {
  asked.length = 0;
  world.log.length = 0;
});
afterAll(async () => {
  process.env = environment;
  const violations = world.violations();
  await supabase.close();
  await world.close();
  expect(violations).toEqual([]);
});

type Inputs = Readonly<Record<string, unknown>>;
const services = () => ({ repository: { owner, repository: repo }, project: sharedProject.ref });
/** The guard of a place in a run of its own: what it says of each write, `undefined` where it lets it happen. */
const guard = (place: ManagedPlace, given = services) => {
  const check = placedCheck(place, given);
  return (newInputs: Inputs): Promise<string | undefined> =>
    check(newInputs).then(
      () => undefined,
      (error: unknown) => (error as Error).message,
    );
};
const taken = (what: string) =>
  expect.stringContaining(
    `${what} is there already, but not in this stack, and this write would replace its value. Take it over: npm run adopt`,
  );

describe('the guard of a value in a place', () => {
  it('counts what is there and what this run creates: the service keeps so many, Supabase’s own names aside', async () => {
    const check = guard('edgeFunction');
    const secret = (index: number) => ({ secrets: [{ name: `NEW_${index}`, value: 'x' }] });
    // One is there already.
    for (let index = 1; index <= 99; index += 1) expect(await check(secret(index))).toBeUndefined();
    expect(await check(secret(100))).toContain(
      'Edge Function secret NEW_100 would be number 101, and the service keeps 100. Remove what nobody reads',
    );
    expect(asked.map(({ method, path }) => `${method} ${path}`)).toEqual([
      `GET /v1/projects/${sharedProject.ref}/secrets`,
    ]);
  });

  it('counts an environment’s own, and names it', async () => {
    const check = guard('actionsSecret');
    const secret = (index: number) => ({ repository: repo, secretName: `NEW_${index}`, environment: 'empty' });
    for (let index = 1; index <= 100; index += 1) expect(await check(secret(index))).toBeUndefined();
    expect(await check(secret(101))).toContain(
      'GitHub Actions secret NEW_101 would be number 101 of the environment empty, and the service keeps 100.',
    );
  });

  it('takes the kill switch for one of ours: what is on must not be made again', async () => {
    const { store } = management;
    const before = store.state.secrets;
    store.update(
      (state) => (state.secrets = { AGENT_ACTIONS_DISABLED: { value: 'true', updatedAt: '2026-01-01T00:00:00Z' } }),
    );
    const said = await guard('edgeFunction')({ secrets: [{ name: 'AGENT_ACTIONS_DISABLED', value: 'false' }] });
    store.update((state) => (state.secrets = before ?? {}));
    expect(said).toEqual(taken('the Edge Function secret AGENT_ACTIONS_DISABLED'));
  });

  it.each<[ManagedPlace, Inputs, string]>([
    ['actionsSecret', { secretName: 'HOOK' }, 'the GitHub Actions secret HOOK'],
    ['actionsSecret', { secretName: 'hook' }, 'the GitHub Actions secret hook'],
    [
      'actionsSecret',
      { secretName: 'QA_HOOK', environment: 'qa' },
      'the GitHub Actions secret QA_HOOK of the environment qa',
    ],
    ['actionsVariable', { variableName: 'Region' }, 'the GitHub Actions variable Region'],
    [
      'actionsVariable',
      { variableName: 'qa_region', environment: 'qa' },
      'the GitHub Actions variable qa_region of the environment qa',
    ],
    ['edgeFunction', { secrets: [{ name: 'OPENAI_API_KEY', value: 'x' }] }, 'the Edge Function secret OPENAI_API_KEY'],
    [
      'edgeFunction',
      { secrets: pulumi.secret([{ name: 'OPENAI_API_KEY', value: 'x' }]) },
      'the Edge Function secret OPENAI_API_KEY',
    ],
  ])('refuses to make what is there already: %s', async (place, inputs, what) => {
    expect(await guard(place)({ repository: repo, ...inputs })).toEqual(taken(what));
  });

  it.each<[ManagedPlace, Inputs]>([
    ['actionsSecret', { secretName: 'ANOTHER' }],
    ['actionsSecret', { secretName: 'QA_HOOK' }],
    ['actionsSecret', { secretName: 'HOOK', environment: 'qa' }],
    ['actionsSecret', { secretName: 'REGION' }],
    ['actionsVariable', { variableName: 'HOOK' }],
    ['actionsVariable', { variableName: 'REGION', environment: 'empty' }],
    ['edgeFunction', { secrets: [{ name: 'openai_api_key', value: 'x' }] }],
  ])('lets be made what is not in that place: %s', async (place, inputs) => {
    expect(await guard(place)({ repository: repo, ...inputs })).toBeUndefined();
  });

  it('asks nothing of an environment that this run makes: it has nothing yet', async () => {
    const made = { repository: repo, secretName: 'QA_HOOK', environment: pulumi.unknown };
    expect(await guard('actionsSecret')(made)).toBeUndefined();
    expect(world.log).toEqual([]);
  });

  it('asks once a run for each list, and only when there is something to make', async () => {
    const inOne = guard('actionsSecret');
    expect(world.log).toEqual([]);
    const names = ['A', 'B', 'HOOK'];
    await Promise.all(names.map((secretName) => inOne({ repository: repo, secretName })));
    await Promise.all(names.map((secretName) => inOne({ repository: repo, secretName, environment: 'qa' })));
    expect(world.log.map(({ method, path }) => `${method} ${path.split('?')[0] ?? ''}`).sort()).toEqual([
      `GET /api/v3/repos/${owner}/${repo}/actions/secrets`,
      `GET /api/v3/repos/${owner}/${repo}/environments/qa/secrets`,
    ]);
    const atSupabase = guard('edgeFunction');
    await Promise.all(names.map((name) => atSupabase({ secrets: [{ name, value: 'x' }] })));
    expect(asked.map(({ method }) => method)).toEqual(['GET']);
  });

  it('refuses where it could not look, and says why', async () => {
    const token = process.env.SUPABASE_ACCESS_TOKEN;
    delete process.env.SUPABASE_ACCESS_TOKEN;
    expect(await guard('edgeFunction')({ secrets: [{ name: 'A', value: 'x' }] })).toContain('SUPABASE_ACCESS_TOKEN');
    process.env.SUPABASE_ACCESS_TOKEN = token;
  });

  it('shows no value', async () => {
    const value = 'canary';
    const secrets = [{ name: 'OPENAI_API_KEY', value }];
    expect(await guard('edgeFunction')({ secrets })).not.toContain(value);
  });
});

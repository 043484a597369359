import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { look } from '../../../commands/drift/look.ts';
import type { LookOptions } from '../../../commands/drift/observed.ts';
import { digestOf } from '../../../places/edgeFunction/digest.ts';
import { Faults } from '../../../sandbox/server/faults.ts';
import { serve, type Listening } from '../../../sandbox/server/serve.ts';
import type { ServiceReply, ServiceRequest } from '../../../sandbox/server/service.ts';
import { Secret } from '../../../secrets/secret.ts';
import { parseSettings } from '../../../settings/settings.ts';
import { recorded, settings } from './lookFixture.ts';

const before = { ...process.env };
let listening: Listening[] = [];
beforeEach(() => {
  process.env.STAGING_VAULT = 'off';
  for (const name of ['NETLIFY_API_TOKEN', 'GITHUB_TOKEN', 'SUPABASE_ACCESS_TOKEN'])
    Reflect.deleteProperty(process.env, name);
});
afterEach(async () => {
  process.env = { ...before };
  await Promise.all(listening.map((each) => each.close()));
  listening = [];
});

const options: LookOptions = {
  ...{ root: '.', stack: 'staging', settings, repository: { owner: 'o', repository: 'r' }, maxAgeDays: 90 },
  ...{ siteUrl: undefined, application: undefined, localFile: '/absent', now: Date.now() },
};

async function answer(name: string, handle: (request: ServiceRequest) => ServiceReply, faults = new Faults()) {
  const service = await serve({ name, handle }, { faults });
  listening.push(service);
  return `http://127.0.0.1:${service.port}`;
}

it('finds that the branch is gone though GitHub cannot say when it was deleted', async () => {
  const faults = new Faults();
  faults.set([
    { path: '/activity$', status: 500, headers: { 'retry-after': '0.01' } },
    { path: '/(branches|rulesets)', status: 404 },
  ]);
  const github = await answer('github', () => ({ status: 200, body: { id: 15368 } }), faults);
  Object.assign(process.env, { GITHUB_TOKEN: 'made-up', GITHUB_BASE_URL: `${github}/` });
  const { findings, errors } = await look(options, Promise.resolve(recorded));
  expect([findings.map(({ id }) => id), errors]).toEqual([
    expect.arrayContaining(['branch-missing:develop']),
    expect.arrayContaining([expect.stringContaining('/activity')]),
  ]);
});

const withFunctions = parseSettings({
  organizationId: '11111111-2222-4333-8444-555555555555',
  values: { A: { value: 'one', edgeFunction: true }, B: { from: 'op://Vault/Item/b', actionsSecret: true } },
  netlify: { site: 'Site', team: 'team' },
  github: { repository: 'repository' },
  supabase: { project: 'abcdefghijklmnopqrst' },
});
// By the names of their resources.
const placed = new Map([
  ['supabase-A', { value: new Secret('one'), updatedAt: undefined }],
  ['github-B', { value: undefined, updatedAt: '2026-01-01T00:00:00Z' }],
]);
const reading = Promise.resolve({ ...recorded, placed });

it('sees what stands in Supabase without a token of GitHub’s', async () => {
  const list = [{ name: 'A', value: digestOf('another'), updated_at: '2026-01-02T00:00:00Z' }];
  const endpoint = await answer('supabase', () => ({ status: 200, body: list }));
  Object.assign(process.env, { SUPABASE_ACCESS_TOKEN: 'made-up', SUPABASE_API_ENDPOINT: endpoint });
  const { findings, errors } = await look({ ...options, settings: withFunctions }, reading);
  expect(findings.map(({ id }) => id)).toEqual(['edge-secret-changed:A']);
  expect(errors).toEqual([expect.stringMatching(/^GITHUB_TOKEN/), expect.stringMatching(/^NETLIFY_API_TOKEN/)]);
});

it('sees what stands on GitHub without a token of Supabase’s, and says what that takes', async () => {
  const time = '2026-01-02T00:00:00Z';
  const secrets = { total_count: 1, secrets: [{ name: 'B', created_at: time, updated_at: time }] };
  const github = await answer('github', ({ path }) =>
    path.endsWith('/actions/secrets') ? { status: 200, body: secrets } : { status: 200, body: { id: 15368 } },
  );
  Object.assign(process.env, { GITHUB_TOKEN: 'made-up', GITHUB_BASE_URL: `${github}/` });
  const { findings, notChecked, unseen } = await look({ ...options, settings: withFunctions }, reading);
  expect(findings.map(({ id }) => id)).toContain('github-secret-changed:B');
  expect(notChecked).toContainEqual(expect.stringMatching(/^The Edge Function secrets: SUPABASE_ACCESS_TOKEN/));
  expect(unseen).toContain('Supabase');
});

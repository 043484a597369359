import { afterEach, expect, it } from '@jest/globals';
import { look } from '../../../commands/drift/look.ts';
import { Faults } from '../../../sandbox/server/faults.ts';
import { serve, type Listening } from '../../../sandbox/server/serve.ts';
import { recorded, settings } from './lookFixture.ts';

const before = { ...process.env };
let listening: Listening | undefined;
afterEach(async () => {
  process.env = { ...before };
  await listening?.close();
});

it('finds that the branch is gone though GitHub cannot say when it was deleted', async () => {
  const faults = new Faults();
  faults.set([
    { path: '/activity$', status: 500, headers: { 'retry-after': '0.01' } },
    { path: '/(branches|rulesets)', status: 404 },
  ]);
  const handle = () => ({ status: 200, body: { id: 15368 } });
  listening = await serve({ name: 'github', handle }, { port: 0, faults, log: () => undefined });
  Object.assign(process.env, {
    GITHUB_TOKEN: 'made-up',
    GITHUB_BASE_URL: `http://127.0.0.1:${listening.port}/`,
    STAGING_VAULT: 'off',
  });
  delete process.env.NETLIFY_API_TOKEN;
  const options = {
    ...{ root: '.', stack: 'staging', settings, repository: { owner: 'o', repository: 'r' }, maxAgeDays: 90 },
    ...{ siteUrl: undefined, application: undefined, localFile: '/absent', now: Date.now() },
  };
  const { findings, errors } = await look(options, Promise.resolve(recorded));
  expect([findings.map(({ id }) => id), errors]).toEqual([
    expect.arrayContaining(['branch-missing:develop']),
    expect.arrayContaining([expect.stringContaining('/activity')]),
  ]);
});

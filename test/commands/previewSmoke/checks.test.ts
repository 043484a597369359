import { readFileSync } from 'node:fs';
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { Check } from '../../../commands/previewSmoke/check.ts';
import { smokeConfig } from '../../../commands/previewSmoke/config.ts';
import { database } from '../../../commands/previewSmoke/checks/database.ts';
import { killSwitch } from '../../../commands/previewSmoke/checks/killSwitch.ts';
import { rootDocument } from '../../../commands/previewSmoke/checks/rootDocument.ts';
import { runtimeConfig } from '../../../commands/previewSmoke/checks/runtimeConfig.ts';
import { authentication } from '../../../commands/previewSmoke/checks/session.ts';
import type { Target } from '../../../commands/previewSmoke/target.ts';
import { openSmokeWorld, type SmokeWorld } from './world.ts';

let world: SmokeWorld;
beforeAll(async () => {
  world = await openSmokeWorld();
}, 120_000);
afterAll(() => world.close());
beforeEach(() => {
  world.faults.set([]);
  world.deploy(world.healthy);
});

async function only(check: Check, target?: Target) {
  const [result] = await world.run([check], target);
  if (!result) throw new Error('no result');
  return result;
}

describe('runtime-config', () => {
  it('wants three fields and says that the context is not told', async () => {
    expect(await only(runtimeConfig)).toMatchObject({
      status: 'passed',
      facts: { key: 'SUPABASE_ANON_KEY', context: 'not said, not checked', organizationMatches: true },
    });
  });

  it.each([
    ['another project', { SUPABASE_URL: 'https://other.supabase.co' }, 'wrong-supabase'],
    [
      'another project for functions',
      { SUPABASE_EDGE_URL: 'https://other.supabase.co/functions/v1/' },
      'wrong-supabase',
    ],
    ['another key', { SUPABASE_ANON_KEY: 'sb_publishable_of_somebody_else' }, 'wrong-supabase'],
    ['another organisation', { DEFAULT_ORGANIZATION_ID: randomUUID() }, 'wrong-organization'],
    // A fallback answers in its place: another organisation all the same.
    ['no organisation', { DEFAULT_ORGANIZATION_ID: ' ' }, 'wrong-organization'],
    ['no key', { SUPABASE_ANON_KEY: '' }, 'unreachable'],
  ])('names the class: %s', async (_what, change, failureClass) => {
    world.deploy(world.withEnvironment(change));
    expect(await only(runtimeConfig)).toMatchObject({ status: 'failed', failureClass });
  });

  it.each([
    ['SUPABASE_ANON_KEY', {}],
    ['SUPABASE_PUBLISHABLE_KEY', { SUPABASE_ANON_KEY: 'sb_publishable_made_up_for_this_test' }],
  ])('takes the declared key that the site hands out: %s', async (name, change) => {
    world.deploy(world.withEnvironment(change));
    const keys = [
      { name: 'SUPABASE_PUBLISHABLE_KEY', value: 'sb_publishable_made_up_for_this_test' },
      { name: 'SUPABASE_ANON_KEY', value: world.keys.anonKey },
    ];
    const target = world.target({ keys });
    expect(await only(runtimeConfig, target)).toMatchObject({ status: 'passed', facts: { key: name } });
    expect(target.seen.key?.name).toBe(name);
  });

  it.each([
    ['staging', 'passed', undefined],
    ['production', 'failed', 'wrong-context'],
  ])('uses a context that is told: %s', async (told, status, failureClass) => {
    const answer = {
      ...{ supabaseUrl: world.supabaseUrl, supabaseAnonKey: world.keys.anonKey },
      ...{ defaultOrganizationId: world.organizationId, runtimeEnv: told },
    };
    world.faults.set([{ service: 'hosting', path: '^/api/runtime-config', status: 200, body: JSON.stringify(answer) }]);
    const result = await only(runtimeConfig);
    expect([result.status, result.failureClass]).toEqual([status, failureClass]);
  });

  const own = 'https://db.example.com';
  const ref = 'wnnjeqheqxxyrgsjmygy';
  it.each([
    ['its own address', own, undefined, 'passed'],
    ['the address that the project keeps', `https://${ref}.supabase.co`, undefined, 'passed'],
    ['functions at the project’s own host', own, `https://${ref}.functions.supabase.co`, 'passed'],
    ['functions at the project’s address', own, `https://${ref}.supabase.co/functions/v1`, 'passed'],
    ['functions behind its first label', own, 'https://db.functions.supabase.co', 'failed'],
    ['another project', 'https://other.supabase.co', undefined, 'failed'],
  ])('takes a declared custom domain for the project: %s', async (_, supabaseUrl, supabaseEdgeUrl, status) => {
    const { keys, organizationId: defaultOrganizationId } = world;
    const answer = { supabaseUrl, supabaseEdgeUrl, supabaseAnonKey: keys.anonKey, defaultOrganizationId };
    world.faults.set([{ service: 'hosting', path: '^/api/runtime-config', status: 200, body: JSON.stringify(answer) }]);
    expect((await only(runtimeConfig, world.target({ supabaseUrl: own }))).status).toBe(status);
  });

  it('wants the context where the configuration says that it is told', async () => {
    const config = smokeConfig.parse({ context: { told: true } });
    expect(await only(runtimeConfig, world.target({ config }))).toMatchObject({ failureClass: 'wrong-context' });
  });
});

describe('root-document', () => {
  it('follows scripts through lazy imports', async () => {
    const result = await only(rootDocument);
    const scripts = Object.keys(world.healthy.files).filter((path) => path.endsWith('.js')).length;
    expect(scripts).toBeGreaterThan(4);
    expect(result).toMatchObject({ status: 'passed', facts: { scripts, scriptsNotRead: 0 } });
  });

  /** The script that holds the dashboard, which nothing but a lazy import names. */
  function lazyScript(): [string, string] {
    for (const [path, file] of Object.entries(world.healthy.files)) {
      const text = readFileSync(file, 'utf8');
      if (path.endsWith('.js') && text.includes('Billing Alerts')) return [path, text];
    }
    throw new Error('no script has the dashboard');
  }

  it.each([
    ['a legacy service key', () => world.keys.serviceRoleKey],
    ['a secret key', () => `sb_secret_${'k7Qz'.repeat(6)}`],
    ['an access token of the project', () => `sbp_${'0f1e2d3c4b'.repeat(4)}`],
    ['a key in base64', () => Buffer.from(`key: sb_secret_${'k7Qz'.repeat(6)}`).toString('base64')],
  ])('finds a server key in a lazily loaded script: %s', async (_what, key) => {
    const [path, text] = lazyScript();
    world.deploy(world.withFile(path, `${text}\nconst hidden = ${JSON.stringify(key())};`));
    const result = await only(rootDocument);
    expect(result).toMatchObject({ status: 'failed', failureClass: 'leaked-key' });
    expect(result.detail).toContain(path);
    expect(result.detail).not.toContain(key());
  });

  it('takes the anon key for what it is', async () => {
    const [path, text] = lazyScript();
    world.deploy(world.withFile(path, `${text}\nconst open = ${JSON.stringify(world.keys.anonKey)};`));
    expect(await only(rootDocument)).toMatchObject({ status: 'passed' });
  });

  it('wants the values in the bundle where the configuration says so', async () => {
    const config = smokeConfig.parse({ bundle: { values: true } });
    expect(await only(rootDocument, world.target({ config }))).toMatchObject({ failureClass: 'build-values' });
  });

  it.each([
    ['no document', { '/index.html': undefined }, 'bad-answer'],
    ['a script that is not there', { '/index.html': '<script src="/gone.txt"></script>' }, 'bad-answer'],
  ])('names the class: %s', async (_what, files, failureClass) => {
    const { '/index.html': text } = files;
    if (text === undefined) world.deploy({ ...world.healthy, files: {}, redirects: [] });
    else world.deploy({ ...world.withFile('/index.html', text), redirects: [] });
    expect(await only(rootDocument)).toMatchObject({ failureClass });
  });
});

describe('Supabase', () => {
  it('signs in, and does not repeat a refusal', async () => {
    expect(await only(authentication)).toMatchObject({ status: 'passed' });
    expect(await only(authentication, world.target({ password: 'not it' }))).toMatchObject({
      ...{ failureClass: 'sign-in', attempts: 1 },
    });
  });

  it.each([
    ['an administrator sees it', 'admin', false],
    ['a therapist does not, and nothing is claimed', 'therapist', 'not known'],
  ] as const)('reads the kill switch: %s', async (_what, role, actionsDisabled) => {
    const { email, password } = world.people[role];
    expect(await only(killSwitch, world.target({ email, password }))).toMatchObject({
      status: 'passed',
      facts: { actionsDisabled },
    });
  });

  it('fails where there is no kill switch', async () => {
    world.faults.set([
      { service: 'supabase', path: '/agent_runtime_config', status: 404, body: '{"code":"PGRST205"}' },
    ]);
    expect(await only(killSwitch)).toMatchObject({ failureClass: 'kill-switch' });
  });

  it('writes an own row, reads it back and leaves none', async () => {
    expect(await only(database)).toMatchObject({ status: 'passed', facts: { sweptRows: 0 } });
    expect((await world.superuser.query('select * from conversations')).rows).toEqual([]);
  });

  it("sweeps what a killed run left, and nothing of anybody's", async () => {
    const hourAgo = Date.now() - 3600_000;
    const rows = [
      [world.people.admin.email, `preview-smoke:${hourAgo}:killed`],
      [world.people.admin.email, `preview-smoke:${Date.now()}:running`],
      [world.people.admin.email, 'a talk'],
      [world.people.therapist.email, `preview-smoke:${hourAgo}:killed`],
    ];
    for (const [email, title] of rows) {
      await world.superuser.query(
        'insert into conversations (user_id, title) select id, $2 from auth.users where email = $1',
        [email, title],
      );
    }
    expect(await only(database)).toMatchObject({ status: 'passed', facts: { sweptRows: 1 } });
    const left = await world.superuser.query<{ title: string }>('delete from conversations returning title');
    expect(left.rows.map(({ title }) => title).sort()).toEqual(
      rows
        .slice(1)
        .map(([, title]) => title)
        .sort(),
    );
  });

  it.each([
    ['another table of the file', { table: 'nowhere' }],
    ['another owner column', { owner: 'nobody_id' }],
  ])('says what cannot be written, without an answer’s text: %s', async (_what, row) => {
    const config = smokeConfig.parse({ row });
    const result = await only(database, world.target({ config }));
    expect(result).toMatchObject({ status: 'failed', failureClass: 'database', attempts: 1 });
    expect(result.detail).toMatch(/^[\w ]+ \(\w+\)$/);
  });
});

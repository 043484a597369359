import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { requireUsable } from '../../services/supabase/projectState.ts';
import { thrown } from '../../commands/doctor/thrown.ts';
import { projectBehind } from '../../commands/previewSmoke/checks/projectBehind.ts';
import { openDatabase } from '../../killSwitch/access.ts';
import { Faults } from '../../sandbox/server/faults.ts';
import { serve, type Listening } from '../../sandbox/server/serve.ts';
import { createSupabaseManagement } from '../../sandbox/standIns/supabaseManagement/service.ts';
import { ensureAgentRuntimeConfig } from '../../services/supabase/agentRuntimeConfig.ts';
import { supabaseDatabase } from '../../services/supabase/supabase.ts';
import { managementApi } from '../../services/supabase/management.ts';
import { sharedProject } from '../support/sharedProject.ts';
import { isSameProject, originsOf, referenceAt } from '../../settings/supabaseAddress.ts';
import { runCommand } from '../support/command.ts';
import { fileSettings } from '../../settings/stack/file.ts';
import { fixtureRoot } from '../support/fixture.ts';

/** A Supabase project behind a domain of the team's own, paused, restricted, or with keys of the new generation. */

const custom = 'https://db.example.com';
const other = 'https://abcdefghijklmnopqrst.supabase.co';

describe('a custom domain in front of the project', () => {
  it.each([
    ['itself', `${custom}/`, custom, true],
    ['the address that the project keeps', sharedProject.url, custom, true],
    ['another project', other, custom, false],
    ['another domain', 'https://db.example.org', custom, false],
    ['a domain that nobody declared', custom, sharedProject.url, false],
    ['the project at its own address', `${sharedProject.url}/`, sharedProject.url, true],
    ['a branch, where that is declared', other, other, true],
    ['the shared project, where a branch is declared', sharedProject.url, other, false],
    ['the same name without TLS', 'http://db.example.com', custom, false],
    ['no address', 'db', custom, false],
    ['a name that only ends like the project', `https://x${new URL(sharedProject.url).hostname}`, custom, false],
  ])('%s', (_, given, declared, same) => {
    expect(isSameProject(given, declared, sharedProject)).toBe(same);
  });

  it('has the project’s functions behind the project’s reference, not behind its own first label', () => {
    expect([custom, sharedProject.url, other].map((each) => referenceAt(each, sharedProject))).toEqual([
      sharedProject.ref,
      sharedProject.ref,
      'abcdefghijklmnopqrst',
    ]);
    expect(originsOf(`${custom}/`, sharedProject)).toEqual([custom, sharedProject.url]);
  });

  it('is known by its own address alone where nothing says which project stands behind it', () => {
    expect(originsOf(custom, undefined)).toEqual([custom]);
    expect(referenceAt(custom, undefined)).toBeUndefined();
    expect(isSameProject(sharedProject.url, custom, undefined)).toBe(false);
  });
});

describe('the project behind a custom domain, for a smoke test without a configuration', () => {
  const key = (claims: object) => ({ value: `x.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.y` });
  it.each([
    ['by its variable', { SUPABASE_PROJECT_REF: sharedProject.ref }, [key({ ref: 'a'.repeat(20) })], sharedProject],
    ['by the key’s claims', {}, [{ value: 'publishable' }, key({ ref: sharedProject.ref })], sharedProject],
    ['by nothing', {}, [{ value: 'a.b.c' }, key({}), key({ ref: 5 })], undefined],
    ['by what is no reference', { SUPABASE_PROJECT_REF: 'x/../y' }, [], undefined],
  ])('%s', (_, environment, keys, project) => {
    expect(projectBehind(environment, keys)).toEqual(project);
  });
});

describe('a project that does not serve', () => {
  let answer = { status: 540, body: '' };
  let seen: IncomingHttpHeaders[] = [];
  let server: Server;
  const url = () => `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  beforeAll(async () => {
    server = createServer((request, response) => {
      seen.push(request.headers);
      response.writeHead(answer.status, { 'content-type': 'text/plain' }).end(answer.body);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  });
  beforeEach(() => {
    seen = [];
  });
  afterAll(() => new Promise((resolve) => server.close(resolve)));
  const ask = () =>
    supabaseDatabase(url(), 'a key').ask('reading agent_runtime_config', (client) =>
      client.from('agent_runtime_config').select('*'),
    );

  it.each([
    [540, '', 'The project is paused'],
    [540, '<html>paused</html>', 'The project is paused'],
    [540, '{"message":"paused"}', 'The project is paused'],
    [402, '', 'Supabase restricts the project’s requests'],
  ])('says what it is (%i, %j), once, and no key is suspected', async (status, body, words) => {
    answer = { status, body };
    const error: unknown = await ask().catch((caught: unknown) => caught);
    expect(String(error)).toContain(words);
    expect(String(error)).not.toContain('SERVICE_ROLE');
    expect(seen).toHaveLength(1);
    expect(thrown(error).state).toBe('unknown');
    seen = [];
    await expect(ensureAgentRuntimeConfig(url(), 'a key')).rejects.toThrow(words);
    expect(seen).toHaveLength(1);
  });

  it('gets a key of the new generation as apikey alone, a legacy one as bearer too', async () => {
    answer = { status: 201, body: '' };
    const secretKey = ['sb', 'secret', 'x'.repeat(24)].join('_');
    await ensureAgentRuntimeConfig(url(), secretKey);
    await ensureAgentRuntimeConfig(url(), 'legacy');
    expect(seen.map(({ apikey, authorization }) => [apikey, authorization])).toEqual([
      [secretKey, undefined],
      ['legacy', 'Bearer legacy'],
    ]);
  });
});

describe('the Management API', () => {
  const stateDir = mkdtempSync(join(tmpdir(), 'project-'));
  const management = createSupabaseManagement({ stateDir });
  let listening: Listening;
  let writes: string[] = [];
  beforeAll(async () => {
    listening = await serve(management, {
      faults: new Faults(),
      log: ({ method, path }) => method !== 'GET' && writes.push(`${method} ${path}`),
    });
  });
  beforeEach(() => {
    writes = [];
  });
  afterAll(async () => {
    await listening.close();
    rmSync(stateDir, { recursive: true });
  });
  const env = () => ({
    SUPABASE_API_ENDPOINT: listening.url,
    SUPABASE_ACCESS_TOKEN: management.store.state.token,
  });
  const become = (status: 'ACTIVE_HEALTHY' | 'INACTIVE' | 'RESTORE_FAILED') =>
    management.store.update((state) => (state.status = status));

  it.each([
    ['INACTIVE', 'it is paused'],
    ['RESTORE_FAILED', 'the restore failed'],
  ] as const)('of a project that is %s: nothing is begun that needs its database', async (status, why) => {
    become(status);
    const message = new RegExp(`cannot be used \\(${status}\\): ${why}.*Nothing was done`);
    await expect(requireUsable(managementApi(env()), sharedProject.ref)).rejects.toThrow(message);
    const made = await runCommand(
      'commands/dbBranch/command.ts',
      ['create', 'a', '--yes', '--project', sharedProject.ref],
      env(),
      stateDir,
    );
    expect(made).toMatchObject({ code: 1, stderr: expect.stringMatching(message) });
    expect(writes).toEqual([]);
  });

  it('of a healthy project stands in nobody’s way', async () => {
    become('ACTIVE_HEALTHY');
    await expect(requireUsable(managementApi(env()), sharedProject.ref)).resolves.toBeUndefined();
  });
});

describe('the key of the kill switch', () => {
  const settings = fileSettings(fixtureRoot);
  const open = (env: Readonly<Record<string, string>>) =>
    openDatabase(settings, { STAGING_SUPABASE_URL: 'http://127.0.0.1:1', STAGING_VAULT: 'off', ...env });
  const publishable = ['sb', 'publishable', 'x'.repeat(24)].join('_');

  it('is the one of the new generation before the legacy one, which may be disabled', async () => {
    await expect(open({ SUPABASE_SECRET_KEY: publishable, SUPABASE_SERVICE_ROLE_KEY: 'a secret one' })).rejects.toThrow(
      'SUPABASE_SECRET_KEY is the project’s anon (publishable) key',
    );
    await expect(open({ SUPABASE_SECRET_KEY: 'a secret one' })).resolves.toBeDefined();
    await expect(open({ SUPABASE_SERVICE_ROLE_KEY: 'a secret one' })).resolves.toBeDefined();
  });

  it('is missing by both names', async () => {
    await expect(open({})).rejects.toThrow('Set SUPABASE_SERVICE_ROLE_KEY or SUPABASE_SECRET_KEY');
  });

  it('is taken from the vault by whichever variable is declared', async () => {
    const reference = { kind: 'reference', reference: 'op://Platform/Supabase/secret_key' } as const;
    const variables = settings.netlify.variables.map((variable) =>
      variable.name === 'SUPABASE_SERVICE_ROLE_KEY'
        ? {
            ...variable,
            name: 'SUPABASE_SECRET_KEY',
            values: [{ context: 'branch:staging' as const, source: reference }],
          }
        : variable,
    );
    const moved = { ...settings, netlify: { ...settings.netlify, variables } };
    const asked = openDatabase(moved, {
      STAGING_SUPABASE_URL: 'http://127.0.0.1:1',
      OP_SERVICE_ACCOUNT_TOKEN: 'not a token',
    });
    await expect(asked).rejects.toThrow('op://Platform/Supabase/secret_key');
  });
});

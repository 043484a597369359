import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, expect, it, jest } from '@jest/globals';
import { z } from 'zod';
import { readEndpoints, type Endpoints } from '../../../sandbox/process/endpoints.ts';
import { stagingAddress } from '../../../sandbox/process/identity.ts';
import { sandboxPaths } from '../../../sandbox/process/paths.ts';
import { emailOf, openProject } from '../../../sandbox/stack/supabaseProject.ts';
import { agentPath } from '../../../sandbox/standIns/supabase/agent/agent.ts';
import { openVault } from '../../../sandbox/standIns/onepassword/index.ts';
import { runSandboxCommand } from '../../sandbox/commandProcess.ts';
import { runCommand } from '../../support/command.ts';
import { sharedProject } from '../../support/sharedProject.ts';

// The whole rotation, by the real engine, the deploy job and the smoke test, while the site, an Edge Function and a job are asked.
jest.setTimeout(900_000);
const dir = mkdtempSync(join(tmpdir(), 'rotate-load-'));
afterAll(async () => {
  await runSandboxCommand(dir, ['stop']);
  rmSync(dir, { recursive: true, force: true });
});

const netlify = z.object({
  sites: z.tuple([z.object({ published_deploy_id: z.string() })]),
  deploys: z.array(z.object({ id: z.string(), environment: z.record(z.string(), z.string()) })),
});

/** The secret key that production's deploy was made with: what a function or a job that begins now holds to its end. */
function keyOfProduction(): string {
  const text = readFileSync(join(sandboxPaths(dir).services, 'netlify.json'), 'utf8');
  const { sites, deploys } = netlify.parse(JSON.parse(text));
  const live = deploys.find(({ id }) => id === sites[0].published_deploy_id);
  return live?.environment.SUPABASE_SERVICE_ROLE_KEY ?? '';
}

/** Asks, each in a loop, until it is stopped; counts by name, and keeps what was not answered as it should be. */
class Load {
  readonly sent: Record<string, number> = {};
  readonly failed: string[] = [];
  #over = false;
  readonly #loops: readonly Promise<void>[];

  constructor(services: Endpoints, user: { readonly email: string; readonly password: string }) {
    this.#loops = [this.#browser(services, user), this.#job(services)];
  }

  async stop(): Promise<void> {
    this.#over = true;
    await Promise.all(this.#loops);
  }

  /** Somebody on staging's site, with the public key that it gives: signs in once, and asks the agent again and again. */
  async #browser({ hosting, supabase }: Endpoints, user: object): Promise<void> {
    let token: string | undefined;
    while (!this.#over) {
      const config = await this.#ask('site', `${hosting}/${new URL(stagingAddress).host}/api/runtime-config`);
      const { supabaseAnonKey: apikey = '' } = z.object({ supabaseAnonKey: z.string() }).partial().parse(config);
      token ??= z
        .object({ access_token: z.string() })
        .parse(
          await this.#ask('sign-in', `${supabase}/auth/v1/token?grant_type=password`, { apikey }, user),
        ).access_token;
      const headers = { apikey, authorization: `Bearer ${token}` };
      await this.#ask('Edge Function', `${supabase}${agentPath}`, headers, { message: 'hello' });
      await sleep(200);
    }
  }

  /** Jobs of three seconds one after the other, each with the key that it began with. */
  async #job({ supabase }: Endpoints): Promise<void> {
    while (!this.#over) {
      const [apikey, end] = [keyOfProduction(), Date.now() + 3000];
      while (Date.now() < end) {
        await this.#ask('job', `${supabase}/rest/v1/agent_runtime_config?select=config_key`, { apikey });
        await sleep(200);
      }
    }
  }

  async #ask(what: string, url: string, headers: Record<string, string> = {}, body?: object): Promise<unknown> {
    this.sent[what] = (this.sent[what] ?? 0) + 1;
    const more = body && { method: 'POST', body: JSON.stringify(body) };
    const answer = await fetch(url, { headers: { ...headers, 'content-type': 'application/json' }, ...more });
    if (!answer.ok) this.failed.push(`${what}: ${answer.status}`);
    return answer.json();
  }
}

it('rotates the key that opens everything with no failed request, and the old one is refused at the end', async () => {
  expect((await runCommand('sandbox/start.ts', [], { STAGING_SANDBOX_DIR: dir })).code).toBe(0);
  const services = readEndpoints(dir)?.services;
  if (!services) throw new Error('The sandbox does not run.');
  const user = { email: emailOf('admin'), password: openProject(sandboxPaths(dir).services).state.password };
  const keys = () => {
    const vault = openVault(sandboxPaths(dir).services);
    return ['service_role_key', 'production_service_role_key', 'anon_key'].map((label) => vault.read(label));
  };
  const old = keys();

  const load = new Load(services, user);
  const rotate = ['npm', 'run', 'rotate', '--', 'SUPABASE_SERVICE_ROLE_KEY', '--yes', '--project', sharedProject.ref];
  const { code, stdout, stderr } = await runSandboxCommand(dir, ['exec', ...rotate, '--overlap', '8']);
  await load.stop();

  expect(load.failed).toEqual([]);
  expect(Object.keys(load.sent).sort()).toEqual(['Edge Function', 'job', 'sign-in', 'site']);
  for (const what of ['Edge Function', 'job', 'site']) expect(load.sent[what]).toBeGreaterThan(50);
  expect([code, stdout + stderr]).toEqual([0, expect.stringContaining('the old one is refused')]);
  const answer = async (apikey: string) =>
    (await fetch(`${services.supabase}/rest/v1/agent_runtime_config?select=config_key`, { headers: { apikey } }))
      .status;
  expect(await Promise.all(old.map(answer))).toEqual([401, 401, 401]);
  const fresh = keys();
  expect(await Promise.all(fresh.map(answer))).toEqual([200, 200, 200]);
  // Compared without the keys in the message of a failure.
  expect([...old, ...fresh].filter((key) => (stdout + stderr).includes(key)).length).toBe(0);
});

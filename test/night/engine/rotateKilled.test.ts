import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer, request as forward, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it, jest } from '@jest/globals';
import { z } from 'zod';
import { readEndpoints } from '../../../sandbox/process/endpoints.ts';
import { sandboxPaths } from '../../../sandbox/process/paths.ts';
import { openVault, serviceAccountToken } from '../../../sandbox/standIns/onepassword/index.ts';
import { runSandboxCommand } from '../../sandbox/commandProcess.ts';
import { runCommand } from '../../support/command.ts';
import { killAll, processTree } from '../../support/killTree.ts';
import { sharedProject } from '../../support/sharedProject.ts';

// The real command, the real engine and the deploy job: one rotation that is killed with all that it started, again and again.
jest.setTimeout(1_200_000);
const dir = mkdtempSync(join(tmpdir(), 'rotate-killed-'));
const proxies: Server[] = [];
afterAll(async () => {
  for (const proxy of proxies) {
    proxy.closeAllConnections();
    proxy.close();
  }
  await runSandboxCommand(dir, ['stop']);
  rmSync(dir, { recursive: true, force: true });
});

const value = 'SUPABASE_SERVICE_ROLE_KEY';
const addresses = {
  netlify: 'NETLIFY_API_ENDPOINT',
  github: 'GITHUB_BASE_URL',
  supabase: 'STAGING_SUPABASE_URL',
  supabaseManagement: 'SUPABASE_API_ENDPOINT',
  onepassword: 'OP_SERVICE_ACCOUNT_TOKEN',
} as const;

/** One process of the command. */
interface Run {
  readonly pid: number;
  said: string;
  killed: boolean;
}
let running: Run | undefined;
const met = new Set<string>();
const kills: string[] = [];

const stepOf = ({ said }: Run) => [...said.matchAll(/^\d+\/\d+ ([\w-]+):/gm)].at(-1)?.[1] ?? 'begin';

/**
 * Whether the process is killed at this request: at each write of each step once before and once after it took effect. Within
 * the engine once, after its write. Reads are in test/rotation/requests.
 */
function killAt(service: string, method: string, path: string, moment: 'before' | 'after'): boolean {
  if (running === undefined || running.killed || method === 'GET' || method === 'HEAD') return false;
  if (service === 'onepassword' && method !== 'PATCH') return false; // it signs in
  const step = stepOf(running);
  const isEngines = step.endsWith('-places') && service === 'netlify';
  if (moment === 'before' && (isEngines || service === 'onepassword')) return false;
  // Each run makes keys and deploys of its own; the vault has a version for each write.
  const what = isEngines ? 'the engine' : `${method} ${path.replaceAll(/[\w-]*\d[\w-]*/g, 'N')}`;
  const key = `${isEngines ? '' : step} ${service} ${what} ${moment}`;
  if (met.has(key)) return false;
  met.add(key);
  kills.push(key.trim());
  running.killed = true;
  killAll(processTree(running.pid));
  return true;
}

/** An address in a service's place that passes everything on, as far as the process lives. */
async function proxyOf(service: string, url: string): Promise<string> {
  const server = createServer((message, response) => {
    const { method = 'GET', headers, url: path = '/' } = message;
    const [name = '/'] = path.split('?');
    if (killAt(service, method, name, 'before')) return void message.socket.destroy();
    const passed = forward(`${url}${path}`, { method, headers, agent: false }, (reply) => {
      const parts: Buffer[] = [];
      reply.on('data', (part: Buffer) => parts.push(part));
      reply.on('end', () => {
        if (killAt(service, method, name, 'after')) return void message.socket.destroy();
        response.writeHead(reply.statusCode ?? 500, reply.headers).end(Buffer.concat(parts));
      });
    });
    passed.on('error', () => response.destroy());
    message.pipe(passed);
  });
  proxies.push(server);
  server.keepAliveTimeout = 120_000;
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const deploys = z.object({
  sites: z.tuple([z.object({ published_deploy_id: z.string() })]),
  deploys: z.array(
    z.object({ id: z.string(), branch: z.string(), state: z.string(), environment: z.record(z.string(), z.string()) }),
  ),
});

/** The keys that production and staging run with now. */
function inUse(): string[] {
  const { sites, deploys: all } = deploys.parse(
    JSON.parse(readFileSync(join(sandboxPaths(dir).services, 'netlify.json'), 'utf8')),
  );
  const live = all.find(({ id }) => id === sites[0].published_deploy_id);
  const staging = all.filter(({ branch, state }) => branch === 'staging' && state === 'ready').at(-1);
  return [live, staging].flatMap((deploy) =>
    ['SUPABASE_ANON_KEY', value].map((name) => deploy?.environment[name] ?? ''),
  );
}

it('killed at every write, and within pulumi up, goes on to its end; nobody ever has a dead key', async () => {
  expect((await runCommand('sandbox/start.ts', [], { STAGING_SANDBOX_DIR: dir })).code).toBe(0);
  const services = readEndpoints(dir)?.services;
  if (!services) throw new Error('The sandbox does not run.');
  const { services: stateDir, rotations } = sandboxPaths(dir);
  const printed = await runSandboxCommand(dir, ['exec', 'node', '-e', 'console.log(JSON.stringify(process.env))']);
  const env = z.record(z.string(), z.string()).parse(JSON.parse(printed.stdout));
  for (const [service, name] of Object.entries(addresses)) {
    const url = await proxyOf(service, services[service as keyof typeof addresses]);
    env[name] = service === 'onepassword' ? serviceAccountToken(stateDir, Number(new URL(url).port)) : url;
  }
  const answers = async (apikey: string) =>
    (await fetch(`${services.supabase}/auth/v1/settings`, { headers: { apikey } })).status;
  const labels = ['service_role_key', 'production_service_role_key', 'anon_key'];
  const old = labels.map((label) => openVault(stateDir).read(label));

  async function run(
    entry: string,
    args: readonly string[],
  ): Promise<{ readonly code: number | null; readonly said: string }> {
    const child = spawn(process.execPath, ['launch/command.mjs', entry, ...args], {
      env,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const own: Run = { pid: child.pid ?? 0, said: '', killed: false };
    running = entry.includes('rotate') ? own : undefined;
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (part: Buffer) => (own.said += part.toString()));
    const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
    running = undefined;
    // Compared without the keys in the message of a failure.
    expect(old.filter((key) => own.said.includes(key)).length).toBe(0);
    return { code: own.killed ? null : code, said: own.said };
  }

  const consent = ['--yes', '--project', sharedProject.ref, '--overlap', '0', '--no-smoke', '--checked'];
  const journal = () => existsSync(join(rotations, 'staging', `${value}.json`));
  let recovered = 0;
  let last: Awaited<ReturnType<typeof run>>;
  do {
    last = await run('commands/rotate/command.ts', [value, ...consent, ...(journal() ? ['--resume'] : [])]);
    const statuses = await Promise.all(inUse().map(answers));
    expect([kills.at(-1), statuses]).toEqual([kills.at(-1), [200, 200, 200, 200]]);
    const repair = /npm run recover -- ((?:--arrived \w+ ?)+)/.exec(last.said)?.[1];
    if (last.code !== 2 || repair === undefined) continue;
    recovered += 1;
    const mended = await run('commands/recover/command.ts', [...repair.trim().split(' '), '--yes']);
    expect(mended.code === 0 ? '' : mended.said).toBe('');
    last = { code: null, said: '' };
  } while (last.code === null);

  expect(last.code === 0 ? '' : last.said).toBe('');
  expect(journal()).toBe(false);
  expect(await Promise.all(old.map(answers))).toEqual([401, 401, 401]);
  expect(await Promise.all(labels.map((label) => answers(openVault(stateDir).read(label))))).toEqual([200, 200, 200]);
  expect(recovered).toBe(1);
  expect(kills.length).toBeGreaterThan(11);
});

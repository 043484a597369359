import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { runSandboxCommand } from './commandProcess.ts';

// The command as real processes, in a folder of its own.
jest.setTimeout(60_000);
const dir = mkdtempSync(join(tmpdir(), 'sandbox-command-'));

const sandbox = (args: readonly string[], input = '', environment: Record<string, string> = {}) =>
  runSandboxCommand(dir, args, input, environment);

interface Status {
  readonly running: boolean;
  readonly pid: number;
  readonly endpoints: Readonly<Record<string, string>>;
  readonly requests: number;
}
const status = async () => JSON.parse((await sandbox(['status', '--json'])).stdout) as Status;

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    // A process that was killed stays in the table until it is reaped; it counts as dead.
    return !readFileSync(`/proc/${pid}/stat`, 'utf8').includes(') Z ');
  } catch {
    return false;
  }
}

async function untilDead(pid: number): Promise<void> {
  for (let round = 0; isAlive(pid) && round < 300; round += 1) await sleep(50);
  expect(isAlive(pid)).toBe(false);
}

afterAll(async () => {
  await sandbox(['stop']);
  rmSync(dir, { recursive: true, force: true });
});

describe('help and mistakes', () => {
  it('explains itself', async () => {
    const overview = await sandbox(['--help']);
    expect(overview.code).toBe(0);
    for (const name of ['start', 'stop', 'status', 'exec', 'vault', 'fault', 'log', 'reset']) {
      expect(overview.stdout).toContain(`\n  ${name}`);
      const own = await sandbox([name, '--help']);
      expect([name, own.code, own.stdout.split('\n')[0]?.startsWith(`npm run sandbox -- ${name}`)]).toEqual([
        name,
        0,
        true,
      ]);
    }
  });

  it.each([
    [['nonsense'], "Unknown command 'nonsense'. The verb is start,"],
    [['vault', 'rotate'], "Missing required argument 'LABEL'."],
    [
      ['vault', 'set', 'label', 'value-in-the-arguments'],
      "Too many arguments for 'set'. Expected 1 argument but got 2.",
    ],
    [['fault', 'add'], 'A rule needs at least one of'],
    [['fault', 'add', '--service', 'nobody', '--status', '500'], '--service is '],
    [['fault', 'clear', '--status', '500'], 'fault clear takes no --status: that is an option of add.'],
    [['fault', 'add', '--path', '(', '--status', '500'], '--path: '],
    [['fault', 'add', '--status', 'many'], '--status is a whole number, 200 at least and at most 599.'],
    [['fault', 'add', '--status', '9999'], '--status is a whole number, 200 at least and at most 599.'],
    [['status', '--wrong'], "Unknown option '--wrong'.\n--help shows how it is called.\n"],
    [['exec'], 'exec takes a command.'],
  ])('%j fails and says why', async (args, message) => {
    const result = await sandbox(args);
    expect(result.code).toBe(1);
    expect(result.stderr).toContain(message);
  });

  it('starts nothing for any of that', async () => {
    expect((await status()).running).toBe(false);
  });
});

describe('the background process', () => {
  afterEach(() => sandbox(['stop']));

  it('is one, however many start it at once, and keeps its files to its owner', async () => {
    const starts = await Promise.all([sandbox(['start']), sandbox(['start']), sandbox(['start'])]);
    expect(starts.map(({ code, stderr }) => [code, stderr])).toEqual(Array(3).fill([0, '']));
    expect(new Set(starts.map(({ stdout }) => stdout)).size).toBe(1);
    for (const file of ['control-token', 'endpoints.json', 'services/onepassword.json', 'services/github.json']) {
      expect([file, statSync(join(dir, file)).mode & 0o777]).toEqual([file, 0o600]);
    }
  });

  it('has the same addresses, vault and tokens after a stop', async () => {
    await sandbox(['start']);
    const before = [await status(), readFileSync(join(dir, 'services/onepassword.json'), 'utf8')] as const;
    expect((await sandbox(['stop'])).stdout).toBe('Stopped.\n');
    await untilDead(before[0].pid);
    expect((await sandbox(['stop'])).stdout).toBe('The sandbox was not running.\n');
    await sandbox(['start']);
    const after = [await status(), readFileSync(join(dir, 'services/onepassword.json'), 'utf8')] as const;
    expect(after[0].endpoints).toEqual(before[0].endpoints);
    expect(after[1] === before[1]).toBe(true);
    expect(after[0].pid).not.toBe(before[0].pid);
  });

  it('recovers from a kill: what it left behind stops nobody', async () => {
    await sandbox(['start']);
    const before = await status();
    process.kill(before.pid, 'SIGKILL');
    await untilDead(before.pid);
    expect((await status()).running).toBe(false);
    const again = await sandbox(['start']);
    expect(again.code).toBe(0);
    expect(again.stderr).toBe(
      `The sandbox had died and is started again, with all that it had written. Why: ${join(dir, 'daemon.log')}\n`,
    );
    const after = await status();
    expect(after).toMatchObject({ running: true, endpoints: before.endpoints });
  });

  it('is stopped even when it hangs', async () => {
    await sandbox(['start']);
    const { pid } = await status();
    process.kill(pid, 'SIGSTOP');
    expect(await sandbox(['stop'])).toMatchObject({ code: 0, stdout: 'Stopped.\n' });
    await untilDead(pid);
    expect((await sandbox(['start'])).code).toBe(0);
  });

  it('ends by itself when nobody asks for anything', async () => {
    await sandbox(['start'], '', { STAGING_SANDBOX_IDLE_MINUTES: '0.01' });
    const { pid } = JSON.parse(readFileSync(join(dir, 'endpoints.json'), 'utf8')) as { pid: number };
    await untilDead(pid);
    expect((await status()).running).toBe(false);
  });

  it('is steered with its token only', async () => {
    await sandbox(['start']);
    const { control } = JSON.parse(readFileSync(join(dir, 'endpoints.json'), 'utf8')) as { control: string };
    const token = readFileSync(join(dir, 'control-token'), 'utf8');
    const ask = async (method: string, path: string, authorization: string) =>
      (await fetch(`${control}${path}`, { method, headers: { authorization } })).status;
    expect([
      await ask('GET', '/health', ''),
      await ask('POST', '/shutdown', `Bearer ${token.slice(1)}`),
      await ask('GET', '/exchanges', `Bearer ${token}`),
      await ask('GET', '/nothing', `Bearer ${token}`),
    ]).toEqual([401, 401, 200, 404]);
    expect((await status()).running).toBe(true);
  });
});

describe('vault, fault, log and reset', () => {
  beforeAll(() => sandbox(['start']));

  const stored = () => {
    const { vaults } = JSON.parse(readFileSync(join(dir, 'services/onepassword.json'), 'utf8')) as {
      vaults: { items: { fields: { label: string; section: string; value: string }[] }[] }[];
    };
    return vaults[0]?.items[0]?.fields ?? [];
  };
  const valueOf = (label: string) => stored().find((field) => field.section === '' && field.label === label)?.value;

  it('lists no value', async () => {
    const { stdout } = await sandbox(['vault', 'list']);
    expect(stdout).toContain('op://Platform/Supabase/production_service_role_key');
    for (const { label, value } of stored()) expect([label, stdout.includes(value)]).toEqual([label, false]);
  });

  it.each([
    ['a line without its end', 'canary-1\n', 'canary-1'],
    ['several lines byte for byte', 'canary\n\r\n 2 \n', 'canary\n\r\n 2 \n'],
    ['nothing', '', ''],
  ])('sets %s from standard input and says nothing of it', async (_, input, value) => {
    const result = await sandbox(['vault', 'set', 'probe'], input);
    expect(result).toEqual({ code: 0, signal: null, stdout: 'probe: set.\n', stderr: '' });
    expect(valueOf('probe')).toBe(value);
  });

  it('rotates, and refuses what does not rotate', async () => {
    const before = valueOf('access_token');
    expect(await sandbox(['vault', 'rotate', 'access_token'])).toMatchObject({ code: 0 });
    expect(valueOf('access_token') === before).toBe(false);
    const refused = await sandbox(['vault', 'rotate', 'url']);
    expect([refused.code, refused.stderr]).toEqual([
      1,
      '"url" names something that exists and does not rotate. Set it instead.\n',
    ]);
    expect(await sandbox(['vault', 'remove', 'probe'])).toMatchObject({ code: 0 });
    expect(valueOf('probe')).toBeUndefined();
  });

  it('adds, counts and clears fault rules, and logs what they did', async () => {
    const add = [
      'fault',
      'add',
      '--service',
      'netlify',
      '--status',
      '429',
      '--header',
      'retry-after: 3',
      '--times',
      '1',
    ];
    expect(await sandbox(add)).toMatchObject({ code: 0 });
    const { endpoints } = await status();
    const faulty = await fetch(`${endpoints.netlify ?? ''}/api/v1/sites`);
    expect([faulty.status, faulty.headers.get('retry-after')]).toEqual([429, '3']);
    expect((await sandbox(['fault', 'list'])).stdout).toContain('(matched 1, failed 1)');
    expect((await sandbox(['fault', 'clear'])).stdout).toBe('No fault rules.\n');
    expect((await sandbox(['log'])).stdout).toMatch(/netlify +429 GET +\/api\/v1\/sites {2}\[fault: status 429\]\n$/);
    const [last] = (await sandbox(['log', '--json'])).stdout.trim().split('\n').slice(-1);
    expect(JSON.parse(last ?? '')).toMatchObject({ service: 'netlify', status: 429 });
    expect((await sandbox(['log', '--writes'])).stdout).toBe('');
  });

  it('begins anew on reset, at the same addresses', async () => {
    const before = [await status(), valueOf('anon_key')] as const;
    expect((await sandbox(['reset'])).code).toBe(0);
    const after = [await status(), valueOf('anon_key')] as const;
    expect(after[0]).toMatchObject({ running: true, endpoints: before[0].endpoints, requests: 0 });
    expect(after[1] === before[1]).toBe(false);
  });
});

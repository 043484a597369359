import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { runSandboxCommand, startSandboxCommand } from '../sandbox/commandProcess.ts';

// `npm run sandbox -- exec …` with the real toolchain, in a folder of its own.
jest.setTimeout(120_000);
const dir = mkdtempSync(join(tmpdir(), 'sandbox-exec-'));
const committed = () => readFileSync('Pulumi.staging.yaml', 'utf8');
const before = committed();

const exec = (args: readonly string[], environment: Record<string, string> = {}) =>
  runSandboxCommand(dir, ['exec', ...args], '', environment);
const config = async () => {
  const { stdout } = await exec(['pulumi', 'config', '--json', '--show-secrets']);
  return JSON.parse(stdout) as Record<string, { value: string; secret: boolean }>;
};

afterAll(async () => {
  await runSandboxCommand(dir, ['stop']);
  rmSync(dir, { recursive: true, force: true });
});

describe('exec', () => {
  let key: string | undefined;

  beforeAll(async () => {
    // Two at once on a new folder: one makes the stack, the other waits for it.
    const both = await Promise.all([
      exec(['pulumi', 'stack', 'ls', '--json']),
      exec(['pulumi', 'stack', 'ls', '--json']),
    ]);
    for (const { code, stdout } of both) {
      expect(code).toBe(0);
      expect(JSON.parse(stdout)).toMatchObject([{ name: 'staging', current: true }]);
    }
    key = (await config())['allincompassing:fingerprintKey']?.value;
  });

  it("gives Pulumi the committed settings with the sandbox's own secret, and leaves the committed file alone", async () => {
    const settings = await config();
    expect(settings['github:owner']).toMatchObject({ value: 'allincompassing', secret: false });
    expect(settings['allincompassing:fingerprintKey']?.secret).toBe(true);
    expect(key).toMatch(/^[\w-]{43}$/);
    expect(statSync(join(dir, 'Pulumi.staging.yaml')).mode & 0o777).toBe(0o600);
    expect(committed()).toBe(before);
  });

  it('keeps salt and secret when the stack is there already, and takes the salt from the state when its file is lost', async () => {
    expect((await config())['allincompassing:fingerprintKey']?.value === key).toBe(true);
    rmSync(join(dir, 'stack', 'Pulumi.staging.yaml'));
    const settings = await config();
    expect(settings['allincompassing:fingerprintKey']?.value).toMatch(/^[\w-]{43}$/);
    expect((await exec(['pulumi', 'stack', 'export'])).code).toBe(0);
  });

  it('puts the committed file back after a command of Pulumi that writes it', async () => {
    const result = await exec(['pulumi', 'stack', 'history', '--show-secrets']);
    expect(result.stderr).toContain('changed the encryption salt in Pulumi.staging.yaml in the repository: put back.');
    expect(committed()).toBe(before);
  });

  it('passes the exit code on, and arguments as they are', async () => {
    const script = 'console.log(JSON.stringify(process.argv.slice(1))); process.exit(7)';
    const result = await exec(['node', '-e', script, '--', '--json', 'a b', '$x', '--help']);
    expect([result.code, result.stdout]).toEqual([7, '["--json","a b","$x","--help"]\n']);
  });

  it('says so when there is no such command', async () => {
    const result = await exec(['no-such-command-anywhere']);
    expect(result.code).toBe(1);
    expect(result.stderr).toContain('Cannot run no-such-command-anywhere: there is no such command.');
  });

  it.each(['SIGTERM', 'SIGINT'] as const)('forwards %s and ends as the command does', async (signal) => {
    const script = `process.on('${signal}', () => { console.log('got it'); process.exit(5) }); console.log('ready'); setInterval(() => {}, 1000)`;
    const running = startSandboxCommand(dir, ['exec', 'node', '-e', script]);
    while (!running.stdout().includes('ready')) await sleep(20);
    running.child.kill(signal);
    expect(await running.result).toMatchObject({ code: 5, stdout: 'ready\ngot it\n' });
  });

  it('dies of the signal that the command died of', async () => {
    expect(await exec(['node', '-e', 'process.kill(process.pid, "SIGKILL")'])).toMatchObject({ signal: 'SIGKILL' });
  });

  it('lets no credential of the caller reach the command', async () => {
    const names = ['GH_TOKEN', 'NETLIFY_SITE_ID', 'OP_CONNECT_TOKEN', 'AWS_SECRET_ACCESS_KEY', 'PULUMI_ACCESS_TOKEN'];
    const caller = Object.fromEntries(names.map((name) => [name, 'canary-of-the-caller']));
    const { stdout } = await exec(['env'], { ...caller, GITHUB_TOKEN: 'canary-of-the-caller' });
    expect(stdout).toContain('OP_SERVICE_ACCOUNT_TOKEN=');
    expect(stdout).not.toContain('canary');
  });

  it('leads the operations commands to Supabase, its Management API and Slack, and reset forgets what they did', async () => {
    const run = (script: string, ...args: string[]) => exec(['npm', 'run', '--silent', script, '--', ...args]);
    const project = 'wnnjeqheqxxyrgsjmygy';
    const off = await run('kill-switch', 'off', '--reason', 'a try', '--yes', '--project', project);
    expect(off).toMatchObject({ code: 0, stdout: expect.stringContaining('agents are DISABLED') });
    expect((await run('kill-switch', 'status')).stdout).toContain('disabled, by the row');
    expect(await run('db:branch:list')).toMatchObject({ code: 0, stdout: 'No branches.\n' });
    const start = ['start', '--title', 'A try', '--kind', 'agents', '--yes'];
    expect(await run('incident', ...start)).toMatchObject({
      code: 0,
      stderr: expect.stringContaining('Sent to Slack'),
    });
    expect((await runSandboxCommand(dir, ['log'])).stdout).toMatch(
      /insert public\.agent_runtime_config[\s\S]*message #deployments/,
    );
    expect((await runSandboxCommand(dir, ['reset'])).code).toBe(0);
    expect((await run('kill-switch', 'status')).stdout).toContain("Staging's agents are enabled");
    expect(await run('incident', 'update', '--text', 'x', '--yes')).toMatchObject({ code: 1 });
  });
});

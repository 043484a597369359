import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it, jest } from '@jest/globals';
import { runSandboxCommand } from '../sandbox/commandProcess.ts';
import { processTree } from '../support/killTree.ts';

// `npm start` as a person runs it, in a folder of its own.
jest.setTimeout(600_000);
const dir = mkdtempSync(join(tmpdir(), 'sandbox-start-'));

/** Runs it to its end; `seen` gets all output so far, whenever there is more, and the process's id. */
function start(
  seen: (stdout: string, pid: number) => void = () => undefined,
): Promise<{ readonly code: number | null; readonly stdout: string; readonly stderr: string }> {
  const child = spawn(process.execPath, ['launch/command.mjs', 'sandbox/start.ts'], {
    env: { ...process.env, STAGING_SANDBOX_DIR: dir, NO_COLOR: '1' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let [stdout, stderr] = ['', ''];
  child.stdout.on('data', (chunk: Buffer) => {
    stdout += chunk.toString();
    seen(stdout, child.pid ?? 0);
  });
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => resolve({ code, stdout, stderr }));
  });
}

function signal(pids: readonly number[], name: NodeJS.Signals): void {
  for (const pid of pids) {
    try {
      process.kill(pid, name);
    } catch {
      // it has ended by itself
    }
  }
}

/** The last column of the table, line by line, but for the developer's own file, which no update writes. */
function states(stdout: string): string[] {
  const lines = stdout.split('\n');
  const heading = lines.findIndex((line) => line.startsWith('TARGET'));
  const column = lines[heading]?.indexOf('STATE') ?? -1;
  const table = lines.slice(heading + 1).filter((line) => !line.startsWith('local'));
  return table.slice(0, table.indexOf('')).map((line) => line.slice(column));
}

afterAll(async () => {
  await runSandboxCommand(dir, ['stop']);
  rmSync(dir, { recursive: true, force: true });
});

// One story: each run is on the sandbox that the one before has left.
describe('npm start', () => {
  it('provisions everything, proves that production is untouched, and says how to go on', async () => {
    const { code, stdout, stderr } = await start();
    expect([code, stderr.includes('Error')]).toEqual([0, false]);
    const shown = states(stdout);
    expect(shown.length).toBeGreaterThan(15);
    expect(new Set(shown)).toEqual(new Set(['in place']));
    expect(stdout).toMatch(/\nProduction is untouched: none of \d+ requests changed one of its \d+ values\.\n/);
    expect(stdout).toMatch(/\nDone in \d+ s\. How to go on[\s\S]*npm run sandbox -- vault rotate access_token/);
  });

  it('finds nothing to do the second time', async () => {
    const { code, stdout } = await start();
    expect(code).toBe(0);
    expect(new Set(states(stdout))).toEqual(new Set(['in place']));
    expect(stdout).toContain('Production is untouched');
  });

  it('leaves a sandbox on which the emergency level is written down for every command, and asks no public host', async () => {
    const exec = (...command: string[]) => runSandboxCommand(dir, ['exec', ...command]);
    const npm = (script: string, ...args: string[]) => exec('npm', 'run', '--silent', script, '--', ...args);
    const consent = ['--yes', '--project', 'wnnjeqheqxxyrgsjmygy'];
    const off = await npm('kill-switch', 'off', '--emergency', '--reason', 'a try', ...consent);
    expect([off.code, off.stdout]).toEqual([0, expect.stringContaining('AGENT_ACTIONS_DISABLED=true: read back')]);

    expect((await npm('render')).stdout).toContain('netlify-AGENT_ACTIONS_DISABLED:');
    expect((await npm('kill-switch', 'status')).stdout).toContain('AGENT_ACTIONS_DISABLED is true\n');
    expect((await exec('pulumi', 'preview', '--expect-no-changes')).code).toBe(0);
    const { code, stdout } = await start();
    expect([code, new Set(states(stdout))]).toEqual([0, new Set(['in place'])]);
  });

  it('ends with 2 when what is declared is not in place, and says where to look', async () => {
    expect((await runSandboxCommand(dir, ['break', 'value-changed'])).code).toBe(0);
    const { code, stdout } = await start();
    expect(code).toBe(2);
    expect(states(stdout).filter((state) => state !== 'in place')).toEqual(['differs']);
    expect(stdout).toContain(
      '\n1 of what is declared is not in place (the table above): npm run sandbox -- exec npm run drift',
    );
    expect(stdout).toContain(
      '\nThe second preview failed or has changes (above): npm run sandbox -- exec npm run drift',
    );
    expect(stdout).toContain('Production is untouched');
    expect(stdout).not.toContain('How to go on');
  });

  it('ends with 2 when production was touched while it ran', async () => {
    let broken: ReturnType<typeof runSandboxCommand> | undefined;
    const { code, stdout } = await start((output, pid) => {
      if (!output.includes('What is where') || broken) return;
      // It stands still meanwhile: on a busy machine it would be at its end first.
      const still = processTree(pid);
      signal(still, 'SIGSTOP');
      broken = runSandboxCommand(dir, ['break', 'production-value-changed']).finally(() => signal(still, 'SIGCONT'));
    });
    expect(await broken).toMatchObject({ code: 0 });
    expect(code).toBe(2);
    expect(stdout).toContain('\nProduction was touched: a stored value differs. This is a defect; please report it.');
    expect(stdout).not.toContain('Production is untouched');
  });
});

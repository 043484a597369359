import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { packCommands } from '../../../commands/pipeline/pack.ts';
import {
  applicationStates,
  layApplication,
  type ApplicationState,
} from '../../../sandbox/application/layApplication.ts';
import { runCommand } from '../../support/command.ts';

const git = (folder: string, ...args: readonly string[]) =>
  execFileSync('git', ['-c', 'user.name=A', '-c', 'user.email=a@example.com', ...args], { cwd: folder }).toString();

/** The twin of the application in a state, committed. */
function application(state: ApplicationState): string {
  const folder = mkdtempSync(join(tmpdir(), 'application-'));
  layApplication(state, folder);
  git(folder, 'init', '--quiet');
  git(folder, 'add', '--all');
  git(folder, 'commit', '--quiet', '--message', 'As it was');
  return folder;
}

const pipeline = (...args: readonly string[]) => runCommand('commands/pipeline/command.ts', args);

describe('npm run pipeline', () => {
  it.each(applicationStates)(
    'takes no line away, is clean afterwards, and does nothing a second time: %s',
    async (state) => {
      const folder = application(state);
      expect(await pipeline('check', folder)).toMatchObject({ code: 2 });
      const applied = await pipeline('apply', folder, '--yes', '--no-lock');
      expect({ code: applied.code, shown: applied.stdout.includes('+[context.develop]') }).toEqual({
        code: 0,
        shown: true,
      });
      const changed = git(folder, 'diff', '--unified=0').split('\n');
      expect(changed.filter((line) => line.startsWith('-') && !line.startsWith('---'))).toEqual([]);
      expect(git(folder, 'diff', '--name-only', '--', 'supabase', 'package-lock.json')).toBe('');
      expect(await pipeline('check', folder)).toMatchObject({ code: 0 });
      expect((await pipeline('apply', folder, '--yes', '--no-lock')).stdout).toContain('Nothing to do');
    },
    120_000,
  );

  it('shows before it writes, writes only when asked, and has npm write the lockfile', async () => {
    const folder = application('playbook');
    const dry = await pipeline('apply', folder, '--dry-run');
    expect(dry.stdout).toContain('+[context.develop]');
    expect((await pipeline('apply', folder)).stderr).toContain('--yes');
    expect(git(folder, 'status', '--short')).toBe('');
    await pipeline('apply', folder, '--yes');
    expect(readFileSync(join(folder, 'package-lock.json'), 'utf8')).toContain('allincompassing-staging-commands');
  }, 120_000);

  it('writes nothing where a line of the team would have to change, and says what to paste there', async () => {
    const folder = application('playbook');
    const toml = join(folder, 'netlify.toml');
    writeFileSync(
      toml,
      readFileSync(toml, 'utf8').replace('VITE_RUNTIME_ENV = "staging"', 'VITE_RUNTIME_ENV = "test"'),
    );
    const { code, stdout, stderr } = await pipeline('apply', folder, '--yes', '--no-lock');
    expect({ code, written: existsSync(join(folder, '.staging')) }).toEqual({ code: 1, written: false });
    expect(stdout).toMatch(
      /^netlify\.toml:\d+: .+ is "test", not "staging" \(apply does not change it\)\n {4}VITE_RUNTIME_ENV = "staging"$/m,
    );
    expect(stderr).toContain('Nothing was written');
    const found = JSON.parse((await pipeline('check', folder, '--json')).stdout) as string[];
    expect(found.filter((line) => line.endsWith('(apply does not change it)'))).toHaveLength(1);
  }, 120_000);

  it('refuses a folder that is no application', async () => {
    expect(await pipeline('check', tmpdir())).toMatchObject({ code: 1 });
    expect((await pipeline()).stderr).toContain('The whole command: npm run pipeline -- apply PATH --yes');
    const dry = (await pipeline('--dry-run')).stderr;
    expect(dry).toContain('The whole command: npm run pipeline -- apply PATH --dry-run');
    expect(dry).not.toContain('--yes');
    expect((await pipeline('aply', tmpdir())).stderr).toContain('Did you mean apply? The verb is apply or check.');
  }, 60_000);
});

describe('the packed commands', () => {
  it('install in seconds, without Pulumi and without a browser, and run', () => {
    const folder = mkdtempSync(join(tmpdir(), 'packed-'));
    const archive = packCommands();
    expect(packCommands().equals(archive)).toBe(true);
    writeFileSync(join(folder, 'commands.tgz'), archive);
    writeFileSync(join(folder, 'package.json'), '{"private":true}');
    const started = Date.now();
    execFileSync('npm', ['install', '--no-audit', '--no-fund', './commands.tgz'], { cwd: folder, stdio: 'pipe' });
    expect(Date.now() - started).toBeLessThan(30_000);
    const installed = readdirSync(join(folder, 'node_modules')).filter((name) => !name.startsWith('.'));
    expect(installed.sort()).toEqual(['allincompassing-staging-commands', 'playwright-core']);
    const node = join(process.cwd(), 'node_modules', '.bin', 'node');
    for (const name of ['preview-smoke', 'alert-slack', 'db-branch']) {
      const help = execFileSync(node, [join(folder, 'node_modules', '.bin', name), '--help'], { cwd: folder });
      expect(help.toString()).toContain('npm run ');
    }
  }, 120_000);
});

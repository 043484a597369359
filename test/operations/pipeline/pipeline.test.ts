import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { packCommands } from '../../../operations/pipeline/pack.ts';
import { runCommand } from '../../support/command.ts';

function application(): string {
  const folder = mkdtempSync(join(tmpdir(), 'application-'));
  cpSync('sandbox/app', folder, { recursive: true, filter: (path) => !path.includes('node_modules') });
  return folder;
}

const pipeline = (...args: readonly string[]) => runCommand('operations/pipeline.ts', args);

describe('npm run pipeline', () => {
  it('checks, shows a diff, applies, and finds nothing to do a second time', async () => {
    const folder = application();
    const before = await pipeline('check', folder);
    expect(before.code).toBe(2);
    for (const part of [
      '[context.develop] is missing',
      'ci.yml: is missing',
      'preview:smoke is missing',
      'alert:slack is missing',
      'db:branch:create is missing',
    ]) {
      expect(before.stdout).toContain(part);
    }
    const dry = await pipeline('apply', folder, '--dry-run');
    expect(dry.stdout).toContain('+[context.staging]');
    expect(existsSync(join(folder, '.github'))).toBe(false);
    expect((await pipeline('apply', folder)).stderr).toContain('--yes');
    const applied = await pipeline('apply', folder, '--yes');
    expect({ code: applied.code, shown: applied.stdout.includes('+[context.staging]') }).toEqual({
      code: 0,
      shown: true,
    });
    expect(readFileSync(join(folder, 'package-lock.json'), 'utf8')).toContain('allincompassing-staging-commands');
    expect(await pipeline('check', folder)).toMatchObject({ code: 0 });
    expect((await pipeline('apply', folder, '--yes')).stdout).toContain('Nothing to do');
  }, 120_000);

  it('names what was changed by hand afterwards', async () => {
    const folder = application();
    await pipeline('apply', folder, '--yes', '--no-lock');
    const file = join(folder, 'package.json');
    writeFileSync(file, readFileSync(file, 'utf8').replace('"alert-slack"', '"echo"'));
    const toml = join(folder, 'netlify.toml');
    writeFileSync(
      toml,
      readFileSync(toml, 'utf8').replace('VITE_RUNTIME_ENV = "staging"', 'VITE_RUNTIME_ENV = "production"'),
    );
    expect(JSON.parse((await pipeline('check', folder, '--json')).stdout)).toEqual([
      'netlify.toml: [context.staging.environment] VITE_RUNTIME_ENV is "production", not "staging"',
      'package.json: the script alert:slack does not call alert-slack',
    ]);
  }, 60_000);

  it('refuses a folder that is no application', async () => {
    expect(await pipeline('check', tmpdir())).toMatchObject({ code: 1 });
    expect((await pipeline('install')).stderr).toContain('Say apply or check');
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

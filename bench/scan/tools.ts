import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { projectRoot } from '../../settings/stack/projectRoot.ts';
import { defaultCacheFolder, sourceHash } from '../../toolchain/cache/cacheFolder.ts';
import { goBuild } from '../../toolchain/build/goBuild.ts';
import { Store } from '../../toolchain/cache/store.ts';
import type { Report } from '../../toolchain/toolchain.ts';

/** A line of a file, relative to the folder that was scanned. */
export interface Place {
  readonly file: string;
  /** From 1. */
  readonly line: number;
}

/** A scanner as a whole command: the errors that it reported, and how long it took in seconds. */
export interface Tool {
  readonly name: string;
  scan(folder: string): { readonly places: readonly Place[]; readonly seconds: number };
}

/** The newest command line in step with its preset. */
const secretlintVersion = '13.0.6';

function timed(
  program: string,
  args: readonly string[],
  cwd: string,
  fine: readonly number[],
): { readonly stdout: string; readonly seconds: number } {
  const begin = performance.now();
  const { status, stdout, stderr } = spawnSync(program, args, {
    cwd,
    encoding: 'utf8',
    maxBuffer: 2 ** 30,
    env: { ...process.env, STAGING_VAULT: 'off' },
  });
  const seconds = (performance.now() - begin) / 1000;
  if (!fine.includes(status ?? -1)) throw new Error(`${program} ended with ${status ?? 'a signal'}:\n${stderr}`);
  return { stdout, seconds };
}

/** This project's scan, as the pre-commit hook and CI run it. */
export function ownScan(): Tool {
  const root = projectRoot();
  const node = join(root, 'node_modules', '.bin', 'node');
  return {
    name: 'npm run scan',
    scan(folder) {
      const args = [join(root, 'launch', 'command.mjs'), 'commands/scan/command.ts', '--json', folder];
      const { stdout, seconds } = timed(node, args, root, [0, 2]);
      const rows = JSON.parse(stdout) as (Place & { severity: string })[];
      return { places: rows.filter(({ severity }) => severity === 'error'), seconds };
    },
  };
}

/** gitleaks, built once from its Go module and kept in the user's cache folder. */
export async function gitleaks(report: Report): Promise<Tool> {
  const module = join(projectRoot(), 'bench', 'gitleaks');
  const waiting = (pid: number): void => report({ kind: 'note', text: `Process ${pid} builds gitleaks; waiting` });
  const program = { package: 'github.com/zricethezav/gitleaks/v8', file: 'gitleaks' };
  const cache = await new Store(defaultCacheFolder()).ensure(
    `gitleaks-${sourceHash(module, [])}`,
    { waiting },
    (draft) =>
      goBuild({ module, output: `${draft}/${program.file}`, programs: [program], environment: process.env, report }),
  );
  return {
    name: 'gitleaks 8.30.1',
    scan(folder) {
      const out = mkdtempSync(join(tmpdir(), 'gitleaks-'));
      const file = join(out, 'report.json');
      try {
        const args = [
          'dir',
          folder,
          '--no-banner',
          '--log-level',
          'error',
          '--report-format',
          'json',
          '--report-path',
          file,
          '--exit-code',
          '0',
        ];
        const { seconds } = timed(join(cache, program.file), args, folder, [0]);
        const rows = JSON.parse(readFileSync(file, 'utf8')) as { File: string; StartLine: number }[];
        return {
          places: rows.map(({ File, StartLine }) => ({ file: relative(folder, File), line: StartLine })),
          seconds,
        };
      } finally {
        rmSync(out, { recursive: true, force: true });
      }
    },
  };
}

/** secretlint's own command line with its recommended preset, installed once into the user's cache folder. */
export async function secretlint(report: Report): Promise<Tool> {
  const waiting = (pid: number): void => report({ kind: 'note', text: `Process ${pid} installs secretlint; waiting` });
  const cache = await new Store(defaultCacheFolder()).ensure(
    `secretlint-${secretlintVersion}`,
    { waiting },
    (draft) => {
      writeFileSync(join(draft, 'package.json'), JSON.stringify({ private: true, type: 'commonjs' }));
      writeFileSync(
        join(draft, '.secretlintrc.json'),
        JSON.stringify({ rules: [{ id: '@secretlint/secretlint-rule-preset-recommend' }] }),
      );
      const packages = ['secretlint', '@secretlint/secretlint-rule-preset-recommend'].map(
        (name) => `${name}@${secretlintVersion}`,
      );
      timed('npm', ['install', '--no-audit', '--no-fund', '--loglevel=error', ...packages], draft, [0]);
      return Promise.resolve();
    },
  );
  const entry = join(cache, 'node_modules', 'secretlint', 'bin', 'secretlint.js');
  if (!existsSync(entry))
    throw new Error(`secretlint was installed in ${cache} but has no ${entry}. Remove that folder and run again.`);
  const node = join(projectRoot(), 'node_modules', '.bin', 'node');
  return {
    name: `secretlint ${secretlintVersion}`,
    scan(folder) {
      const args = [
        entry,
        '--secretlintrc',
        join(cache, '.secretlintrc.json'),
        '--format',
        'json',
        '--no-color',
        '**/*',
        '**/.*',
      ];
      const { stdout, seconds } = timed(node, args, folder, [0, 1]);
      const rows = JSON.parse(stdout || '[]') as {
        filePath: string;
        messages: { loc: { start: { line: number } } }[];
      }[];
      const places = rows.flatMap(({ filePath, messages }) =>
        messages.map(({ loc }) => ({ file: relative(folder, filePath), line: loc.start.line })),
      );
      return { places, seconds };
    },
  };
}

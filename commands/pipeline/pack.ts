import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildSync } from 'esbuild';
import { childEnvironment } from '../../launch/childEnvironment.mjs';
import { fileSettings } from '../../settings/stack/file.ts';
import { projectRoot } from '../../settings/stack/projectRoot.ts';
import { packageName } from './packageJson.ts';

/** The commands of the package, and where each begins. */
const commands: Readonly<Record<string, string>> = {
  'preview-smoke': 'commands/previewSmoke/command.ts',
  'alert-slack': 'commands/alertSlack/command.ts',
  'db-branch': 'commands/dbBranch/command.ts',
};

/** What the bundles load at run time: nothing but the browser's driver, which brings no browser. */
const loaded = ['playwright-core'];

interface RootManifest {
  readonly version: string;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
}

/** Bundles the commands and packs them as npm does. Yields the archive: the same sources give the same bytes. */
export function packCommands(): Buffer {
  const root = projectRoot();
  const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as RootManifest;
  // As the application's own scripts do: the team's project, unless the job names another one.
  const project = JSON.stringify(fileSettings(root).supabase.project);
  const banner = [
    '#!/usr/bin/env node',
    'const __bundleUrl = require("node:url").pathToFileURL(__filename).href;',
    `process.env.SUPABASE_PROJECT_REF ||= ${project};`,
  ].join('\n');
  const folder = mkdtempSync(join(tmpdir(), 'staging-commands-'));
  try {
    for (const [name, entry] of Object.entries(commands)) {
      buildSync({
        absWorkingDir: root,
        entryPoints: [entry],
        outfile: join(folder, 'bin', `${name}.cjs`),
        bundle: true,
        minify: true,
        platform: 'node',
        target: 'node20',
        format: 'cjs',
        external: [...loaded, 'typescript'], // of `preview-smoke --init` alone, which an application of TypeScript can run

        logLevel: 'error',
        define: { 'import.meta.url': '__bundleUrl' },
        banner: { js: banner },
        footer: { js: 'void module.exports.command.run();' },
      });
    }
    const listed = { ...manifest.dependencies, ...manifest.devDependencies };
    const described = {
      name: packageName,
      version: manifest.version,
      description: 'Smoke test, alert and database branch for the staging pipeline',
      license: 'UNLICENSED',
      engines: { node: '>=20' },
      bin: Object.fromEntries(Object.keys(commands).map((name) => [name, `bin/${name}.cjs`])),
      files: ['bin'],
      dependencies: Object.fromEntries(loaded.map((name) => [name, listed[name]])),
    };
    writeFileSync(join(folder, 'package.json'), `${JSON.stringify(described, undefined, 2)}\n`);
    mkdirSync(join(folder, 'out'));
    execFileSync('npm', ['pack', '--ignore-scripts', '--silent', '--pack-destination', 'out'], {
      cwd: folder,
      env: childEnvironment('local'),
      stdio: ['ignore', 'ignore', 'pipe'],
      shell: process.platform === 'win32',
    });
    return readFileSync(join(folder, 'out', `${packageName}-${manifest.version}.tgz`));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

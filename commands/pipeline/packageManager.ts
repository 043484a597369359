import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseDocument } from 'yaml';
import { z } from 'zod';

/** How the application installs its packages, and what the deploy job and `apply` run for it. */
export interface PackageManager {
  readonly name: 'npm' | 'pnpm' | 'yarn' | 'bun';
  /** Installs what the lockfile says, and nothing else. */
  readonly install: string;
  /** Runs a script; its options follow. */
  readonly run: string;
  /** What stands between a script's name and its options. */
  readonly separator: string;
  /** Makes the command there on a runner that has Node alone. */
  readonly setUp?: string;
  /** Writes the lockfile, installs nothing and runs no script. */
  readonly lock: readonly string[];
}

const managers: Readonly<Record<PackageManager['name'] | 'yarn-classic', PackageManager>> = {
  npm: {
    name: 'npm',
    install: 'npm ci',
    run: 'npm run',
    separator: ' --',
    lock: ['npm', 'install', '--package-lock-only', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'],
  },
  pnpm: {
    name: 'pnpm',
    install: 'pnpm install --frozen-lockfile',
    run: 'pnpm run',
    separator: '',
    setUp: 'corepack enable',
    lock: ['pnpm', 'install', '--lockfile-only', '--ignore-scripts'],
  },
  yarn: {
    name: 'yarn',
    install: 'yarn install --immutable',
    run: 'yarn run',
    separator: '',
    setUp: 'corepack enable',
    lock: ['yarn', 'install', '--mode=update-lockfile'],
  },
  'yarn-classic': {
    name: 'yarn',
    install: 'yarn install --frozen-lockfile',
    run: 'yarn run',
    separator: '',
    setUp: 'corepack enable',
    lock: ['yarn', 'install', '--ignore-scripts'],
  },
  bun: {
    name: 'bun',
    install: 'bun install --frozen-lockfile',
    run: 'bun run',
    separator: '',
    setUp: 'npm install --global bun@1.3.14',
    lock: ['bun', 'install', '--lockfile-only', '--ignore-scripts'],
  },
};

const lockfiles: Readonly<Record<string, PackageManager['name']>> = {
  'package-lock.json': 'npm',
  'npm-shrinkwrap.json': 'npm',
  'pnpm-lock.yaml': 'pnpm',
  'yarn.lock': 'yarn',
  'bun.lock': 'bun',
  'bun.lockb': 'bun',
};

const Manifest = z.object({
  packageManager: z.string().optional(),
});

function isClassic(folder: string, version: string | undefined): boolean {
  if (version !== undefined) return version.startsWith('1.');
  const lock = join(folder, 'yarn.lock');
  return existsSync(lock) && readFileSync(lock, 'utf8').includes('# yarn lockfile v1');
}

/**
 * The application's package manager: package.json's `packageManager`, else the lockfile's; npm where nothing says it.
 * Errors: two managers' lockfiles and no `packageManager`, a manager of another name, and Yarn without node_modules.
 */
export function packageManagerOf(folder: string, manifest: unknown): PackageManager {
  const [said, version] = (Manifest.parse(manifest).packageManager ?? '').split('@');
  const names = new Set(
    Object.keys(lockfiles)
      .filter((file) => existsSync(join(folder, file)))
      .map((file) => lockfiles[file]),
  );
  const name = said === '' || said === undefined ? ([...names][0] ?? 'npm') : said;
  if (said === '' && names.size > 1)
    throw new Error(
      `The application has lockfiles of ${[...names].join(' and ')}. Say which counts: "packageManager" in package.json.`,
    );
  if (name === 'yarn') {
    if (isClassic(folder, version)) return managers['yarn-classic'];
    const settings = join(folder, '.yarnrc.yml');
    if (existsSync(settings) && linksModules(readFileSync(settings, 'utf8'))) return managers.yarn;
    throw new Error(
      'The application uses Yarn without node_modules, where the commands cannot be loaded from a file. Set nodeLinker: node-modules in .yarnrc.yml.',
    );
  }
  if (name === 'npm' || name === 'pnpm' || name === 'bun') return managers[name];
  throw new Error(`package.json names the package manager ${name}. Known are npm, pnpm, yarn and bun.`);
}

const YarnSettings = z.object({ nodeLinker: z.string().optional() });

/** Whether Yarn's settings put the packages into node_modules; what cannot be read does not. */
function linksModules(text: string): boolean {
  const document = parseDocument(text);
  return document.errors.length === 0 && YarnSettings.safeParse(document.toJS()).data?.nodeLinker === 'node-modules';
}

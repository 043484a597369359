import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { pathToFileURL } from 'node:url';
import { findBrowser, launchBrowser } from '../../commands/previewSmoke/browser/browser.ts';
import { callerEnvironment } from '../process/callerEnvironment.ts';
import { projectRoot } from '../../settings/stack/projectRoot.ts';
import { recordingSvg, type RecordedLine } from './recording.ts';

const root = projectRoot();
const pictures = join(root, 'docs', 'pictures');

/** Makes docs/pictures on a sandbox of its own: a recording of `npm start`, and the drift report of a stack with drift. */
async function make(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'pictures-'));
  const env = { ...callerEnvironment(), STAGING_SANDBOX_DIR: join(folder, 'sandbox'), NO_COLOR: '1' };
  try {
    const lines = await recorded(['start'], env, [0]);
    writeFileSync(join(pictures, 'start.svg'), recordingSvg('npm start', lines));
    await recorded(['run', 'sandbox', '--', 'break'], env, [0]);
    const report = join(folder, 'drift.html');
    await recorded(['run', 'sandbox', '--', 'exec', 'npm', 'run', 'drift', '--', '--report', report], env, [2]);
    await photographed(report);
  } finally {
    await recorded(['run', 'sandbox', '--', 'stop'], env, [0]);
    rmSync(folder, { recursive: true, force: true });
  }
}

/** What `npm` prints, line by line, with its time. Throws when it ends otherwise than `expected`. */
async function recorded(args: readonly string[], env: NodeJS.ProcessEnv, expected: readonly number[]) {
  const begin = performance.now();
  const lines: RecordedLine[] = [];
  const child = spawn('npm', ['--silent', ...args], { cwd: root, env, stdio: ['ignore', 'pipe', 'pipe'] });
  const ended = new Promise<number | null>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', resolve);
  });
  for (const stream of [child.stdout, child.stderr])
    createInterface({ input: stream }).on('line', (line) => {
      process.stderr.write(`${line}\n`);
      lines.push({ at: performance.now() - begin, text: line.replaceAll(root, '.') });
    });
  const code = await ended;
  if (code === null || !expected.includes(code)) throw new Error(`npm ${args.join(' ')} ended with ${String(code)}.`);
  return lines;
}

/** The report's matrix and its findings, each as a picture. */
async function photographed(report: string): Promise<void> {
  const browser = await launchBrowser(await findBrowser());
  try {
    const page = await browser.newPage({ viewport: { width: 1180, height: 760 }, colorScheme: 'light' });
    await page.goto(pathToFileURL(report).href);
    await page.screenshot({ path: join(pictures, 'matrix.png') });
    await page.locator('#findings').scrollIntoViewIfNeeded();
    await page.evaluate('document.querySelector("#findings").scrollIntoView()');
    await page.screenshot({ path: join(pictures, 'findings.png') });
  } finally {
    await browser.close();
  }
}

make().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});

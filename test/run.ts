import { spawn } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { define, ends } from '../cli/define.ts';
import { bareProgram } from '../cli/bareProgram.ts';
import { describeToolchain, progressReport } from '../toolchain/report.ts';
import { resolveToolchain } from '../toolchain/resolve.ts';
import { modeFromEnvironment } from '../toolchain/toolchain.ts';
import { plainly } from '../machine/paint.ts';
import { quickFolder } from './support/jest/quickFolder.ts';

const about = `
Sets up Pulumi and its providers (built or downloaded once a machine), then runs all tests: unit and command tests first,
then those that run the real engine on the sandbox. What follows -- goes to jest, e.g. npm test -- test/guards
npm run test:quick runs unit and command tests alone. On Linux their files are made in memory where there is room; TMPDIR names
another folder.
`;

export const command = bareProgram(
  define('test', about, { typed: 'npm test', usage: '[JEST-OPTIONS]', verbatim: true })
    .argument('[WORD...]')
    .action(ends(test)),
  {
    more: 'The last line counts: N passed, N failed, N skipped. Exit codes: 0 all passed, 1 a test failed or could not run.',
    sayError: (error) => {
      process.stderr.write(`The tests could not run: ${error instanceof Error ? error.message : String(error)}\n`);
      process.stdout.write('\n0 passed, 1 failed, 0 skipped\n');
    },
  },
);

/** What jest writes with --json, as far as the last line needs it. */
interface Results {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly numPendingTests: number;
  readonly numTodoTests: number;
  readonly numRuntimeErrorTestSuites: number;
}

async function test(args: readonly string[]): Promise<number> {
  process.stdout.write('Setting up Pulumi and its providers (the first time builds or downloads them) …\n');
  const toolchain = await resolveToolchain({ mode: modeFromEnvironment(), report: progressReport(process.stderr) });
  process.stdout.write(`${describeToolchain(toolchain, plainly)}\n\n`);
  const folder = mkdtempSync(join(quickFolder(), 'tests-'));
  try {
    const file = join(folder, 'results.json');
    const code = await jest(['--json', `--outputFile=${file}`, ...args], folder);
    for (const table of readdirSync(folder).filter((name) => name.endsWith('.txt'))) {
      process.stdout.write(`\n${readFileSync(join(folder, table), 'utf8')}`);
    }
    return report(file, code);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/**
 * Runs jest in this terminal; its own summary goes to standard error, so standard output stays free for the JSON. A test whose
 * result is a table leaves it in `folder`; their other files are made below it, and end with it.
 */
function jest(args: readonly string[], folder: string): Promise<number> {
  const files = join(folder, 'files');
  mkdirSync(files);
  // PostgreSQL, which runs as nobody where this is root, has to reach its own folder below; it cannot list these.
  for (const each of [folder, files]) chmodSync(each, 0o711);
  const child = spawn('node', [join('node_modules', 'jest', 'bin', 'jest.js'), ...args], {
    stdio: ['ignore', 'ignore', 'inherit'],
    env: { ...process.env, TEST_TABLES: folder, TMPDIR: files },
  });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => resolve(code ?? 1));
  });
}

/**
 * Prints the last line. A suite that could not run counts as a failure: it has tests that did not pass. When jest wrote no
 * results it has said why itself, e.g. for an option that it does not know.
 */
function report(file: string, code: number): number {
  if (!existsSync(file)) throw new Error(`jest ended with ${code} before any test ran`);
  const results = JSON.parse(readFileSync(file, 'utf8')) as Results;
  const failed = results.numFailedTests + results.numRuntimeErrorTestSuites;
  const skipped = results.numPendingTests + results.numTodoTests;
  process.stdout.write(`\n${results.numPassedTests} passed, ${failed} failed, ${skipped} skipped\n`);
  return code === 0 && failed === 0 && results.numPassedTests > 0 ? 0 : 1;
}

import { Option } from '@commander-js/extra-typings';
import { existsSync, readFileSync, realpathSync, statSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { define, ends } from '../../cli/define.ts';
import { exitCode, UsageError } from '../../cli/errors.ts';
import { flag } from '../../cli/options.ts';
import { bareProgram } from '../../cli/bareProgram.ts';
import { diskSources, fileSource } from '../../files/disk.ts';
import { exceptionsFile } from '../../files/exceptions.ts';
import { git, gitLists } from '../../files/git.ts';
import { rangeSources, stagedSources } from '../../files/history.ts';
import { jsonReport } from './report/json.ts';
import { sarifReport } from './report/sarif.ts';
import { summaryLine, textReport } from './report/text.ts';
import type { ScanFinding } from '../../files/scanFinding.ts';
import { scanSources, type ValueFinder } from '../../files/scanSources.ts';
import { defaultCacheFolder } from '../../toolchain/cache/cacheFolder.ts';
import { progressReport } from '../../toolchain/report.ts';
import { counted } from '../../machine/counted.ts';
import { painter } from '../../machine/paint.ts';

function exceptionsOf(folder: string): string {
  const file = join(folder, exceptionsFile);
  return existsSync(file) ? readFileSync(file, 'utf8') : '';
}

/** The exceptions as they are in git: in the index (an empty revision), or at a commit. */
function committedExceptions(top: string, revision: string): string {
  const blob = ['cat-file', 'blob', `${revision}:${exceptionsFile}`];
  return gitLists(top, blob, { inHook: revision === '' })?.join('') ?? '';
}

/** The top of the repository that holds a folder. */
function repositoryAt(folder: string): string {
  if (!existsSync(folder)) throw new UsageError(`${folder} does not exist.`);
  return git(folder, ['rev-parse', '--show-toplevel']).trim();
}

async function scanPath(path: string, known: ValueFinder | undefined): Promise<ScanFinding[]> {
  if (!existsSync(path)) throw new UsageError(`${path} does not exist.`);
  const real = realpathSync(path); // who names a link means what it leads to
  if (statSync(real).isDirectory()) return scanSources(diskSources(real), exceptionsOf(real), known);
  return scanSources([fileSource(real, basename(path))], exceptionsOf(dirname(path)), known);
}

/** The search for the vault's values. Its code (the settings, 1Password's client) is loaded only when it is wanted. */
async function vaultValues(root: string, required: boolean): Promise<ValueFinder | undefined> {
  const { vaultValueFinder } = await import('./vault.ts');
  const values = await vaultValueFinder(root);
  if (values) process.stderr.write(`Also searching for ${counted(values.count, 'value')} of 1Password.\n`);
  else if (required)
    throw new UsageError('--vault needs access to 1Password: set OP_SERVICE_ACCOUNT_TOKEN or OP_ACCOUNT.');
  return values?.find;
}

const about = `
Finds secrets in files before anybody else does: in this repository (what git tracks or would commit), or in folders or files.
`;

const more = `
Exit codes: 0 clean (warnings do not count; a file that could not be looked through as a whole is one), 2 findings, 1 the
scan could not run. A reviewed exception is one line in ${exceptionsFile}, with a reason and an expiry; the report prints
its beginning.
`;

export const command = bareProgram(
  define('scan', about)
    .argument('[PATH...]')
    .addOption(flag('--staged', 'what the next commit would contain (the pre-commit hook)'))
    .addOption(new Option('--range <A..B>', 'everything that the commits of a range brought, removed again or not'))
    .addOption(
      flag(
        '--history',
        "everything that a repository's history ever held (PATH: another repository); an interrupted run goes on where it was",
      ),
    )
    .addOption(
      flag(
        '--json',
        'an array of {file, line, column, rule, severity, fix}; paths are relative to the scanned folder; with --history each has its commit, too',
      ),
    )
    .addOption(flag('--sarif', 'SARIF 2.1.0'))
    .addOption(new Option('--vault', 'also search for the actual values in 1Password; an error without access to it'))
    .addOption(
      new Option(
        '--no-vault',
        'never read 1Password (without either: read it when this repository is scanned and there is access)',
      ),
    )
    .action(ends(scan)),
  { more },
);

/** What a person asked for. */
interface Given {
  readonly staged: boolean;
  readonly range?: string;
  readonly history: boolean;
  readonly json: boolean;
  readonly sarif: boolean;
  readonly vault?: boolean;
}

async function scan(paths: readonly string[], options: Given): Promise<number> {
  const modes = [options.staged, options.range !== undefined, options.history || paths.length > 0];
  const given = modes.filter(Boolean).length;
  if (given > 1 || (paths.length > 0 && (options.staged || options.range !== undefined)))
    throw new UsageError('Give one of PATH, --staged, --range and --history [PATH].');
  if (options.history && paths.length > 1) throw new UsageError('--history takes one repository.');
  if (options.json && options.sarif) throw new UsageError('Give one of --json and --sarif.');

  const root = process.cwd();
  const readVault = options.vault ?? given === 0;
  const known = readVault ? await vaultValues(root, options.vault ?? false) : undefined;

  const from = process.env.INIT_CWD ?? root; // npm runs scripts at the root, wherever they were called
  let findings: ScanFinding[];
  if (options.history) {
    const { scanHistory } = await import('./history.ts');
    const top = repositoryAt(resolve(from, paths[0] ?? '.'));
    const exceptions = committedExceptions(top, 'HEAD');
    const journals = join(dirname(defaultCacheFolder()), 'scan');
    const report = progressReport(process.stderr);
    const program = resolve(process.argv[1] ?? '', '../../..'); // where this file is: not where it was called
    findings = await scanHistory({ folder: top, root: program, journals, exceptions, known, report });
  } else if (options.staged || options.range !== undefined) {
    const top = git(root, ['rev-parse', '--show-toplevel'], { inHook: options.staged }).trim();
    const { range } = options;
    const sources = range === undefined ? stagedSources(top) : rangeSources(top, range);
    const end = range?.slice(range.lastIndexOf('.') + 1) ?? '';
    findings = await scanSources(sources, committedExceptions(top, range === undefined ? '' : end || 'HEAD'), known);
  } else if (paths.length > 0) {
    findings = (await Promise.all(paths.map((path) => scanPath(resolve(from, path), known)))).flat();
  } else {
    findings = await scanPath(root, known);
    if (known) {
      const { packedSources } = await import('./packed.ts');
      const seen = new Set([...diskSources(root)].map(({ file }) => file));
      const packed = packedSources(root).filter(({ file }) => !seen.has(file));
      findings.push(...(await scanSources(packed, exceptionsOf(root), known)));
    }
  }
  return report(findings, options);
}

function report(findings: readonly ScanFinding[], options: Given): number {
  const errors = findings.filter(({ severity }) => severity === 'error').length;
  if (options.json) process.stdout.write(jsonReport(findings, { commits: options.history }));
  else if (options.sarif) process.stdout.write(sarifReport(findings));
  else {
    process.stdout.write(textReport(findings, painter()));
    process.stderr.write(summaryLine(findings));
  }
  return errors > 0 ? exitCode.findings : exitCode.fine;
}

import { existsSync, lstatSync, readFileSync, statSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { gitStatus } from '../policies/files/git.ts';
import { writeWhole } from '../machine/writeWhole.ts';
import { fileSettings } from '../settings/file.ts';
import { projectRoot } from '../settings/projectRoot.ts';
import { exitCode, runCommand, UsageError } from './cli.ts';
import { confirm } from './confirm.ts';
import { valueIn, withVariables, type Wanted } from './localEnvironment/file.ts';
import { developerValues, developerVariables } from './localEnvironment/values.ts';
import { thisWill } from './dryRun.ts';

const help = `
npm run env:local -- [--dir FOLDER] [--check] [--yes] [--dry-run] [--json] [--stack NAME]

Writes ${developerVariables.join(', ')} into .env.local, from the same source as
Netlify's and GitHub's values. Other lines and comments stay as they are; only its owner may read the file. It refuses
where git does not ignore .env.local.

  --dir FOLDER  the application's checkout (default: this folder)
  --check       write nothing; exit 2 when a value is missing or differs, or the file may be read by others
  --yes         write without asking
  --dry-run     name what would change, never a value

It needs 1Password (OP_ACCOUNT or OP_SERVICE_ACCOUNT_TOKEN). Exit codes: 0 fine, 1 error, 2 mismatch (--check).
`;

void runCommand({
  help,
  options: {
    dir: { type: 'string', default: '.' },
    check: { type: 'boolean', default: false },
    yes: { type: 'boolean', default: false },
    'dry-run': { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
    stack: { type: 'string', default: 'staging' },
  },
  async run({ dir, check, yes, 'dry-run': dryRun, json, stack }) {
    const file = join(resolve(dir), '.env.local');
    refuseUnignored(file);
    if (existsSync(file) && !lstatSync(file).isFile())
      throw new UsageError(`${file} is not a plain file. Nothing was done.`);
    const wanted = await developerValues(fileSettings(projectRoot(), stack));
    const before = existsSync(file) ? readFileSync(file, 'utf8') : '';
    const different = differences(before, wanted);
    const open = existsSync(file) && process.platform !== 'win32' && (statSync(file).mode & 0o077) !== 0;
    const result = { file, different, readableByOthers: open };
    const print = (text: string) => process.stdout.write(json ? `${JSON.stringify(result, undefined, 2)}\n` : text);
    const lines = [
      ...different.map(({ name, how }) => `  ${name} ${how}`),
      ...(open ? ['  others may read the file'] : []),
    ];
    if (lines.length === 0) {
      print(`${file} has the values of the vault.\n`);
      return exitCode.fine;
    }
    if (check) {
      print(`${file} does not have the values of the vault:\n${lines.join('\n')}\nWrite them: npm run env:local\n`);
      return exitCode.findings;
    }
    process.stderr.write(`${thisWill(dryRun)} write ${file}:\n${lines.join('\n')}\n`);
    if (dryRun || !(await confirm('Write it?', { yes }))) {
      print('Nothing was done.\n');
      return dryRun ? exitCode.fine : exitCode.error;
    }
    writeWhole(file, withVariables(before, wanted), 0o600);
    if (differences(readFileSync(file, 'utf8'), wanted).length > 0) {
      throw new Error(`${file} was written, but does not read back as it should. Look at its quotes.`);
    }
    print(`Wrote ${file} (only you may read it).\n`);
    return exitCode.fine;
  },
});

function differences(text: string, wanted: Wanted) {
  return [...wanted].flatMap(([name, value]) => {
    const held = valueIn(text, name);
    return held === value ? [] : [{ name, how: held === undefined ? 'is missing' : 'has another value' }];
  });
}

/** Git decides whether the file could be committed: no guess from a .gitignore's text. */
function refuseUnignored(file: string): void {
  const git = (...args: string[]) => gitStatus(dirname(file), args);
  const ignored = git('check-ignore', '--quiet', '--', basename(file));
  if (ignored === undefined || ignored === 128) {
    throw new UsageError(
      `${dirname(file)} is no git checkout, so nothing keeps .env.local out of one. Nothing was done.`,
    );
  }
  const tracked = git('ls-files', '--error-unmatch', '--', basename(file)) === 0;
  if (tracked) throw new UsageError(`Git tracks .env.local here: git rm --cached .env.local. Nothing was done.`);
  if (ignored !== 0) {
    throw new UsageError(
      'Git does not ignore .env.local here. Add the line `.env.local` to .gitignore. Nothing was done.',
    );
  }
}

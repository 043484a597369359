import { Option } from '@commander-js/extra-typings';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { audited } from '../../audit/trail.ts';
import { shellWords } from '../../machine/shellWords.ts';
import { writeWhole } from '../../machine/writeWhole.ts';
import { fileSettings } from '../../settings/stack/file.ts';
import { projectRoot } from '../../settings/stack/projectRoot.ts';
import { define, ends } from '../../cli/define.ts';
import { exitCode, UsageError } from '../../cli/errors.ts';
import { flag, json, stack } from '../../cli/options.ts';
import { program } from '../../cli/program.ts';
import { confirm } from '../../cli/confirm.ts';
import { valueIn, withVariables, type Wanted } from './file.ts';
import { localFile, refuseUnsafe } from '../../localEnvironment/localFile.ts';
import { localValues } from './values.ts';
import { thisWill } from '../../cli/dryRun.ts';
import { forStack } from '../../settings/stack/stackCommand.ts';

const about = `
Writes the values that the configuration declares for localFile into the file that the application loads, from the same
source as every other place. Other lines and comments stay as they are; only its owner may read the file. It refuses where
git does not ignore the file.
`;

export const command = program(
  define('env:local', about)
    .addOption(new Option('--dir <FOLDER>', "the application's checkout (default: this folder)").default('.'))
    .addOption(
      new Option(
        '--file <NAME>',
        'the file (default: the one of .env.local, .env.codex and .env that is there and that git ignores, else .env.local)',
      ),
    )
    .addOption(
      flag('--check', 'write nothing; exit 2 when a value is missing or differs, or the file may be read by others'),
    )
    .addOption(flag('--yes', 'write without asking'))
    .addOption(flag('--dry-run', 'name what would change, never a value'))
    .addOption(json)
    .addOption(stack)
    .action(ends(write)),
  {
    more: 'It needs 1Password (OP_ACCOUNT or OP_SERVICE_ACCOUNT_TOKEN). Exit codes: 0 fine, 1 error, 2 mismatch (--check).',
  },
);

interface Given {
  readonly dir: string;
  readonly file?: string;
  readonly check: boolean;
  readonly yes: boolean;
  readonly dryRun: boolean;
  readonly json: boolean;
  readonly stack: string;
}

async function write({ dir, file: named, check, yes, dryRun, json: asJson, stack: of }: Given): Promise<number> {
  const settings = fileSettings(projectRoot(), of);
  // npm runs scripts at the root, wherever they were called
  const folder = resolve(process.env.INIT_CWD ?? process.cwd(), dir);
  const file = localFile(folder, named ?? settings.local.file);
  refuseUnsafe(file);
  const wanted = await localValues(settings);
  if (wanted.size === 0)
    throw new UsageError(
      'The configuration declares no value for localFile. Add `localFile: true` to those that local scripts read.',
    );
  const before = existsSync(file) ? readFileSync(file, 'utf8') : '';
  const different = differences(before, wanted);
  const open = existsSync(file) && process.platform !== 'win32' && (statSync(file).mode & 0o077) !== 0;
  const result = { file, different, readableByOthers: open };
  const print = (text: string) => process.stdout.write(asJson ? `${JSON.stringify(result, undefined, 2)}\n` : text);
  const lines = [
    ...different.map(({ name, how }) => `  ${name} ${how}`),
    ...(open ? ['  others may read the file'] : []),
  ];
  if (lines.length === 0) {
    print(`${file} has the values of the vault.\n`);
    return exitCode.fine;
  }
  if (check) {
    const given = [...(dir === '.' ? [] : ['--dir', dir]), ...(named === undefined ? [] : ['--file', named])];
    const again = forStack(`npm run env:local${given.length === 0 ? '' : ` -- ${shellWords(given)}`}`);
    print(`${file} does not have the values of the vault:\n${lines.join('\n')}\nWrite them: ${again}\n`);
    return exitCode.findings;
  }
  process.stderr.write(`${thisWill(dryRun)} write ${file}:\n${lines.join('\n')}\n`);
  if (dryRun || !(await confirm('Write it?', { yes }))) {
    print('Nothing was done.\n');
    return dryRun ? exitCode.fine : exitCode.error;
  }
  const names = new Set(different.map(({ name }) => name));
  const writes = [...wanted]
    .filter(([name]) => names.has(name))
    .map(([name, value]) => ({ place: 'localFile', name, value }));
  await audited({ action: 'set', writes }, () => writeWhole(file, withVariables(before, wanted), 0o600));
  if (differences(readFileSync(file, 'utf8'), wanted).length > 0) {
    throw new Error(`${file} was written, but does not read back as it should. Look at its quotes.`);
  }
  print(`Wrote ${file} (only you may read it).\n`);
  return exitCode.fine;
}

function differences(text: string, wanted: Wanted) {
  return [...wanted].flatMap(([name, value]) => {
    const held = valueIn(text, name);
    return held === value ? [] : [{ name, how: held === undefined ? 'is missing' : 'has another value' }];
  });
}

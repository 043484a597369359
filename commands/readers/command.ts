import { Option } from '@commander-js/extra-typings';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { basename, resolve } from 'node:path';
import { define, ends } from '../../cli/define.ts';
import { exitCode, UsageError } from '../../cli/errors.ts';
import { choice, flag, stack } from '../../cli/options.ts';
import { bareProgram } from '../../cli/bareProgram.ts';
import { notRepeated, shownName } from '../../detection/typedWords.ts';
import { painter } from '../../machine/paint.ts';
import { yamlAcceptances } from '../../readers/acceptances.ts';
import { declarationOf } from '../../readers/declarationOf.ts';
import { isFinding, joined, severities, type Row, type Severity } from '../../readers/join.ts';
import type { Readers } from '../../readers/readers.ts';
import { readersOf } from '../../readers/readersOf.ts';
import { nearNames } from '../../rotation/near.ts';
import { configurationFile, fileConfiguration, fileSettings } from '../../settings/stack/file.ts';
import { projectRoot } from '../../settings/stack/projectRoot.ts';
import { asJson } from './json.ts';
import { ofValue } from './only.ts';
import { proposal } from './proposal.ts';
import { refusals } from './refusals.ts';
import { asText } from './text.ts';

const about = `
Reads the application's sources below PATH and says who reads which value: by code, workflows and settings files, the
application's own helpers included. Then compares it with what the stack's configuration declares, place by place:
  read                                 as it should be
  declared, nobody reads it            no code asks for it
  read, not declared                   code asks for it, and this configuration does not give it
  read in another place than declared  it is put where it does nothing
  fallback hides it                    a default or another name stands in: nobody notices that it is missing
Needs no account, no vault and no network, and runs nothing of the application's.
`;

const more = `
A finding is accepted by a comment in the application or in the stack's file: readers-accept NAME[@PLACE] -- reason

Exit codes: 0 fine, 1 it could not be read, 2 findings.
`;

export const command = bareProgram(
  define('readers', about)
    .argument('<PATH>')
    .addOption(flag('--json', '{ rows, readers, definitions, unknown, problems }'))
    .addOption(new Option('--value <NAME>', 'this value alone, with every place that reads it'))
    .addOption(flag('--propose', 'print the entries to add to the configuration for what is read and not declared'))
    .addOption(
      choice(
        '--fail-on <LEVEL>',
        severities,
        'from which severity on the exit code is 2: high (default), medium or low',
      ).default<Severity>('high'),
    )
    .addOption(stack)
    .action(ends(compare)),
  { more },
);

interface Given {
  readonly json: boolean;
  readonly value?: string;
  readonly propose: boolean;
  readonly failOn: Severity;
  readonly stack: string;
}

async function compare(path: string, { json, value, propose, failOn: least, stack: of }: Given): Promise<number> {
  if (json && propose) throw new UsageError('Give one of --json and --propose.');
  const from = process.env.INIT_CWD ?? process.cwd(); // npm runs scripts at the root, wherever they were called
  const application = resolve(from, path);
  if (!existsSync(application)) throw new UsageError(`${path} does not exist.`);
  if (!statSync(application).isDirectory()) throw new UsageError(`${path} is not a folder.`);

  const root = projectRoot();
  const declaration = declarationOf(fileSettings(root, of));
  const file = configurationFile(root, of);
  const accepted = yamlAcceptances(basename(file), readFileSync(file, 'utf8'));
  const readers = await readersOf(application);
  const rows = joined(declaration, readers, accepted);
  const [shown, found] = value === undefined ? [rows, readers] : ofValue(value, rows, readers);
  if (value !== undefined && shown.length + found.readers.length + found.definitions.length === 0)
    throw new UsageError(unknown(value, rows, readers));
  if (propose) process.stdout.write(proposal(shown, declaration, refusals(fileConfiguration(root, of))));
  else if (json) process.stdout.write(asJson(shown, found));
  else process.stdout.write(asText(shown, found, painter(), value !== undefined));
  return shown.some((row) => isFinding(row, least)) ? exitCode.findings : exitCode.fine;
}

function unknown(typed: string, rows: readonly Row[], { readers, definitions }: Readers): string {
  const near = nearNames(typed, [
    ...rows.flatMap((row) => [row.value, row.name]),
    ...readers.map(({ name }) => name),
    ...definitions.map(({ name }) => name),
  ]);
  const meant = near.length > 0 ? `Did you mean ${near.join(' or ')}?` : 'Is it spelled right?';
  const shown = shownName(typed) ?? `that was typed (${notRepeated})`;
  return `Nothing is declared, read or given a value under the name ${shown}. ${meant}`;
}

import { existsSync, readFileSync, statSync } from 'node:fs';
import { basename, resolve } from 'node:path';
import { exitCode, runCommand, UsageError } from '../../cli/command.ts';
import { yamlAcceptances } from '../../readers/acceptances.ts';
import { declarationOf } from '../../readers/declarationOf.ts';
import { isFinding, joined, severities, type Severity } from '../../readers/join.ts';
import { readersOf } from '../../readers/readersOf.ts';
import { configurationFile, fileSettings } from '../../settings/stack/file.ts';
import { projectRoot } from '../../settings/stack/projectRoot.ts';
import { asJson } from './json.ts';
import { ofValue } from './only.ts';
import { proposal } from './proposal.ts';
import { asText } from './text.ts';

const help = `
npm run readers -- PATH [--json] [--value NAME] [--propose] [--fail-on high|medium|low] [--stack NAME]

Reads the application's sources below PATH and says who reads which value: by code, workflows and settings files, the
application's own helpers included. Then compares it with what the stack's configuration declares, place by place:
  read                                 as it should be
  declared, nobody reads it            no code asks for it
  read, not declared                   code asks for it, and this configuration does not give it
  read in another place than declared  it is put where it does nothing
  fallback hides it                    a default or another name stands in: nobody notices that it is missing
Needs no account, no vault and no network, and runs nothing of the application's.

  --json          { rows, readers, definitions, unknown, problems }
  --value NAME    this value alone, with every place that reads it
  --propose       prints the entries to add to the configuration for what is read and not declared
  --fail-on LEVEL from which severity on the exit code is 2: high (default), medium or low
  --stack NAME    the stack whose Pulumi.NAME.yaml is compared (default: staging)

A finding is accepted by a comment in the application or in the stack's file: readers-accept NAME[@PLACE] -- reason

Exit codes: 0 fine, 1 it could not be read, 2 findings.
`;

void runCommand({
  help,
  options: {
    json: { type: 'boolean' },
    value: { type: 'string' },
    propose: { type: 'boolean' },
    'fail-on': { type: 'string' },
    stack: { type: 'string' },
  },
  async run({ json, value, propose, 'fail-on': failOn = 'high', stack = 'staging' }, [path, ...more]) {
    if (path === undefined || more.length > 0) throw new UsageError('Give one PATH: the folder of the application.');
    if (json === true && propose === true) throw new UsageError('Give one of --json and --propose.');
    const least = severityOf(failOn);
    const from = process.env.INIT_CWD ?? process.cwd(); // npm runs scripts at the root, wherever they were called
    const application = resolve(from, path);
    if (!existsSync(application)) throw new UsageError(`${path} does not exist.`);
    if (!statSync(application).isDirectory()) throw new UsageError(`${path} is not a folder.`);

    const root = projectRoot();
    const declaration = declarationOf(fileSettings(root, stack));
    const file = configurationFile(root, stack);
    const accepted = yamlAcceptances(basename(file), readFileSync(file, 'utf8'));
    const readers = await readersOf(application);
    const rows = joined(declaration, readers, accepted);
    const [shown, found] = value === undefined ? [rows, readers] : ofValue(value, rows, readers);
    if (propose === true) process.stdout.write(proposal(shown, declaration));
    else if (json === true) process.stdout.write(asJson(shown, found));
    else process.stdout.write(asText(shown, found, process.stdout.isTTY && !process.env.NO_COLOR, value !== undefined));
    return shown.some((row) => isFinding(row, least)) ? exitCode.findings : exitCode.fine;
  },
});

function severityOf(text: string): Severity {
  const severity = severities.find((each) => each === text);
  if (severity === undefined) throw new UsageError('--fail-on is high, medium or low.');
  return severity;
}

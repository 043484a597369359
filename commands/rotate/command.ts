import { existsSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { exitCode, runCommand, UsageError, type NumberRule } from '../../cli/command.ts';
import { planOf } from '../../rotation/plan.ts';
import { planJson, planText } from '../../rotation/planText.ts';
import { notLooked, readBy } from '../../rotation/readBy.ts';
import { declaredHolders } from '../../rotation/holders.ts';
import { scopeOf } from '../../rotation/scope.ts';
import { subjectOf } from '../../rotation/subject.ts';
import { fileSettings } from '../../settings/stack/file.ts';
import { projectRoot } from '../../settings/stack/projectRoot.ts';
import { readValues } from './values.ts';

const help = `
npm run rotate -- VALUE --dry-run [--json] [--app PATH] [--random] [--overlap SECONDS] [--stack NAME]

Prints how a value of the configuration is rotated: every place that holds it, production's too; who reads it, and what each
reader needs; the steps in their order, what proves each, and what cannot be undone. Writes nothing, and prints no value.

  --app PATH         the application's folder: its sources say who reads the value
  --random           the value is our own: any random one will do
  --overlap SECONDS  how long the old one stays valid after the last place has the new one (default 60)
  --json             the plan for another program
  --stack NAME       default: staging

With access to 1Password the plan names every field that holds the same key; without, the value's own fields.
Exit codes: 0 fine, 1 error.
`;

/** A person may want to wait for a day. */
const overlapRule: NumberRule = { unit: 'seconds', least: 0, most: 86_400 };

void runCommand({
  help,
  options: {
    'dry-run': { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
    app: { type: 'string' },
    random: { type: 'boolean', default: false },
    overlap: { type: 'string', default: '60' },
    stack: { type: 'string', default: 'staging' },
  },
  numbers: { overlap: overlapRule },
  async run(values, [given, ...more]) {
    if (given === undefined || more.length > 0)
      throw new UsageError('Give one VALUE: a name of the configuration’s list of values.');
    if (!values['dry-run']) throw new UsageError('Give --dry-run: this command only prints the plan.');
    const settings = fileSettings(projectRoot(), values.stack);
    const subject = subjectOf(settings, given, values.random);
    const holders = declaredHolders(settings);
    const scope = scopeOf(subject, holders, await readValues(holders));
    const plan = planOf(settings, subject, scope, Number(values.overlap));
    const names = [...new Set([...subject.names, ...plan.holders.map(({ name }) => name)])];
    const readers = values.app === undefined ? notLooked : await readBy(settings, names, folderOf(values.app));
    process.stdout.write(
      values.json ? `${JSON.stringify(planJson(plan, readers), undefined, 2)}\n` : planText(plan, readers),
    );
    return exitCode.fine;
  },
});

function folderOf(path: string): string {
  const folder = resolve(process.env.INIT_CWD ?? process.cwd(), path); // npm runs scripts at the root
  if (!existsSync(folder) || !statSync(folder).isDirectory()) throw new UsageError(`--app ${path} is no folder.`);
  return folder;
}

import { text } from 'node:stream/consumers';
import { ensureRunning } from '../process/background.ts';
import { sandboxDir } from '../process/paths.ts';
import { columns } from '../../machine/columns.ts';
import { define, ends } from '../../cli/define.ts';
import { exitCode } from '../../cli/errors.ts';
import { json } from '../../cli/options.ts';
import { print, say } from './print.ts';

const lists = define('list', 'Lists the references with the size of each value, never a value.')
  .addOption(json)
  .action(
    ends(async (options) => {
      const { control } = await ensureRunning(sandboxDir());
      list(await control.vault(), options.json);
      return exitCode.fine;
    }),
  );

const sets = define(
  'set',
  'Takes the value from standard input: printf %s VALUE | npm run sandbox -- vault set LABEL (the line end after a single ' +
    'line is dropped; several lines are kept byte for byte).',
)
  .argument('<LABEL>')
  .action(
    ends(async (label) => {
      const value = await readValue();
      const { control } = await ensureRunning(sandboxDir());
      await control.setValue(label, value);
      return done(label, 'set');
    }),
  );

const rotates = define('rotate', 'Makes a new value of the same shape.')
  .argument('<LABEL>')
  .action(
    ends(async (label) => {
      const { control } = await ensureRunning(sandboxDir());
      await control.rotate(label);
      return done(label, 'rotated');
    }),
  );

const removes = define('remove', 'Takes the field away.')
  .argument('<LABEL>')
  .action(
    ends(async (label) => {
      const { control } = await ensureRunning(sandboxDir());
      await control.remove(label);
      return done(label, 'removed');
    }),
  );

export const vault = define(
  'vault',
  "Changes the values in 1Password's stand-in (Platform / Supabase). LABEL is a name, or SECTION/NAME.",
);
for (const verb of [lists, sets, rotates, removes]) vault.addCommand(verb);

function done(label: string, what: string): number {
  print(`${label}: ${what}.`);
  return exitCode.fine;
}

function list(
  fields: Awaited<ReturnType<Awaited<ReturnType<typeof ensureRunning>>['control']['vault']>>,
  json: boolean,
) {
  if (json) {
    print(JSON.stringify(fields, undefined, 2));
    return;
  }
  const rows = fields.map(({ reference, characters, lines }) => [
    reference,
    '****',
    `${characters} characters${lines > 1 ? `, ${lines} lines` : ''}`,
  ]);
  for (const line of columns(rows)) print(line);
}

/** The value from standard input: never from the arguments, which every process of the machine can read. */
async function readValue(): Promise<string> {
  if (process.stdin.isTTY) say('Type the value, then Enter and Ctrl-D:');
  const given = await text(process.stdin);
  const single = /^([^\n]*?)\r?\n$/.exec(given);
  return single?.[1] ?? given;
}

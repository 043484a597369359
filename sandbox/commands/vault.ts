import { text } from 'node:stream/consumers';
import { parseArgs } from 'node:util';
import { ensureRunning } from '../process/background.ts';
import { print, type Subcommand, say, UsageError } from './subcommand.ts';
import { columns } from '../../machine/columns.ts';

export const vault: Subcommand = {
  usage: 'list [--json] | set LABEL | rotate LABEL | remove LABEL',
  summary: "change the values in 1Password's stand-in (Platform / Supabase)",
  details:
    'LABEL is a name, or SECTION/NAME.\n' +
    'list    references with the size of each value, never a value\n' +
    'set     takes the value from standard input:  printf %s VALUE | npm run sandbox -- vault set LABEL\n' +
    '        (the line end after a single line is dropped; several lines are kept byte for byte)\n' +
    'rotate  makes a new value of the same shape\n' +
    'remove  takes the field away',
  async run(args, dir) {
    const { values, positionals } = parseArgs({
      args: [...args],
      options: { json: { type: 'boolean' } },
      allowPositionals: true,
    });
    const [action, label, ...more] = positionals;
    const wantsLabel = action === 'set' || action === 'rotate' || action === 'remove';
    if (more.length > 0 || (wantsLabel ? label === undefined : action !== 'list' || label !== undefined)) {
      throw new UsageError(
        wantsLabel ? `vault ${action} takes one LABEL.` : 'vault takes list, set, rotate or remove.',
      );
    }
    const value = action === 'set' ? await readValue() : '';
    const { control } = await ensureRunning(dir);
    if (label === undefined) {
      list(await control.vault(), values.json ?? false);
      return 0;
    }
    if (action === 'set') await control.setValue(label, value);
    else if (action === 'rotate') await control.rotate(label);
    else await control.remove(label);
    print(`${label}: ${{ set: 'set', rotate: 'rotated', remove: 'removed' }[action as 'set']}.`);
    return 0;
  },
};

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

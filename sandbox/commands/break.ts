import { parseArgs } from 'node:util';
import { ensureRunning } from '../background.ts';
import { largestSet } from '../drift/injection.ts';
import { injections } from '../drift/injections.ts';
import { print, type Subcommand, UsageError } from './subcommand.ts';

export const breakIt: Subcommand = {
  usage: '[KIND…] | --list',
  summary: 'make staging drift behind the program’s back, as people do by hand',
  details:
    'Without a KIND: the largest set that can stand together. `npm run sandbox -- exec npm run drift` finds each;\n' +
    'with `-- --fix --yes` it heals what a machine can. `--list` shows the kinds.',
  async run(args, dir) {
    const { values, positionals } = parseArgs({
      args: [...args],
      options: { list: { type: 'boolean' } },
      allowPositionals: true,
    });
    const width = Math.max(...Object.keys(injections).map((name) => name.length));
    if (values.list) {
      for (const [name, { title }] of Object.entries(injections)) print(`${name.padEnd(width)}  ${title}`);
      return 0;
    }
    const kinds = positionals.length > 0 ? positionals : largestSet(injections);
    for (const kind of kinds) {
      if (!Object.hasOwn(injections, kind)) throw new UsageError(`There is no kind "${kind}". See break --list.`);
    }
    const { control } = await ensureRunning(dir);
    await control.breakIt(kinds);
    for (const kind of kinds) print(`${kind.padEnd(width)}  ${injections[kind]?.title ?? ''}`);
    return 0;
  },
};

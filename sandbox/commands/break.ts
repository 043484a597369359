import { parseArgs } from 'node:util';
import { ensureRunning } from '../process/background.ts';
import { injectionsFor, largestSet } from '../drift/injection.ts';
import { injections } from '../drift/injections.ts';
import { protectionForm } from '../drift/protection.ts';
import { sandboxPaths } from '../process/paths.ts';
import { print, type Subcommand, UsageError } from './subcommand.ts';
import { columns } from '../../machine/columns.ts';

export const breakIt: Subcommand = {
  usage: '[KIND…] | --list',
  summary: 'make staging drift behind the program’s back, as people do by hand',
  details:
    'Without a KIND: the largest set that can stand together. `npm run sandbox -- exec npm run drift` finds each;\n' +
    'with `-- --fix --yes` it fixes what a machine can. `--list` shows the kinds.',
  async run(args, dir) {
    const { values, positionals } = parseArgs({
      args: [...args],
      options: { list: { type: 'boolean' } },
      allowPositionals: true,
    });
    if (!values.list) await ensureRunning(dir);
    // Which of the two forms protects develop: a repository of a user has no classic rule of this program.
    const here = injectionsFor(protectionForm({ stateDir: sandboxPaths(dir).services }), injections);
    if (values.list) {
      for (const line of columns(Object.entries(here).map(([name, { title }]) => [name, title]))) print(line);
      return 0;
    }
    const kinds = positionals.length > 0 ? positionals : largestSet(here);
    for (const kind of kinds) {
      if (Object.hasOwn(here, kind)) continue;
      const why = Object.hasOwn(injections, kind) ? ' in a repository that is protected like this one' : '';
      throw new UsageError(`There is no kind "${kind}"${why}. See break --list.`);
    }
    const { control } = await ensureRunning(dir);
    await control.breakIt(kinds);
    for (const line of columns(kinds.map((kind) => [kind, injections[kind]?.title ?? '']))) print(line);
    return 0;
  },
};

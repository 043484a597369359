import { ensureRunning } from '../process/background.ts';
import { injectionsFor, largestSet } from '../drift/injection.ts';
import { injections } from '../drift/injections.ts';
import { protectionForm } from '../drift/protection.ts';
import { sandboxDir, sandboxPaths } from '../process/paths.ts';
import { columns } from '../../machine/columns.ts';
import { define, ends } from '../../cli/define.ts';
import { UsageError } from '../../cli/errors.ts';
import { flag } from '../../cli/options.ts';
import { print } from './print.ts';

export const breakIt = define(
  'break',
  'Makes staging drift behind the program’s back, as people do by hand. Without a KIND: the largest set that can stand ' +
    'together. npm run sandbox -- exec npm run drift finds each; with -- --fix --yes it fixes what a machine can.',
)
  .argument('[KIND...]')
  .addOption(flag('--list', 'show the kinds'))
  .action(ends(breakThem));

async function breakThem(given: readonly string[], { list }: { readonly list: boolean }): Promise<number> {
  const dir = sandboxDir();
  if (!list) await ensureRunning(dir);
  // Which of the two forms protects develop: a repository of a user has no classic rule of this program.
  const here = injectionsFor(protectionForm({ stateDir: sandboxPaths(dir).services }), injections);
  if (list) {
    for (const line of columns(Object.entries(here).map(([name, { title }]) => [name, title]))) print(line);
    return 0;
  }
  const kinds = given.length > 0 ? given : largestSet(here);
  for (const kind of kinds) {
    if (Object.hasOwn(here, kind)) continue;
    const why = Object.hasOwn(injections, kind) ? ' in a repository that is protected like this one' : '';
    throw new UsageError(`There is no kind "${kind}"${why}. See break --list.`);
  }
  const { control } = await ensureRunning(dir);
  await control.breakIt(kinds);
  for (const line of columns(kinds.map((kind) => [kind, injections[kind]?.title ?? '']))) print(line);
  return 0;
}

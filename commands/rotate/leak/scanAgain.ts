import { exitCode } from '../../../cli/errors.ts';
import { withProgress } from '../../../cli/interrupt.ts';
import { actor } from '../../../cli/sharedProject.ts';
import type { StagingServices } from '../../../deploys/stagingServices.ts';
import { incidentsIn } from '../../../incidents/timeline.ts';
import { exposures, isShallow } from '../../../leaks/exposure.ts';
import { finderOf, type Leak } from '../../../leaks/leaks.ts';
import { noteLeak } from '../../../leaks/record.ts';
import { firstFew } from '../../../machine/counted.ts';
import { printable } from '../../../machine/printable.ts';
import { forStack } from '../../../settings/stack/stackCommand.ts';
import { readVault, type Vault } from './vault.ts';

/** What takes its time in a repository with a long history. */
export const searching = 'searching files and history';

interface Again {
  readonly staging: StagingServices;
  readonly folders: readonly string[];
  readonly leaks: readonly Leak[];
  /** As it was before. */
  readonly vault: Vault;
}

/**
 * Reads the vault anew and looks through files and history again: nothing there may be a value that the vault has now. Says too
 * where what leaked stands still. Yields the exit code.
 */
export async function scanAgain({ staging, folders, leaks, vault: before }: Again): Promise<number> {
  const vault = await readVault(staging.settings);
  const current = vault.values.filter(({ state }) => state === 'current');
  const old = leaks
    .map(({ value }) => value)
    .filter(
      ({ state, secret }) => state !== 'public' && current.every((each) => each.secret.reveal() !== secret.reveal()),
    );
  const find = finderOf([...current, ...old.map((value) => ({ ...value, name: `old ${value.name}` }))]);
  const valid: string[] = [];
  const dead: string[] = [];
  const unread = new Set<string>();
  for (const folder of folders) {
    const looking = exposures(folder, find, (file, why) => unread.add(`${printable(file)} (${why})`));
    const found = await withProgress(searching, looking);
    if (isShallow(folder)) unread.add(`the older commits of ${printable(folder)}, which this clone lacks`);
    for (const value of current) {
      const { standsIn, since } = found.get(value.name) ?? {};
      const places = [...(standsIn ?? []), ...(since === undefined ? [] : [`commit ${since.id.slice(0, 10)}`])];
      if (places.length > 0) valid.push(`${vault.namesOf(value).join(', ')}: ${places.map(printable).join(', ')}`);
    }
    for (const value of old) dead.push(...(found.get(`old ${value.name}`)?.standsIn ?? []));
  }
  const lines = [
    valid.length === 0
      ? `Scanned again: no value that the vault has now stands in a file or in a commit${unread.size > 0 ? ' that could be read' : ''}.`
      : `Scanned again: still valid, and still found:\n${valid.map((each) => `  ${each}`).join('\n')}`,
    ...(unread.size > 0 ? [`Not read: ${firstFew([...unread], 'thing')}.`] : []),
    ...(dead.length > 0
      ? [`What leaked stands there still: ${dead.map(printable).join(', ')}. Take it out; in the history it is dead.`]
      : []),
  ];
  process.stdout.write(`${lines.join('\n')}\n`);
  const isNoted = notes(staging, leaks, before, [...before.values, ...vault.values], lines.join('\n'));
  return valid.length === 0 && isNoted ? exitCode.fine : exitCode.findings;
}

function notes(
  { root }: StagingServices,
  leaks: readonly Leak[],
  before: Vault,
  values: Vault['values'],
  text: string,
): boolean {
  const secrets = values.map(({ secret }) => secret);
  const names = new Set(
    leaks.filter(({ value }) => value.state !== 'public').flatMap(({ value }) => before.namesOf(value)),
  );
  try {
    const ids = [...names].flatMap(
      (value) =>
        noteLeak(incidentsIn(root), { value, by: actor(undefined), isPushed: false, secrets }, text, false)?.id ?? [],
    );
    for (const id of ids)
      process.stdout.write(
        `When its cause is known: ${forStack(`npm run incident -- close --id ${id} --root-cause TEXT`)}\n`,
      );
    return true;
  } catch (error) {
    process.stderr.write(
      `The incident’s record could not be written (${error instanceof Error ? error.message : String(error)}).\n`,
    );
    return false;
  }
}

import { printable } from '../machine/printable.ts';
import { firstFew } from '../machine/counted.ts';
import type { Exposure } from './exposure.ts';
import type { Leak, Sorted, Stranger } from './leaks.ts';
import type { Row } from './rows.ts';

/** How far each thing may have come, by its name: one entry a folder that has it. */
export type Seen = ReadonlyMap<string, readonly Exposure[]>;

/** The places where something was found, for people; the first few. */
function placesOf(rows: readonly Row[]): string {
  const places = rows.map(
    ({ file, line, commit }) => `${printable(file)}:${line}${commit === undefined ? '' : ` (commit ${short(commit)})`}`,
  );
  return firstFew([...new Set(places)], 'place');
}

/** The branches of other repositories that have it: the shortest names first, which are those that everybody knows. */
function branchesOf(names: readonly string[]): string {
  const known = names.map(printable).toSorted((a, b) => a.length - b.length);
  return firstFew(known, 'branch', { many: 'branches' }) || 'a remote branch';
}

/** Who can have seen it, one line each; never more than git knows. */
function seenLines(exposures: readonly Exposure[]): string[] {
  if (exposures.length === 0) return ['seen by: nobody can say, because it stands in no file and no commit here'];
  return exposures.flatMap(({ folder, standsIn, since, pushed, isShallow }) => [
    ...(standsIn.length > 0
      ? [`stands now in ${printable(folder)}: ${firstFew(standsIn.map(printable), 'place')}`]
      : []),
    since === undefined
      ? 'since: never committed'
      : `since: commit ${short(since.id)} of ${since.date}, ${printable(since.file)}${isShallow ? ' (this clone lacks older commits)' : ''}`,
    pushed !== undefined
      ? `seen by: PUSHED with commit ${short(pushed.id)} of ${pushed.date}: whoever can read ${branchesOf(pushed.branches)}`
      : since === undefined
        ? 'seen by: who uses this machine, and what copies its files'
        : 'seen by: who has this clone: no branch of another repository that it knows has the commit',
  ]);
}

/** What no clone knows, said with every leak. */
const notKnown =
  'Not known: forks and other clones, pushes that were overwritten since or that this clone has not fetched, and what jobs ' +
  'and caches have kept. Whoever can have seen it has to be taken to have it.';

function leakLines({ value, found }: Leak, names: readonly string[], seen: Seen): string[] {
  const what = { current: 'Leaked', previous: 'Leaked, and replaced since', public: 'Made to be seen, no leak' };
  return [
    `${what[value.state]}: ${names.join(', ')} (${value.references.join(', ')})`,
    ...(found.length > 0 ? [`  found: ${placesOf(found)}`] : []),
    ...(value.state === 'public' ? [] : seenLines(seen.get(value.name) ?? []).map((line) => `  ${line}`)),
  ];
}

function strangerLines({ name, rule, severity, revocation, found }: Stranger, seen: Seen): string[] {
  return [
    `Not in the vault: ${rule}${severity === 'warning' ? ' (a warning)' : ''}`,
    `  found: ${placesOf(found)}`,
    ...seenLines(seen.get(name) ?? []).map((line) => `  ${line}`),
    `  revoke it at ${revocation.vendor}: ${revocation.page}`,
  ];
}

/** What leaked, for people. `namesOf`: the names that a value has in the configuration. */
export function leaksText({ leaks, strangers, lost }: Sorted, namesOf: (leak: Leak) => string[], seen: Seen): string {
  const blocks = [
    ...leaks.map((leak) => leakLines(leak, namesOf(leak), seen)),
    ...strangers.map((each) => strangerLines(each, seen)),
    ...(lost.length > 0
      ? [
          [
            `Not there any more, so that nobody can say what it is: ${placesOf(lost)}`,
            '  Scan again, or name the folder that was scanned: --app PATH',
          ],
        ]
      : []),
  ];
  if (blocks.length === 0) return 'Nothing leaked.\n';
  return `${blocks.map((lines) => lines.join('\n')).join('\n\n')}\n\n${notKnown}\n`;
}

/** The same for another program. */
export function leaksJson({ leaks, strangers, lost }: Sorted, namesOf: (leak: Leak) => string[], seen: Seen) {
  const places = (rows: readonly Row[]) =>
    rows.map(({ file, line, column, rule, commit }) => ({ file, line, column, rule, commit: commit ?? null }));
  const exposure = (name: string) =>
    (seen.get(name) ?? []).map(({ folder, standsIn, since, pushed, isShallow }) => ({
      ...{ folder, standsIn, since: since ?? null, pushed: pushed ?? null, isShallow },
    }));
  return {
    leaks: leaks.map((leak) => ({
      ...{ state: leak.value.state, names: namesOf(leak), references: leak.value.references },
      ...{ found: places(leak.found), seen: exposure(leak.value.name) },
    })),
    strangers: strangers.map(({ name, rule, severity, revocation, found }) => ({
      ...{ rule, severity, ...revocation, found: places(found), seen: exposure(name) },
    })),
    lost: places(lost),
    notKnown,
  };
}

function short(commit: string): string {
  return commit.slice(0, 10);
}

import { nameOf, stackOf, type Export } from '../../engine/deployment.ts';
import type { Existing } from '../../adoption/existing.ts';
import type { Settings } from '../../settings/settings.ts';
import { changedVariable, isNewer, writtenAt, type Decision } from '../../recovery/pending.ts';

/** A provider outlives its engine by ten minutes at most, and the state is written at the kill or at the recovery. */
const lateMs = 15 * 60_000;

/**
 * What came after the stack was put in order: the killed run's request was still under way, and nothing is pending in the
 * state any more. Only for keys that a person names; one that has not changed is said to be so.
 */
export function lateArrivals(
  state: Export,
  { variables }: Existing,
  keys: readonly string[],
  netlify: Settings['netlify'],
): Decision[] {
  return keys.flatMap((key) => {
    const live = variables.find((each) => each.key === key);
    const known = (state.deployment.resources ?? []).find(
      ({ type, inputs }) => type.startsWith('netlify:') && inputs?.key === key,
    );
    if (!live || !known || !isNewer(live, known)) {
      process.stderr.write(
        `--arrived ${key}: Netlify has not changed it since the stack knows it, so nothing came late.\n`,
      );
      return [];
    }
    const about = { urn: known.urn, name: nameOf(known.urn), interrupted: 'updating' } as const;
    return [{ ...about, ...changedVariable(stackOf(known.urn), live, writtenAt(state), netlify, lateMs) }];
  });
}

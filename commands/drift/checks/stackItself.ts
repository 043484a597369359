import { counted } from '../../../machine/counted.ts';
import {
  findNamed,
  type ManagedPlacement,
  managedPlacements,
  placeTitle,
  resourceName,
} from '../../../places/places.ts';
import type { Settings } from '../../../settings/settings.ts';
import { emergencyVariable } from '../../../settings/names/names.ts';
import type { LiveVariable } from '../../../services/netlify/netlify.ts';
import { finding, type Finding } from '../finding.ts';
import type { LivePlaces } from '../../../places/live.ts';
import type { Recorded } from '../../../engine/recorded.ts';
import { forStack } from '../../../settings/stack/stackCommand.ts';

/** What other services have already, as far as it was read. */
export interface Elsewhere {
  /** What stands in the places of the declared values. */
  readonly places: LivePlaces | undefined;
  /** Whether the declared rule is there: a ruleset of its name, or the branch's classic protection. */
  readonly ruleset: boolean | undefined;
}

/** Where the stack itself is behind: an update that was cut off, or a configuration that no update has applied. */
export function stackItself(
  { netlify, placements, github }: Settings,
  recorded: Recorded,
  live: readonly LiveVariable[],
  elsewhere: Elsewhere = { places: undefined, ruleset: undefined },
): Finding[] {
  const findings: Finding[] = [];
  if (recorded.pendingOperations > 0) {
    findings.push(
      finding({
        kind: 'stack-interrupted',
        subject: 'stack',
        what: `An update was cut off with ${counted(recorded.pendingOperations, 'operation')} open.`,
        command: forStack('npm run recover'),
        note: `It finds out what took effect, then: ${forStack('pulumi up')}.`,
      }),
    );
  }
  const unwritten = netlify.variables.map(({ name }) => name).filter((name) => !recorded.variables.has(name));
  const unplaced = managedPlacements(placements).filter((each) => !recorded.placed.has(resourceName(each)));
  const behind = [
    ...unwritten,
    ...unplaced.map((each) => `the ${placeTitle(each)} ${each.name}`),
    ...(recorded.hasRule ? [] : [`the rule of ${github.protection.branch}`]),
  ];
  // `up` refuses to make what is there: the second level of the kill switch, thrown past the stack, makes its variable.
  const isThere =
    unwritten.some((name) => live.some(({ key }) => key === name)) ||
    unplaced.some((each) => isPlaced(each, elsewhere.places)) ||
    (!recorded.hasRule && elsewhere.ruleset === true);
  const isEmergency = unwritten.includes(emergencyVariable);
  if (behind.length > 0) {
    findings.push(
      finding({
        kind: 'stack-behind',
        subject: 'stack',
        what: `Declared, and not applied by any update: ${behind.join(', ')}.`,
        ...(isThere
          ? {
              command: forStack('npm run adopt'),
              note: `What is on its service already is taken over first, then: ${forStack('pulumi up')}.`,
            }
          : { command: forStack('pulumi up') }),
        ...(isEmergency && { severity: 'high' as const }),
      }),
    );
  }
  return findings;
}

/** Whether a place has a value's name already. */
function isPlaced({ place, name, environment }: ManagedPlacement, places: LivePlaces | undefined): boolean {
  return findNamed(place, places?.list(place, environment) ?? [], name) !== undefined;
}

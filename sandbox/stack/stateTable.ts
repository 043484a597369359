import { placeResources, type ManagedPlace } from '../../places/places.ts';
import type { Context } from '../../settings/context.ts';
import type { LiveState } from './liveState.ts';
import { columns } from '../../machine/columns.ts';
import type { Paint } from '../../machine/paint.ts';

/** The stack's outputs as `pulumi stack output --json` prints them. */
export interface StackOutputs {
  readonly variables: Readonly<
    Record<
      string,
      {
        readonly secret: boolean;
        readonly contexts: readonly Context[];
        readonly fingerprints: Readonly<Record<string, string>>;
      }
    >
  >;
  readonly placed: Readonly<
    Record<
      string,
      {
        readonly place: ManagedPlace;
        readonly name: string;
        readonly environment?: string;
        readonly fingerprint?: string;
      }
    >
  >;
  readonly protectedBranch: string;
  readonly requiredChecks: readonly string[];
}

const headings = ['TARGET', 'VARIABLE', 'CONTEXT', 'KIND', 'FINGERPRINT', 'STATE'];

/** The table, and how many of its lines are not in place. */
export interface StateTable {
  readonly text: string;
  readonly amiss: number;
}

/** What stands in the developer's own file, which no update writes. */
export interface LocalLines {
  readonly file: string;
  readonly names: readonly string[];
}

const writtenByHand = 'by npm run env:local';

/** One line for each value in each place, with what `live` says of it; a value that could be guessed has no fingerprint. */
export function stateTable(
  { variables, placed, protectedBranch, requiredChecks }: StackOutputs,
  live: LiveState,
  { file, names }: LocalLines,
  paint: Paint,
): StateTable {
  const rows = [
    ...Object.entries(variables).flatMap(([name, { secret, contexts, fingerprints }]) =>
      contexts.map((context) => [
        'Netlify',
        name,
        context,
        secret ? 'secret' : 'plain',
        fingerprints[context] ?? '-',
        live.variable(name, context),
      ]),
    ),
    ...Object.entries(placed).map(([resource, { place, name, environment, fingerprint }]) => [
      placeResources[place].words.service,
      name,
      environment ?? placeResources[place].words.where,
      placeResources[place].words.kind,
      fingerprint ?? '-',
      live.placed(resource),
    ]),
    ...names.map((name) => ['local', name, file, 'line', '-', writtenByHand]),
    ...requiredChecks.map((check) => [
      'GitHub',
      check,
      protectedBranch,
      'check',
      '-',
      live.check(protectedBranch, check),
    ]),
  ];
  const [heading = '', ...lines] = columns([headings, ...rows]);
  return {
    text: [paint('bold', heading), ...lines].join('\n'),
    amiss: rows.filter((row) => row.at(-1) !== 'in place' && row.at(-1) !== writtenByHand).length,
  };
}

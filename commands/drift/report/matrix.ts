import { managedPlacements, managedPlaces, placeRules } from '../../../places/places.ts';
import { organizationVariable, type Settings } from '../../../settings/settings.ts';
import type { Finding } from '../finding.ts';
import type { Look } from '../observed.ts';
import { subjectOf } from '../checks/placed.ts';
import { placeOfKind } from '../placedKinds.ts';

/** What a place of a variable is like. */
export type CellState = 'declared' | 'drift' | 'missing' | 'extra' | 'none' | 'unseen';

/** Variables × targets: one row a variable or secret, one column a context or another place. */
export interface Matrix {
  readonly columns: readonly string[];
  readonly rows: readonly { readonly name: string; readonly note: string; readonly cells: readonly CellState[] }[];
}

/** The state of every declared place, as the look saw it. */
export function matrix({ netlify, placements }: Settings, { findings, places, errors, variables }: Look): Matrix {
  const others = netlify.variables.flatMap(({ values }) => values.map(({ context }) => context));
  const contexts = [...new Set<string>([...netlify.contexts, ...others])];
  const netlifySeen = variables.length > 0 || errors.length === 0;
  const placed = managedPlacements(placements);
  const columns = managedPlaces.filter((place) => placed.some((each) => each.place === place));
  const names = [...new Set([...netlify.variables, ...placed].map(({ name }) => name))];
  const rows = names.sort().map((name) => {
    const variable = netlify.variables.find((each) => each.name === name);
    const own = findings.filter(({ where }) => where.subject === name);
    const onNetlify = own.filter(({ where }) => where.target === 'Netlify');
    const cells = contexts.map((context): CellState => {
      const declared = variable?.values.some((value) => value.context === context) === true;
      const here = onNetlify.filter(({ where }) => where.contexts?.includes(context) ?? declared);
      if (!declared) return here.length > 0 ? 'extra' : 'none';
      return netlifySeen ? stateOf(here) : 'unseen';
    });
    const elsewhere = columns.map((place): CellState => {
      const here = placed.filter((each) => each.place === place && each.name === name);
      if (here.length === 0) return 'none';
      if (here.some(({ environment }) => places.list(place, environment) === undefined)) return 'unseen';
      const subjects = here.map(subjectOf);
      return stateOf(
        findings.filter(({ kind, where }) => subjects.includes(where.subject) && placeOfKind(kind)?.place === place),
      );
    });
    const note = variable?.secret === true ? 'secret' : name === organizationVariable ? 'one organisation' : '';
    return { name, note, cells: [...cells, ...elsewhere] };
  });
  return { columns: [...contexts, ...columns.map((place) => placeRules[place].title)], rows };
}

function stateOf(findings: readonly Finding[]): CellState {
  if (findings.some(({ kind }) => kind.endsWith('missing') && kind !== 'scope-missing')) return 'missing';
  return findings.length > 0 ? 'drift' : 'declared';
}

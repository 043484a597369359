import type { Declared, DeclaredPlace } from '../../readers/declaration.ts';
import type { Row } from '../../readers/join.ts';
import { organizationVariable } from '../../settings/settings.ts';

/** Why the settings refuse a value in one more place; nothing where they take it. */
export type Refusal = (value: string, place: DeclaredPlace, name: string) => string | undefined;

/**
 * The entries to add to the stack's list of values for what is read and not declared, as YAML. Where a value comes from is
 * not in the application: each entry names a field of the vault to put the right one in. What the settings would refuse is a
 * comment with the reason.
 */
export function proposal(rows: readonly Row[], declaration: readonly Declared[], refusal: Refusal): string {
  const groups = new Map<string, Row[]>();
  for (const row of rows)
    if (row.status === 'read, not declared' && row.accepted === undefined)
      groups.set(row.value, [...(groups.get(row.value) ?? []), row]);
  if (groups.size === 0) return '# Everything that is read is declared.\n';
  const entries = [...groups].flatMap(([value, those]) => {
    const known = declaration.filter((declared) => declared.value === value);
    const judged = those.map((row) => ({ ...row, refused: refusal(value, row.place, row.name) }));
    const fitting = judged.filter(({ refused }) => refused === undefined);
    const comments = judged.flatMap((row) =>
      row.refused === undefined ? [] : [`  # ${value} is read there (${row.place}) and not proposed: ${row.refused}`],
    );
    if (fitting.length === 0) return [...readLines(those), ...comments];
    const added = fitting.map(({ place }) => place);
    const places = fitting.map(({ place, name }) => `${place}: ${name === value ? 'true' : name}`);
    const note =
      known.length === 0
        ? ''
        : ` # is declared for ${known.map(({ place }) => place).join(', ')}: add ${added.join(', ')}`;
    const source =
      known.length > 0 ? [] : Object.entries(sourceFor(value, added)).map(([key, text]) => `${key}: ${quoted(text)}`);
    return [...readLines(those), ...comments, `  ${value}: { ${[...source, ...places].join(', ')} }${note}`];
  });
  return ['allincompassing:values:', ...entries, ''].join('\n');
}

/** The source of a value that is declared nowhere yet. */
export function sourceFor(value: string, places: readonly DeclaredPlace[]): Readonly<Record<string, string>> {
  if (value === organizationVariable) return { from: 'organizationId' };
  return places.every((place) => place === 'actionsVariable')
    ? { value: 'FILL IN' }
    : { from: `op://VAULT/ITEM/${value.toLowerCase()}` };
}

function quoted(text: string): string {
  return /^\w+$/.test(text) ? text : `'${text}'`;
}

function readLines(rows: readonly Row[]): string[] {
  return rows.flatMap(({ place, readers: [first], readers }) =>
    first === undefined
      ? []
      : [`  # ${place}: ${first.file}:${first.line}${readers.length > 1 ? ` and ${readers.length - 1} more` : ''}`],
  );
}

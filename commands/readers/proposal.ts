import type { Declared, DeclaredPlace } from '../../readers/declaration.ts';
import type { Row } from '../../readers/join.ts';

/**
 * The entries to add to the stack's list of values for what is read and not declared, as YAML. Where a value comes from is
 * not in the application: each entry names a field of the vault to put the right one in.
 */
export function proposal(rows: readonly Row[], declaration: readonly Declared[]): string {
  const groups = new Map<string, Row[]>();
  for (const row of rows)
    if (row.status === 'read, not declared' && row.accepted === undefined)
      groups.set(row.value, [...(groups.get(row.value) ?? []), row]);
  if (groups.size === 0) return '# Everything that is read is declared.\n';
  const entries = [...groups].flatMap(([value, those]) => {
    const known = declaration.filter((declared) => declared.value === value);
    const places = those.map(({ place, name }) => `${place}: ${name === value ? 'true' : name}`);
    const note =
      known.length === 0
        ? ''
        : ` # is declared for ${known.map(({ place }) => place).join(', ')}: add ${those.map(({ place }) => place).join(', ')}`;
    const source =
      known.length > 0
        ? []
        : [
            sourceFor(
              value,
              those.map(({ place }) => place),
            ),
          ];
    return [...readLines(those), `  ${value}: { ${[...source, ...places].join(', ')} }${note}`];
  });
  return ['allincompassing:values:', ...entries, ''].join('\n');
}

function sourceFor(value: string, places: readonly DeclaredPlace[]): string {
  return places.every((place) => place === 'actionsVariable')
    ? "value: 'FILL IN'"
    : `from: 'op://VAULT/ITEM/${value.toLowerCase()}'`;
}

function readLines(rows: readonly Row[]): string[] {
  return rows.flatMap(({ place, readers: [first], readers }) =>
    first === undefined
      ? []
      : [`  # ${place}: ${first.file}:${first.line}${readers.length > 1 ? ` and ${readers.length - 1} more` : ''}`],
  );
}

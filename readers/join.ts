import { declaredPlaces, placeFor, sameName, type Declared, type DeclaredPlace } from './declaration.ts';
import { isKept } from './declarationOf.ts';
import { isProvided } from './platform.ts';
import type { Acceptance, Definition, Reader, Readers } from './readers.ts';

/** How a value and a place stand to each other. */
type Status =
  | 'read'
  | 'declared, nobody reads it'
  | 'read, not declared'
  | 'read in another place than declared'
  | 'fallback hides it'
  | 'accepted without a reason'
  | 'accepted, and no finding';

export const severities = ['low', 'medium', 'high'] as const;

export type Severity = (typeof severities)[number];

/** One value in one place. */
export interface Row {
  readonly value: string;
  readonly place: DeclaredPlace;
  /** The name there. */
  readonly name: string;
  readonly environment?: string;
  readonly status: Status;
  /** None: it is as it should be. */
  readonly severity?: Severity;
  /** Why somebody accepts the finding. */
  readonly accepted?: string;
  /** Who reads it there, else who reads it elsewhere. */
  readonly readers: readonly Reader[];
}

/**
 * Every value × place of the declaration and of the readers, the gravest first. `acceptances` are those of the
 * configuration, besides those of the application.
 */
export function joined(
  declaration: readonly Declared[],
  found: Readers,
  acceptances: readonly Acceptance[] = [],
): Row[] {
  const all = [...found.acceptances, ...acceptances];
  const judged = [
    ...declaration.map((declared) => declaredRow(declared, declaration, found)),
    ...undeclaredRows(declaration, found),
  ];
  const rows = judged.map((row) => {
    const by = all.find((acceptance) => fits(acceptance, row));
    return by ? { ...row, accepted: by.reason } : row;
  });
  const useless = all.filter((acceptance) => !judged.some((row) => fits(acceptance, row))).map(acceptanceRow);
  const rank = ({ severity, accepted: reason }: Row) =>
    severity && reason === undefined ? severities.indexOf(severity) : -1;
  return [...rows, ...useless].sort(
    (a, b) =>
      rank(b) - rank(a) ||
      (a.value < b.value
        ? -1
        : a.value > b.value
          ? 1
          : declaredPlaces.indexOf(a.place) - declaredPlaces.indexOf(b.place)),
  );
}

/** Whether a row is a finding of at least this severity. */
export function isFinding({ severity, accepted: reason }: Row, least: Severity = 'low'): boolean {
  return severity !== undefined && reason === undefined && severities.indexOf(severity) >= severities.indexOf(least);
}

function declaredRow(declared: Declared, declaration: readonly Declared[], { readers }: Readers): Row {
  const { value, place, name, environment } = declared;
  const row = { value, place, name, ...(environment !== undefined && { environment }) };
  const here = readers.filter((reader) => finds(reader, declared));
  if (here.length > 0) {
    const hidden = here.every(({ fallback }) => fallback !== undefined);
    return hidden
      ? { ...row, status: 'fallback hides it', severity: 'low', readers: here }
      : { ...row, status: 'read', readers: here };
  }
  const names = declaration.filter((other) => other.value === value).map((other) => other.name);
  const elsewhere = readers.filter((reader) => {
    const at = placeFor(reader);
    return at !== undefined && [value, ...names].some((each) => sameName(at, each, reader.name));
  });
  const running = elsewhere.filter(({ place: at }) => at !== 'test');
  if (running.length === 0)
    return { ...row, status: 'declared, nobody reads it', severity: 'medium', readers: elsewhere };
  const severity = severityElsewhere(running, (reader) =>
    declaration.some((other) => other.value === value && other.place === placeFor(reader) && finds(reader, other)),
  );
  return { ...row, status: 'read in another place than declared', severity, readers: running };
}

/** High where no place that reads a value has it: then it does nothing at all. Low where each has: then it is too much. */
function severityElsewhere(readers: readonly Reader[], has: (reader: Reader) => boolean): Severity {
  const deployed = readers.filter((reader) => placeFor(reader) !== 'localFile');
  const wanting = deployed.filter((reader) => !isProvided(reader.name, reader.place) && !has(reader));
  if (deployed.length === 0) return 'medium';
  return wanting.length === 0 ? 'low' : wanting.length === deployed.length ? 'high' : 'medium';
}

/** Who reads a person's own file: whatever of the application runs on a person's machine. */
const local: ReadonlySet<Reader['place']> = new Set(['build', 'netlifyFunction', 'edgeFunction', 'script', 'test']);

/** Whether a reader finds what is declared. */
function finds(reader: Reader, { place, name, environment }: Declared): boolean {
  const isThere = place === 'localFile' ? local.has(reader.place) : placeFor(reader) === place;
  if (!isThere || !sameName(place, name, reader.name)) return false;
  const other = reader.environment;
  return environment === undefined || other === undefined || other.toLowerCase() === environment.toLowerCase();
}

function undeclaredRows(declaration: readonly Declared[], { readers, definitions }: Readers): Row[] {
  const groups = new Map<string, { readonly place: DeclaredPlace; readonly readers: Reader[] }>();
  for (const reader of readers) {
    const place = placeFor(reader);
    if (place === undefined || reader.place === 'test' || isProvided(reader.name, reader.place)) continue;
    if (isDefined(reader, definitions) || isKept(place, reader.name)) continue;
    if (declaration.some((declared) => declared.place === place && finds(reader, declared))) continue;
    // It is taken where a declared one is missing, which that one's row says.
    if (
      reader.aliases?.some((name) =>
        declaration.some((declared) => declared.place === place && finds({ ...reader, name }, declared)),
      )
    )
      continue;
    const key = `${place} ${reader.name}`;
    const group = groups.get(key) ?? { place, readers: [] };
    group.readers.push(reader);
    groups.set(key, group);
  }
  return [...groups.values()].flatMap(({ place, readers: those }) => {
    const [{ name } = { name: '' }] = those;
    const value = declaration.find((other) => other.name === name)?.value ?? name;
    const hidden = those.every(({ fallback }) => fallback !== undefined);
    const severity = hidden || place === 'localFile' ? 'low' : 'medium';
    return { value, place, name, status: 'read, not declared', severity, readers: those };
  });
}

/** Whether a file of the application gives the reader its value. */
function isDefined(reader: Reader, definitions: readonly Definition[]): boolean {
  const ways: Readonly<Record<string, readonly Definition['by'][]>> = {
    script: ['workflow', 'example'],
    build: ['netlify.toml', 'workflow'],
  };
  return definitions.some(({ name, by }) => name === reader.name && ways[reader.place]?.includes(by) === true);
}

/** Whether an acceptance is about a finding. One without a reason is about nothing. */
function fits({ name, place, reason }: Acceptance, row: Row): boolean {
  if (row.severity === undefined || reason === '') return false;
  return (name === row.name || name === row.value) && (place === undefined || place === row.place);
}

/** An acceptance is a finding itself when it has no reason, or accepts nothing that is found. */
function acceptanceRow({ name, place, reason, file, line, column }: Acceptance): Row {
  const reader: Reader = { name, place: 'unused', means: 'comment', file, line, column };
  return {
    ...{ value: name, name, place: declaredPlaces.find((each) => each === place) ?? 'localFile', readers: [reader] },
    ...(reason === ''
      ? { status: 'accepted without a reason', severity: 'medium' }
      : { status: 'accepted, and no finding', severity: 'low' }),
  };
}

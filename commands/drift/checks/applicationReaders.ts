import { z } from 'zod';
import { placeNames, placeRules, type PlaceName } from '../../../places/places.ts';
import { finding, type Finding } from '../finding.ts';
import type { DriftKind } from '../kinds.ts';
import { outputOfCommand } from '../ownCommand.ts';
import { forStack } from '../../../settings/stack/stackCommand.ts';

/** One value in one place, as `npm run readers` compares the declaration with the application's sources. */
export interface ReaderRow {
  readonly value: string;
  readonly place: PlaceName;
  readonly name: string;
  readonly environment?: string | undefined;
  readonly status: string;
  readonly severity: 'low' | 'medium' | 'high' | null;
  /** Why somebody accepts it. */
  readonly accepted?: string | undefined;
  /** Where it is read: `file:line`. */
  readonly readers: readonly { readonly file: string; readonly line: number }[];
}

const answer = z.object({
  rows: z.array(
    z.object({
      value: z.string(),
      place: z.enum(placeNames as readonly [PlaceName, ...PlaceName[]]),
      name: z.string(),
      environment: z.string().optional(),
      status: z.string(),
      severity: z.enum(['low', 'medium', 'high']).nullable(),
      accepted: z.string().optional(),
      readers: z.array(z.object({ file: z.string(), line: z.number() })),
    }),
  ),
});

/** Who reads each value in a clone of the application; `undefined` where none is given. */
export async function applicationReaders(
  root: string,
  stack: string,
  application: string | undefined,
): Promise<readonly ReaderRow[] | undefined> {
  if (application === undefined) return undefined;
  const output = await outputOfCommand(
    root,
    'commands/readers/command.ts',
    [application, '--json', '--stack', stack],
    'The application’s sources could not be read',
  );
  return answer.parse(JSON.parse(output)).rows;
}

/** The kind of a row that is worth a person's time; what has a fallback, or is one of several, is in the report alone. */
const kinds: Readonly<Record<string, DriftKind>> = {
  'read in another place than declared': 'value-read-elsewhere',
  'read, not declared': 'value-not-declared',
  'declared, nobody reads it': 'value-not-read',
};

/** The findings of these rows. */
export function readerFindings(rows: readonly ReaderRow[], application: string): Finding[] {
  return rows.flatMap(({ value, place, name, environment, status, severity, accepted, readers }) => {
    const kind = kinds[status];
    if (kind === undefined || severity === null || severity === 'low' || accepted !== undefined) return [];
    const [first] = readers;
    const where = first === undefined ? '' : ` (${first.file}:${first.line}${readers.length > 1 ? ' and others' : ''})`;
    return [
      finding({
        kind,
        subject: [place, ...(environment === undefined ? [] : [environment]), name].join('/'),
        severity,
        what: `${name}, ${placeRules[place].title}: ${status}${where}.`,
        command: forStack(`npm run readers -- ${application} --value ${value}`),
        note: 'Declare it where it is read, or take it out where nobody does. To accept it, with a reason: readers-accept (docs/readers.md).',
      }),
    ];
  });
}

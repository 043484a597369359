import { placeFor } from '../readers/declaration.ts';
import { declarationOf } from '../readers/declarationOf.ts';
import { isProvided } from '../readers/platform.ts';
import type { Reader } from '../readers/readers.ts';
import { readersOf } from '../readers/readersOf.ts';
import type { Settings } from '../settings/settings.ts';
import { forStack } from '../settings/stack/stackCommand.ts';

/** Who reads a value in the application's sources, and what each needs. */
export interface ReadBy {
  /** One line a kind of reader; `undefined`: the application was not looked at. */
  readonly lines: readonly string[] | undefined;
  readonly readers: readonly {
    readonly name: string;
    readonly place: string;
    readonly file: string;
    readonly line: number;
    readonly needs: string;
  }[];
  /** Places that code reads the name from and that this configuration does not write: a person does. */
  readonly undeclared: readonly string[];
  /** Code of Edge Functions that reads a legacy key which Supabase itself provides. */
  readonly ofPlatform: readonly string[];
}

export const notLooked: ReadBy = { lines: undefined, readers: [], undeclared: [], ofPlatform: [] };

const needsOf = (): Readonly<Record<Reader['place'], string>> => ({
  build: 'a deploy',
  netlifyFunction: 'a deploy',
  edgeFunction: 'nothing: a secret is read when the function runs',
  workflow: 'its next run',
  script: `${forStack('npm run env:local')}, or what calls it`,
  test: forStack('npm run env:local'),
  unused: 'nothing: no entry leads to it',
});

/**
 * What stops when the legacy keys are disabled, or may: code of Edge Functions, production's too, that reads a key which
 * Supabase itself provides. Where nobody has read the sources, that is said: nothing is disabled on a guess.
 */
export function inTheWay({ lines, ofPlatform }: ReadBy, isLegacy: boolean): string[] {
  if (!isLegacy) return [];
  if (lines === undefined) {
    return [
      'code of Edge Functions, as far as anybody knows: Supabase gives it both legacy keys, and its sources were not read. ' +
        'Name the application’s folder: --app PATH (or STAGING_APPLICATION)',
    ];
  }
  return ofPlatform.map(
    (at) =>
      `${at}, code of an Edge Function that reads a legacy key which Supabase provides: let it read SUPABASE_SECRET_KEYS or SUPABASE_PUBLISHABLE_KEYS`,
  );
}

/** Reads the application below `folder`, and finds who reads one of these names. */
export async function readBy(settings: Settings, names: readonly string[], folder: string): Promise<ReadBy> {
  const needs = needsOf();
  const found = (await readersOf(folder)).readers.filter(({ name }) => names.includes(name));
  const declared = declarationOf(settings);
  const at = ({ file, line }: Reader) => `${file}:${line}`;
  const places = [...new Set(found.map(({ place }) => place))];
  const missing = found.filter((reader) => {
    const place = placeFor(reader);
    if (place === undefined || place === 'localFile' || isProvided(reader.name, reader.place)) return false;
    return !declared.some((each) => each.place === place && each.name === reader.name);
  });
  const undeclared = [...new Set(missing.map((reader) => `${placeFor(reader) ?? ''} ${reader.name}`))];
  return {
    lines: places.map((place) => {
      const here = found.filter((each) => each.place === place);
      return `${place} (${here.slice(0, 3).map(at).join(', ')}${here.length > 3 ? ` and ${here.length - 3} more` : ''}): needs ${needs[place]}`;
    }),
    readers: found.map((reader) => ({
      name: reader.name,
      place: reader.place,
      file: reader.file,
      line: reader.line,
      needs: needs[reader.place],
    })),
    undeclared: undeclared.map((each) => `${each}: code reads it, and this configuration does not write it`),
    ofPlatform: found
      .filter((reader) => reader.place === 'edgeFunction' && isProvided(reader.name, reader.place))
      .map(at),
  };
}

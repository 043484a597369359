import { posix } from 'node:path';
import { placeFor } from '../readers/declaration.ts';
import { declarationOf } from '../readers/declarationOf.ts';
import { listedFiles } from '../readers/files/listed.ts';
import { isWorkflow } from '../readers/files/workflow.ts';
import { isEdgeEntry } from '../readers/places.ts';
import { isProvided } from '../readers/platform.ts';
import type { Reader, Readers, TokenUseFound } from '../readers/readers.ts';
import { readersAndTokenUses, readersOf } from '../readers/readersOf.ts';
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
  /** Code of Edge Functions that reads a key which Supabase itself provides: the name, and `file:line`. */
  readonly ofPlatform: readonly { readonly name: string; readonly at: string }[];
  /** Uses of a legacy key that a key of the new kind cannot take its place in. */
  readonly cannotTake: readonly CannotTake[];
  /** Why the sources do not say which keys Edge Functions read: nothing is proved by what was not found there. */
  readonly unclear: readonly string[];
}

export interface CannotTake {
  readonly name: string;
  /** `file:line`. */
  readonly at: string;
  readonly why: string;
  /** Whether it gets the new key from this configuration, and runs for somebody: tests and what Supabase provides do not. */
  readonly isGiven: boolean;
}

export const notLooked: ReadBy = {
  ...{ lines: undefined, readers: [], undeclared: [], ofPlatform: [], cannotTake: [], unclear: [] },
};

/** Why a key of the new kind cannot be used so: https://supabase.com/docs/guides/functions/auth-headers */
const whyNot: Readonly<Record<TokenUseFound['use'], (use: TokenUseFound) => string>> = {
  bearer: ({ name }) =>
    `sends ${name} as a bearer token (Authorization: Bearer …), which the new kind is not: send it in the header apikey alone`,
  compared: ({ name }) =>
    `compares a caller’s bearer token with ${name}: the new kind does not arrive as one. Let callers send it in the header apikey, and compare that`,
  decoded: ({ name }) => `reads ${name} as a JWT, or asks for one, which the new kind is not`,
  invoked: ({ name, called = '' }) =>
    `calls the Edge Function ${called} with ${name} and no user’s session, so that the key is its bearer token, and the function is only run with a JWT (verify_jwt). ` +
    `Set verify_jwt = false for it in supabase/config.toml, and let its code check the header apikey`,
};

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
 * Reads the application below `folder`, and finds who reads one of these names. `isMoving`: a legacy key gives way to one of
 * the new kind, so that it matters what each of them does with it.
 */
export async function readBy(
  settings: Settings,
  names: readonly string[],
  folder: string,
  isMoving: boolean,
): Promise<ReadBy> {
  const needs = needsOf();
  const all = isMoving
    ? await readersAndTokenUses(folder, names)
    : { ...(await readersOf(folder)), tokenUses: [] as readonly TokenUseFound[] };
  const found = all.readers.filter(({ name }) => names.includes(name));
  const declared = declarationOf(settings);
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
      .filter((reader) => isOfEdgeFunctions(reader) && isProvided(reader.name, 'edgeFunction'))
      .map((reader) => ({ name: reader.name, at: at(reader) })),
    cannotTake: all.tokenUses.map((use) => ({
      ...{ name: use.name, at: at(use), why: whyNot[use.use](use) },
      isGiven: use.place !== 'test' && use.place !== 'unused' && !isProvided(use.name, use.place),
    })),
    unclear: unclear(folder, all),
  };
}

function unclear(folder: string, { unknown, problems }: Readers): string[] {
  return [
    ...(listedFiles(folder).all.some(isEdgeEntry)
      ? []
      : [
          'no code of Edge Functions (supabase/functions/NAME/index.ts) is in the application’s folder: name another, --app PATH',
        ]),
    ...unknown
      .filter(isOfEdgeFunctions)
      .map((each) => `${at(each)}, code of an Edge Function, reads names that its text does not say`),
    // Functions load code from everywhere, and what a file loads is not known where it cannot be read.
    ...problems.filter(({ file }) => !isOtherFile(file)).map((each) => `${at(each)} cannot be read: ${each.message}`),
  ];
}

/** Code that Supabase runs, or may: below its folder an entry can have any name (config.toml). */
function isOfEdgeFunctions({ place, file }: Pick<Reader, 'place' | 'file'>): boolean {
  return place === 'edgeFunction' || (place !== 'test' && `/${file}`.includes('/supabase/functions/'));
}

/** What is read for other places alone. */
function isOtherFile(file: string): boolean {
  return isWorkflow(file) || posix.basename(file) === 'netlify.toml';
}

function at({ file, line }: { readonly file: string; readonly line: number }): string {
  return `${file}:${line}`;
}

import { notRepeated, shownName } from '../detection/typedWords.ts';
import { databaseUrlVariable } from '../settings/names/names.ts';
import type { Settings, Source } from '../settings/settings.ts';
import { declaredHolders, type Holder } from './holders.ts';
import { kindOf, type Kind } from './kinds.ts';
import { nearNames } from './near.ts';
import { forStack } from '../settings/stack/stackCommand.ts';

/** What is to be rotated: one value of the configuration. */
export interface Subject {
  /** Its name in the configuration. */
  readonly value: string;
  /** Every name that it has in a place. */
  readonly names: readonly string[];
  readonly kind: Kind;
  /** The field from which staging has it. */
  readonly reference: string;
  /** The fields of this value that other places take it from: production's first of all. */
  readonly others: readonly string[];
  /** Its own declared places. */
  readonly holders: readonly Holder[];
}

/** The value cannot be rotated, or there is none of that name: the message says what to do. */
export class SubjectError extends Error {
  override readonly name = 'SubjectError';
}

/**
 * Checks that a value of Supabase's moves from its legacy key to the new kind that is wanted. `legacy`: whether it holds a
 * legacy key, where that is known. Throws a {@link SubjectError} for any other.
 */
export function checkMove({ kind, value }: Subject, to: string, legacy: boolean | undefined): void {
  if (kind.how !== 'supabase-key') throw new SubjectError(`${value} is no key of Supabase's: leave --to out.`);
  if (to !== kind.role)
    throw new SubjectError(`--to is ${kind.role} for ${value}: a ${to} key would not open what its readers open.`);
  if (legacy === false)
    throw new SubjectError(`${value} holds a ${kind.role} key already, no legacy one: leave --to out.`);
}

interface Named {
  readonly value: string;
  readonly name: string;
  readonly source: Source;
}

/**
 * The value of the configuration that `given` names, by its own name or by one that it has in a place. Throws a
 * {@link SubjectError} for a name that nobody knows, and for what is no key.
 */
export function subjectOf(settings: Settings, given: string, random = false): Subject {
  const named: readonly Named[] = [
    ...settings.netlify.variables.flatMap(({ value, name, values }) =>
      values.map(({ source }) => ({ value, name, source })),
    ),
    ...settings.placements,
  ];
  const value = (named.find((each) => each.value === given) ?? named.find((each) => each.name === given))?.value;
  if (value === undefined) throw new SubjectError(unknown(given, named));
  const own = named.filter((each) => each.value === value);
  const names = [...new Set([value, ...own.map(({ name }) => name)])];
  const holders = declaredHolders(settings).filter((each) => each.value === value);
  const [first] = holders.filter(({ isProductions }) => !isProductions);
  const reference = (first ?? holders[0])?.reference;
  const kind = kindOf(names, random);
  if (reference === undefined) throw new SubjectError(`${value} ${whyNot(own)}`);
  if (value === databaseUrlVariable)
    throw new SubjectError(`${value} is the address of the project, which is no secret: nothing of it is rotated.`);
  if (random && kind.how !== 'random') {
    const maker = kind.how === 'person' ? kind.vendor : 'Supabase';
    throw new SubjectError(`${value} is made by ${maker}: a random value opens nothing there. Leave --random out.`);
  }
  const others = [...new Set(holders.map((each) => each.reference))].filter((each) => each !== reference);
  return { value, names, kind, reference, others, holders };
}

function unknown(given: string, named: readonly Named[]): string {
  const near = nearNames(
    given,
    named.flatMap(({ value, name }) => [value, name]),
  );
  const meant = near.length > 0 ? `Did you mean ${near.join(' or ')}?` : `${forStack('npm run render')} lists them.`;
  const shown = shownName(given) ?? `of that name (${notRepeated})`;
  return `The configuration has no value ${shown}. ${meant}`;
}

/** Why a value that comes from no reference is not rotated. */
function whyNot(own: readonly Named[]): string {
  const kinds = new Set(own.map(({ source }) => source.kind));
  if (kinds.has('organizationId'))
    return 'is the id of the organisation, which names something that exists: it is corrected in organizationId, not rotated.';
  if (kinds.has('siteId')) return 'is Netlify’s id of the site, which names something that exists: it is not rotated.';
  return `is a literal of the stack’s file, so it is no secret. Change it there, then: ${forStack('pulumi up')}`;
}

import { supabaseRole } from '../detection/supabaseRole.ts';
import { claimsOf } from '../secrets/claims.ts';
import type { Secret } from '../secrets/secret.ts';
import { valueOf } from '../secrets/valueOf.ts';
import type { Holder } from './holders.ts';
import { kindOf, type KeyRole } from './kinds.ts';
import { SubjectError, type Subject } from './subject.ts';

/** Which new key a field gets: one of the project's roles, or the one new value of everything else. */
type NewKey = KeyRole | 'value';

/** A field of the vault that gets a new value. */
interface Member {
  readonly reference: string;
  readonly key: NewKey;
  /** Whether production alone reads it: it is written when staging is proved. */
  readonly isProductions: boolean;
  readonly holders: readonly Holder[];
}

/** What a rotation is about: the fields that hold the old value, whatever their names. */
export interface Scope {
  readonly members: readonly Member[];
  /** Fields of the same value's places that hold another key of their own: it stays. */
  readonly apart: readonly string[];
  /** Whether the old key is one of the project's two legacy keys, which end together; `undefined`: the vault was not read. */
  readonly legacy: boolean | undefined;
}

/**
 * The fields that change. With the vault's values: each declared field that holds the very value, under any name, and for a
 * legacy key of Supabase the fields of the same project's other legacy key too, because both are disabled in one. Without
 * them: the value's own fields. `project`: the stack's, whose new keys the fields get. Throws a {@link SubjectError} for a key
 * of another project.
 */
export function scopeOf(
  subject: Subject,
  holders: readonly Holder[],
  values: ReadonlyMap<string, Secret> | undefined,
  project: string,
): Scope {
  const own = subject.kind.how === 'supabase-key' ? subject.kind.role : 'value';
  const references = [...new Set(holders.map(({ reference }) => reference))];
  if (values === undefined) {
    const mine = references.filter((each) => each === subject.reference || subject.others.includes(each));
    return { members: mine.map((reference) => member(reference, own, holders)), apart: [], legacy: undefined };
  }
  const old = valueOf(values, subject.reference);
  const legacy = own !== 'value' && isLegacyKey(old);
  const ofProject = claimsOf(old)?.ref;
  if (legacy && ofProject !== undefined && ofProject !== project)
    throw new SubjectError(
      `${subject.value} holds a key of the project ${ofProject}, and this stack's is ${project}: a new key of this one would open nothing there.`,
    );
  const members = references.flatMap((reference): Member[] => {
    const value = valueOf(values, reference);
    if (value === old) return [member(reference, own, holders)];
    const role = supabaseRole(value);
    // Another project's key, production's own for one, is none of this project's pair.
    if (!legacy || !isLegacyKey(value) || role === undefined || claimsOf(value)?.ref !== ofProject) return [];
    return [member(reference, role === 'service' ? 'secret' : 'publishable', holders)];
  });
  checkKind(subject, old, members);
  const apart = subject.others.filter((each) => !members.some(({ reference }) => reference === each));
  return { members, apart, legacy };
}

/**
 * Throws where the value is something else than its name says: a copy of a project's key under a name of our own would be
 * replaced by what opens nothing, in every place that holds the same key.
 */
function checkKind({ value, kind }: Subject, old: string, members: readonly Member[]): void {
  const held = members.flatMap(({ holders }) => holders);
  const names = [...new Set(held.map((each) => each.value))];
  if (kind.how !== 'supabase-key' && supabaseRole(old) !== undefined) {
    const known = names.filter((name) => kindOf([name], false).how === 'supabase-key');
    const instead =
      known.length > 0 ? `Rotate ${known.join(' or ')}, which has it too.` : 'Name it by one of Supabase’s own names.';
    throw new SubjectError(`${value} holds a key of the Supabase project. ${instead}`);
  }
  const made = names.find((name) => kind.how === 'random' && kindOf([name], true).how !== 'random');
  if (made !== undefined)
    throw new SubjectError(`${value} has the same value as ${made}, which is made by a vendor: leave --random out.`);
}

/** The scope of a rotation that is under way: what it began with, whatever the vault holds by now. */
export function scopeUnderWay(
  members: readonly Omit<Member, 'holders'>[],
  legacy: boolean,
  holders: readonly Holder[],
): Scope {
  return { members: members.map(({ reference, key }) => member(reference, key, holders)), apart: [], legacy };
}

/** Whether a value is a key of Supabase's legacy kind: a token that names its role. */
function isLegacyKey(value: string): boolean {
  return !value.startsWith('sb_') && supabaseRole(value) !== undefined;
}

function member(reference: string, key: NewKey, all: readonly Holder[]): Member {
  const holders = all.filter((each) => each.reference === reference);
  return { reference, key, isProductions: holders.every(({ isProductions }) => isProductions), holders };
}

/** The resources to update, each once: first those that production has no part in, then production's. */
export interface Phases {
  readonly staging: readonly string[];
  readonly production: readonly string[];
}

/**
 * A resource on Netlify holds all contexts of its key: it belongs to staging's phase unless production would get the new
 * value with the same write.
 */
export function phasesOf({ members }: Scope): Phases {
  const first = members.filter(({ isProductions }) => !isProductions).flatMap(({ holders }) => holders);
  const all = members.flatMap(({ holders }) => holders);
  const shared = resources(first.filter(({ isProductions }) => isProductions));
  const staging = resources(first.filter(({ isProductions }) => !isProductions));
  return {
    staging: staging.filter((name) => !shared.includes(name)),
    production: [...new Set([...resources(all.filter(({ isProductions }) => isProductions)), ...shared])],
  };
}

function resources(holders: readonly Holder[]): string[] {
  return [...new Set(holders.flatMap(({ resource }) => resource ?? []))];
}

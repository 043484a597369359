import { namesIn } from '../../settings/reference.ts';

/** The name of the field that a reference reads. */
export function fieldOf(reference: string): string {
  return namesIn(reference).at(-1) ?? '';
}

/** The reference of another field beside one. */
export function besideField(reference: string, label: string): string {
  return `${reference.slice(0, reference.lastIndexOf('/'))}/${label}`;
}

/** Where a rotation keeps the old value, beside the new one. */
export const previous = (reference: string) => `previous_${fieldOf(reference)}`;

/** Where everybody sees that a rotation is under way: who began it, and since when. */
export const markOf = (reference: string) => `rotating_${fieldOf(reference)}`;

import type { Secret } from './secret.ts';

/** A value was wanted that the vault was never asked for: one place is missing in a list of references. */
export class UnreadValueError extends Error {
  override readonly name = 'UnreadValueError';

  constructor(reference: string) {
    super(
      `${reference} was not read from 1Password, so nothing was changed: an empty value would take the place of the one ` +
        'that is there. This is a fault of this project; please report it with this reference.',
    );
  }
}

/** The value of a reference that was read. Throws an {@link UnreadValueError} for one that was not read, and for an empty one. */
export function valueOf(values: ReadonlyMap<string, Secret>, reference: string): string {
  const value = values.get(reference)?.reveal();
  if (value === undefined || value === '') throw new UnreadValueError(reference);
  return value;
}

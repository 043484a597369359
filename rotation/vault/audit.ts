import type { Act } from '../../audit/trail.ts';
import type { FieldChange } from '../../secrets/vaultFields.ts';
import { besideField, fieldOf } from './fields.ts';

/** What the audit trail says of a write of an item: each field that it changes, by the reference that reads it. */
export function vaultAct(reference: string, changes: readonly FieldChange[]): Act {
  const own = fieldOf(reference);
  return {
    action: changes.every(({ value }) => value === undefined) ? 'delete' : 'set',
    writes: changes.map(({ label, value, plain }) => ({
      place: 'vault',
      name: label.toLowerCase() === own.toLowerCase() ? reference : besideField(reference, label),
      // A mark is a text for people: nothing is compared with it.
      ...(value !== undefined && plain !== true && { value: value.reveal() }),
    })),
  };
}

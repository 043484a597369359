import { z } from 'zod';

/** JSON Schema of what a person may write, where that is more than what the schema parses it to. */
type Form = Readonly<Record<string, unknown>>;

/**
 * The forms in which a setting may be written, by its schema: a function from the JSON Schema of the parsed form. A schema
 * that accepts short forms knows them itself; the editor's JSON Schema and docs/settings.md are made from here.
 */
export const inputForms = z.registry<{ readonly form: (parsed: Form) => Form }>();

/** Declares the forms of a schema, and yields it. */
export function written<Schema extends z.ZodType>(schema: Schema, form: (parsed: Form) => Form): Schema {
  inputForms.add(schema, { form });
  return schema;
}

/** Turns a schema of a Swagger 2 or OpenAPI 3 document into one JSON Schema that stands alone, for ajv. */

/** A JSON object whose members are not known. */
export type Json = Readonly<Record<string, unknown>>;

/** Whether `value` is a JSON object. */
export function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** What a local reference (`#/…`) points to. */
export function resolveReference(document: Json, reference: string): unknown {
  if (!reference.startsWith('#/')) throw new Error(`not a local reference: ${reference}`);
  let found: unknown = document;
  for (const part of reference.slice(2).split('/')) {
    const name = decodeURIComponent(part).replaceAll('~1', '/').replaceAll('~0', '~');
    found = isObject(found) ? found[name] : undefined;
  }
  if (found === undefined) throw new Error(`the document has no ${reference}`);
  return found;
}

/** `value`, or what it refers to when it is a reference. */
export function dereference(document: Json, value: unknown): Json {
  const target = isObject(value) && typeof value.$ref === 'string' ? resolveReference(document, value.$ref) : value;
  return isObject(target) ? target : {};
}

/** A copy of `schema` that carries everything it refers to in `$defs`. */
export function standaloneSchema(document: Json, schema: Json): Json {
  const definitions: Record<string, unknown> = {};
  const copy = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(copy);
    if (!isObject(value)) return value;
    const reference = value.$ref;
    if (typeof reference === 'string') return { $ref: `#/$defs/${define(reference)}` };
    const copied = copyKeywords(value, copy);
    return isNullable(value) ? { anyOf: [{ type: 'null' }, copied] } : copied;
  };
  const define = (reference: string): string => {
    const name = reference.replaceAll(/[^A-Za-z0-9]/g, '_');
    if (!(name in definitions)) {
      definitions[name] = {}; // stands in for itself while it is copied: schemas may be circular
      definitions[name] = copy(resolveReference(document, reference));
    }
    return name;
  };
  const whole = copy(schema) as Json;
  return { ...whole, $defs: definitions };
}

/** Keywords that say nothing about validity here, or that ajv reads otherwise than OpenAPI means them. */
const dropped = new Set([
  'nullable',
  'x-nullable',
  'discriminator',
  'example',
  'examples',
  'default',
  'xml',
  '$id',
  'id',
]);

/** Keywords whose value is a map from names to schemas: their members' names are no keywords. */
const maps = new Set(['properties', 'patternProperties', '$defs', 'definitions']);

function copyKeywords(schema: Json, copy: (value: unknown) => unknown): Json {
  const copied: Record<string, unknown> = {};
  for (const [keyword, value] of Object.entries(schema)) {
    if (dropped.has(keyword)) continue;
    if (maps.has(keyword) && isObject(value)) {
      copied[keyword] = Object.fromEntries(Object.entries(value).map(([name, member]) => [name, copy(member)]));
    } else copied[keyword] = keyword === 'enum' || keyword === 'const' ? value : copy(value);
  }
  limitsAsNumbers(copied);
  return copied;
}

/** OpenAPI 3.0 and Swagger 2 have `exclusiveMinimum: true` beside `minimum`; JSON Schema has one number. */
function limitsAsNumbers(schema: Record<string, unknown>): void {
  for (const [exclusive, plain] of [
    ['exclusiveMinimum', 'minimum'],
    ['exclusiveMaximum', 'maximum'],
  ] as const) {
    if (typeof schema[exclusive] !== 'boolean') continue;
    const limit = schema[plain];
    const applies = schema[exclusive];
    Reflect.deleteProperty(schema, exclusive);
    if (!applies) continue;
    Reflect.deleteProperty(schema, plain);
    schema[exclusive] = limit;
  }
}

function isNullable(schema: Json): boolean {
  return schema.nullable === true || schema['x-nullable'] === true;
}

import { dereference, isObject, type Json } from './openapiSchema.ts';

/** A parameter of an operation, with the schema its value must meet. */
interface Parameter {
  readonly name: string;
  readonly place: 'path' | 'query' | 'header' | 'formData';
  readonly required: boolean;
  readonly schema: Json;
}

/** One operation of the document, and what the request's path gave for its parameters. */
export interface Operation {
  /** As the document spells it, e.g. `PUT /accounts/{account_id}/env/{key}`. */
  readonly title: string;
  readonly parameters: readonly Parameter[];
  readonly pathValues: Readonly<Record<string, string>>;
  /** The JSON or binary body: its schema, and whether there must be one. */
  readonly body: { readonly schema: Json; readonly required: boolean } | undefined;
  readonly responses: Json;
}

const placeholder = /\{([^}]+)\}/g;

/** A path of the document, ready to match. */
interface Route {
  readonly template: string;
  readonly item: Json;
  readonly pattern: RegExp;
  readonly names: readonly string[];
  /** How many characters of it are literal. */
  readonly literals: number;
}

/** Documents are parsed once and asked often: routes and operations are made once each. */
const routesOf = new WeakMap<Json, Route[]>();
const operations = new WeakMap<Json, Omit<Operation, 'pathValues'>>();

/** Finds the operation of a document that a request meets; literal parts of a path win over placeholders. */
export function findOperation(document: Json, base: string, method: string, path: string): Operation | undefined {
  // Netlify's document repeats the base path in one of its paths, so the whole path is tried as well.
  const candidates = path.startsWith(base) ? [path.slice(base.length), path] : [path];
  let best: { route: Route; found: RegExpExecArray } | undefined;
  for (const route of routes(document)) {
    if (!(method.toLowerCase() in route.item)) continue;
    for (const candidate of candidates) {
      const found = route.pattern.exec(candidate);
      if (found && (!best || route.literals > best.route.literals)) best = { route, found };
    }
  }
  if (!best) return undefined;
  const { route, found } = best;
  const values = route.names.map((name, index) => [name, decodeURIComponent(found[index + 1] ?? '')] as const);
  return { ...describe(document, route, method), pathValues: Object.fromEntries(values) };
}

function routes(document: Json): Route[] {
  const known = routesOf.get(document);
  if (known) return known;
  const paths = isObject(document.paths) ? Object.entries(document.paths) : [];
  const made = paths.flatMap(([template, item]) => (isObject(item) ? [route(template, item)] : []));
  routesOf.set(document, made);
  return made;
}

function route(template: string, item: Json): Route {
  const names: string[] = [];
  const last = template.split('/').at(-1);
  const pattern = template.replaceAll(/[.*+?^$()|[\]\\]/g, '\\$&').replaceAll(placeholder, (whole, name: string) => {
    names.push(name);
    return whole === last && /path|ref/.test(name) ? '(.+)' : '([^/]+)'; // files and git refs span segments
  });
  const literals = template.replaceAll(placeholder, '').length;
  return { template, item, pattern: new RegExp(`^${pattern}/?$`), names, literals };
}

function describe(document: Json, { template, item }: Route, method: string): Omit<Operation, 'pathValues'> {
  const operation = dereference(document, item[method.toLowerCase()]);
  const known = operations.get(operation);
  if (known) return known;
  const listed = [item.parameters, operation.parameters]
    .flatMap((list: unknown) => (Array.isArray(list) ? (list as unknown[]) : []))
    .map((parameter) => dereference(document, parameter));
  const made = {
    title: `${method} ${template}`,
    parameters: listed.filter((parameter) => parameter.in !== 'body').map(asParameter),
    body: bodyOf(document, operation, listed),
    responses: isObject(operation.responses) ? operation.responses : {},
  };
  operations.set(operation, made);
  return made;
}

function asParameter(parameter: Json): Parameter {
  const { name, in: place, required, schema, ...inline } = parameter;
  return {
    name: String(name),
    place: place as Parameter['place'],
    required: required === true,
    // Swagger 2 writes the schema's keywords beside the parameter's own.
    schema: isObject(schema) ? schema : inline,
  };
}

function bodyOf(document: Json, operation: Json, parameters: readonly Json[]): Operation['body'] {
  const swagger = parameters.find((parameter) => parameter.in === 'body');
  if (swagger) return { schema: objectOrEmpty(swagger.schema), required: swagger.required === true };
  if (operation.requestBody === undefined) return undefined;
  const body = dereference(document, operation.requestBody);
  return { schema: contentSchema(body), required: body.required === true };
}

/** The schema of an OpenAPI 3 `content` (JSON before others), or of a Swagger 2 response. */
export function contentSchema(holder: Json): Json {
  if (!isObject(holder.content)) return objectOrEmpty(holder.schema);
  const kinds = Object.entries(holder.content);
  const [, kind] = kinds.find(([name]) => name.includes('json')) ?? kinds[0] ?? [];
  return isObject(kind) ? objectOrEmpty(kind.schema) : {};
}

function objectOrEmpty(schema: unknown): Json {
  return isObject(schema) ? schema : {};
}

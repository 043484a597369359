import { findOperation } from '../openapiRoutes.ts';
import { isObject, resolveReference, type Json } from '../openapiSchema.ts';

/** Texts for people and links: nothing of them says what is valid. */
const forPeople = new Set(['description', 'summary', 'example', 'examples', 'externalDocs', 'tags', 'title', 'links']);

/** Keywords whose value is a map from names: its members' names are no keywords. */
const maps = new Set(['properties', 'patternProperties', 'responses', 'content', 'headers', 'schemas', 'parameters']);

/** A path of the stand-in (`/repos/:owner/:repo`) with every parameter given, as a request has it; older paths by a repository's id as those by its name, which replaced them. */
export function asRequest(path: string): string {
  return path.replace(/^\/repositories\/:\w+/, '/repos/:owner/:repo').replaceAll(/:[a-zA-Z]+/g, '1');
}

/**
 * The operations of an OpenAPI 3 document that the given routes (`GET /repos/:owner/:repo`) name, with everything that
 * they refer to. Throws for a route that the document does not have.
 */
export function reduced(document: Json, routes: readonly string[]): Json {
  const kept: Record<string, Record<string, unknown>> = {};
  const components: Record<string, Record<string, unknown>> = {};
  const copy = (value: unknown, isMap = false): unknown => {
    if (Array.isArray(value)) return value.map((each) => copy(each));
    if (!isObject(value)) return value;
    if (typeof value.$ref === 'string') keep(value.$ref);
    const members = Object.entries(value).filter(([name]) => isMap || !(forPeople.has(name) || name.startsWith('x-')));
    return Object.fromEntries(members.map(([name, member]) => [name, copy(member, !isMap && maps.has(name))]));
  };
  const keep = (reference: string): void => {
    const [, , kind = '', name = ''] = reference.split('/');
    const group = (components[kind] ??= {});
    if (name in group) return;
    group[name] = {}; // stands in for itself while it is copied: schemas may be circular
    group[name] = copy(resolveReference(document, reference));
  };
  for (const route of routes) {
    const [method = '', path = ''] = route.split(' ');
    const title = findOperation(document, '', method, asRequest(path))?.title;
    const template = title?.slice(method.length + 1);
    const item = isObject(document.paths) && template !== undefined ? document.paths[template] : undefined;
    if (template === undefined || !isObject(item)) throw new Error(`the document has no ${route}`);
    const operation = (kept[template] ??= item.parameters === undefined ? {} : { parameters: copy(item.parameters) });
    operation[method.toLowerCase()] = copy(item[method.toLowerCase()]);
  }
  const { openapi, info, servers } = document;
  const version = isObject(info) ? { title: info.title, version: info.version } : {};
  return { openapi, info: version, servers, paths: sorted(kept), components: sorted(components) };
}

function sorted(map: Readonly<Record<string, Json>>): Json {
  const of = (one: Json) => Object.fromEntries(Object.entries(one).sort(([a], [b]) => a.localeCompare(b)));
  return Object.fromEntries(
    Object.entries(of(map)).map(([name, member]) => [name, isObject(member) ? of(member) : member]),
  );
}

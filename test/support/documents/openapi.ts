import { Ajv, type ValidateFunction } from 'ajv';
import addFormats from 'ajv-formats';
import type { Exchange } from '../../../sandbox/server/serve.ts';
import { contentSchema, findOperation, type Operation } from './openapiRoutes.ts';
import { dereference, isObject, standaloneSchema, type Json } from './openapiSchema.ts';

export interface ValidationOptions {
  /** Path before the document's paths. Default: Swagger's `basePath`, or the path of OpenAPI's first server. */
  readonly basePath?: string;
  /** Error statuses that the vendor gives anywhere without listing them; their bodies are not checked. */
  readonly alsoAnswers?: readonly number[];
}

/**
 * What is wrong with a request and its reply by the vendor's own document (Swagger 2 or OpenAPI 3); empty when nothing is.
 * A request that the stand-in refused (4xx) is not held against the document, one that it accepted is: so the
 * validation also fails when a stand-in accepts what the vendor would not.
 */
export function validateExchange(document: object, exchange: Exchange, options: ValidationOptions = {}): string[] {
  const vendor = document as Json;
  const { request, reply } = exchange;
  const base = options.basePath ?? basePath(vendor);
  const operation = findOperation(vendor, base, request.method, request.path);
  if (!operation) return [`${request.method} ${request.path} is not in the document`];
  const problems = [
    ...(reply.status < 400
      ? [...parameterProblems(vendor, operation, exchange), ...bodyProblems(vendor, operation, exchange)]
      : []),
    ...replyProblems(vendor, operation, exchange, options.alsoAnswers ?? []),
  ];
  return problems.map((problem) => `${operation.title}: ${problem}`);
}

function basePath(document: Json): string {
  if (typeof document.basePath === 'string') return document.basePath;
  const servers: unknown = document.servers;
  const first = Array.isArray(servers) ? (servers[0] as unknown) : undefined;
  const url = isObject(first) && typeof first.url === 'string' ? first.url : '/';
  return url.replace(/^[^/]*\/\/[^/]+/, '').replace(/\/$/, '');
}

function parameterProblems(document: Json, operation: Operation, { request }: Exchange): string[] {
  const problems: string[] = [];
  const known = new Set<string>();
  for (const parameter of operation.parameters) {
    if (parameter.place === 'formData') continue;
    const text = valuesOf(operation, request, parameter.place, parameter.name);
    if (parameter.place === 'query') known.add(parameter.name.replace(/\[\]$/, ''));
    if (text.length === 0) {
      if (parameter.required) problems.push(`${parameter.place} parameter ${parameter.name} is missing`);
      continue;
    }
    const isList = dereference(document, parameter.schema).type === 'array';
    const value = isList ? text.flatMap((one) => one.split(',')) : text[0];
    problems.push(...check(document, parameter.schema, value, `${parameter.place} parameter ${parameter.name}`, true));
  }
  for (const name of new Set(request.query.keys())) {
    if (!known.has(name.replace(/\[\]$/, ''))) problems.push(`query parameter ${name} is not in the document`);
  }
  return problems;
}

function valuesOf(operation: Operation, request: Exchange['request'], place: string, name: string): string[] {
  if (place === 'query') return request.query.getAll(name);
  const value = place === 'path' ? operation.pathValues[name] : request.headers[name.toLowerCase()];
  return value === undefined ? [] : [value];
}

function bodyProblems(document: Json, operation: Operation, { request }: Exchange): string[] {
  if (request.body.length === 0) return operation.body?.required ? ['the request has no body'] : [];
  if (!operation.body) {
    // Clients send `{}` where nothing is asked for.
    return request.body.toString('utf8').trim() === '{}' ? [] : ['the request has a body that is not in the document'];
  }
  const body = request.headers['content-type']?.includes('json')
    ? parse(request.body)
    : request.body.toString('latin1');
  if (body === undefined) return ['the request body is not JSON'];
  return check(document, operation.body.schema, body, 'request body');
}

function replyProblems(
  document: Json,
  operation: Operation,
  { reply }: Exchange,
  alsoAnswers: readonly number[],
): string[] {
  const { responses } = operation;
  const listed =
    responses[String(reply.status)] ?? responses[`${String(reply.status).charAt(0)}XX`] ?? responses.default;
  if (listed === undefined) {
    return alsoAnswers.includes(reply.status) ? [] : [`status ${reply.status} is not in the document`];
  }
  // Netlify lists only one good status an operation and `default` for errors: another good status is a mistake.
  if (reply.status < 400 && listed === responses.default)
    return [`status ${reply.status} is only in the document as an error`];
  const response = dereference(document, listed);
  const schema = contentSchema(response);
  const body = Buffer.isBuffer(reply.body) || typeof reply.body === 'string' ? parse(reply.body) : plain(reply.body);
  if (Object.keys(schema).length === 0) return [];
  if (body === undefined) return [`the reply with status ${reply.status} has no JSON body`];
  return check(document, schema, body, `reply ${reply.status}`);
}

/** As it goes over the wire: without members that are undefined. */
function plain(body: unknown): unknown {
  return body === undefined ? undefined : (JSON.parse(JSON.stringify(body)) as unknown);
}

function parse(body: Buffer | string): unknown {
  try {
    return JSON.parse(body.toString()) as unknown;
  } catch {
    return undefined;
  }
}

/** Compiled once a schema object: documents are large and parsed once. */
const compiled = new WeakMap<Json, ValidateFunction>();
const ajvs = { strict: newAjv(false), coercing: newAjv(true) };

function newAjv(coerceTypes: boolean): Ajv {
  const ajv = new Ajv({ strict: false, allErrors: true, validateSchema: false, logger: false, coerceTypes });
  addFormats.default(ajv);
  ajv.addFormat('dateTime', (text: string) => /^\d{4}-\d\d-\d\dT/.test(text) && !Number.isNaN(Date.parse(text))); // Netlify's spelling
  return ajv;
}

/** `coerce`: parameters arrive as text, whatever their type. */
function check(document: Json, schema: Json, value: unknown, place: string, coerce = false): string[] {
  let validate = compiled.get(schema);
  if (!validate) {
    validate = (coerce ? ajvs.coercing : ajvs.strict).compile(standaloneSchema(document, schema));
    compiled.set(schema, validate);
  }
  if (validate(value)) return [];
  return (validate.errors ?? []).map(({ instancePath, message, params }) => {
    const allowed: unknown = params.allowedValues;
    const hint = Array.isArray(allowed) ? ` (${allowed.join(', ')})` : '';
    return `${place}${instancePath} ${message ?? 'is not valid'}${hint}`;
  });
}

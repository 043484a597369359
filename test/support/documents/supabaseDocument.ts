import { createRequire } from 'node:module';
import { join } from 'node:path';
import ts from 'typescript';
import type { Exchange } from '../../../sandbox/server/serve.ts';
import { validateExchange } from './openapi.ts';
import type { Json } from './openapiSchema.ts';

/**
 * The OpenAPI document of Supabase's Management API. Supabase publishes no package with the document itself, but its own
 * client `supabase-management-js` is generated from it: paths and methods are in its functions, parameters, bodies,
 * answers by status and their constraints (`@minLength`, `@pattern`, …) in its declarations. This turns it back.
 */
function managementDocument(): Json {
  const client = createRequire(join(process.cwd(), 'package.json'))('supabase-management-js') as Record<
    string,
    unknown
  >;
  const file = join(process.cwd(), 'node_modules/supabase-management-js/dist/index.d.ts');
  const options = { noLib: false, types: [], strict: true, exactOptionalPropertyTypes: true };
  const program = ts.createProgram([file], options);
  const checker = program.getTypeChecker();
  const source = program.getSourceFile(file);
  if (!source) throw new Error(`${file} cannot be read`);
  const types = new Map<string, ts.Type>();
  const operations: { name: string; signature: ts.Signature }[] = [];
  for (const statement of source.statements) {
    if (ts.isTypeAliasDeclaration(statement)) types.set(statement.name.text, checker.getTypeAtLocation(statement));
    if (!ts.isVariableStatement(statement)) continue;
    for (const { name } of statement.declarationList.declarations) {
      const [signature] = checker.getTypeAtLocation(name).getCallSignatures();
      if (signature && /^v1[A-Z]/.test(name.getText())) operations.push({ name: name.getText(), signature });
    }
  }
  const paths: Record<string, Record<string, Json>> = {};
  for (const { name, signature } of operations) {
    const url = client[`getV1${name.slice(2)}Url`];
    const call = client[name];
    if (typeof url !== 'function' || typeof call !== 'function') continue;
    const given = signature.parameters.map((parameter) => ({
      name: parameter.name,
      optional: (parameter.valueDeclaration as ts.ParameterDeclaration).questionToken !== undefined,
      type: checker.getTypeOfSymbol(parameter),
    }));
    const inPath = given.filter(({ type }) => (type.flags & ts.TypeFlags.String) !== 0);
    const query = given.find(({ name: each }) => each === 'params');
    const body = given.find((each) => !inPath.includes(each) && each !== query && each.name !== 'options');
    const path = (url as (...args: string[]) => string)(...inPath.map((each) => `{${each.name}}`));
    const method = /method: "(\w+)"/.exec((call as () => unknown).toString())?.[1] ?? 'GET';
    const of = (type: ts.Type) => schemaOf(checker, checker.getNonNullableType(type));
    const named = query ? checker.getNonNullableType(query.type).getProperties() : [];
    (paths[path] ??= {})[method.toLowerCase()] = {
      operationId: name,
      parameters: [
        ...inPath.map((each) => ({ name: each.name, in: 'path', required: true, schema: { type: 'string' } })),
        ...named.map((each) => ({
          name: each.name,
          in: 'query',
          required: !isOptional(each),
          schema: of(checker.getTypeOfSymbol(each)),
        })),
      ],
      ...(body && {
        requestBody: { required: !body.optional, content: { 'application/json': { schema: of(body.type) } } },
      }),
      responses: responsesOf(checker, types, name),
    };
  }
  // Newer than the package's last version: Supabase's reference gives it the parameters and answers of the one that it replaces.
  const logs = '/v1/projects/{ref}/analytics/endpoints/logs';
  const replaced = paths[`${logs}.all`];
  if (replaced === undefined) throw new Error('the description of Supabase’s log queries is not where it was');
  paths[logs] ??= replaced;
  return { openapi: '3.0.0', servers: [{ url: '/' }], paths };
}

/** By status: the declared answers, `type v1XResponse200 = { data: …; status: 200 }`. */
function responsesOf(checker: ts.TypeChecker, types: ReadonlyMap<string, ts.Type>, name: string): Json {
  const found = [...types].flatMap(([type, declared]) => {
    const status = new RegExp(`^${name}Response(\\d{3})$`).exec(type)?.[1];
    const data = declared.getProperty('data');
    if (status === undefined || !data) return [];
    const answer = checker.getTypeOfSymbol(data);
    const empty = (answer.flags & (ts.TypeFlags.Void | ts.TypeFlags.Unknown)) !== 0;
    return [[status, empty ? {} : { content: { 'application/json': { schema: schemaOf(checker, answer) } } }] as const];
  });
  return Object.fromEntries(found);
}

function isOptional(symbol: ts.Symbol): boolean {
  return (symbol.flags & ts.SymbolFlags.Optional) !== 0;
}

function schemaOf(checker: ts.TypeChecker, type: ts.Type): Json {
  if (type.flags & (ts.TypeFlags.Any | ts.TypeFlags.Unknown)) return {};
  if (type.flags & ts.TypeFlags.Null) return { type: 'null' };
  if (type.isStringLiteral() || type.isNumberLiteral()) return { enum: [type.value] };
  // Before unions: it is one of its two literals.
  if (type.flags & ts.TypeFlags.Boolean) return { type: 'boolean' };
  if (type.flags & ts.TypeFlags.BooleanLiteral) return { enum: [checker.typeToString(type) === 'true'] };
  if (type.isUnion()) {
    return {
      anyOf: type.types
        .filter(({ flags }) => (flags & ts.TypeFlags.Undefined) === 0)
        .map((each) => schemaOf(checker, each)),
    };
  }
  if (type.flags & ts.TypeFlags.String) return { type: 'string' };
  if (type.flags & ts.TypeFlags.Number) return { type: 'number' };
  if (checker.isArrayType(type)) {
    const [item] = checker.getTypeArguments(type as ts.TypeReference);
    return { type: 'array', items: item ? schemaOf(checker, item) : {} };
  }
  const properties = type.getProperties();
  return {
    type: 'object',
    required: properties.filter((each) => !isOptional(each)).map(({ name }) => name),
    properties: Object.fromEntries(
      properties.map((each) => [
        each.name,
        { ...schemaOf(checker, checker.getTypeOfSymbol(each)), ...constraints(checker, each) },
      ]),
    ),
    // What the declaration says by an index signature, `{ [key: string]: … }`.
    ...(checker.getIndexInfosOfType(type).length === 0 && { additionalProperties: false }),
  };
}

const numbers = ['minLength', 'maxLength', 'minimum', 'maximum', 'minItems', 'maxItems'];

/** The document's rules for a value, which the declaration has as tags of its comment. */
function constraints(checker: ts.TypeChecker, symbol: ts.Symbol): Json {
  const rules: Record<string, unknown> = {};
  for (const { name, text } of symbol.getJsDocTags(checker)) {
    const value = ts.displayPartsToString(text).trim();
    if (numbers.includes(name)) rules[name] = Number(value);
    if (name === 'exclusiveMinimum') rules.exclusiveMinimum = Number(value);
    if (name === 'pattern') rules.pattern = value;
  }
  return rules;
}

let document: Json | undefined;

/** What is wrong with an exchange by the Management API's document; empty when nothing is. */
export function managementProblems(exchange: Exchange): string[] {
  document ??= managementDocument();
  return validateExchange(document, exchange, { alsoAnswers: [400, 401, 403, 404, 409, 429, 500] });
}

import { describe, expect, it } from '@jest/globals';
import netlify from '@netlify/open-api';
import type { Exchange } from '../../../sandbox/server/serve.ts';
import { validateExchange } from './openapi.ts';

interface Sketch {
  readonly path: string;
  readonly method?: string;
  readonly query?: string;
  readonly send?: unknown;
  readonly status?: number;
  readonly answer?: unknown;
}

function exchange({ path, method = 'GET', query = '', send, status = 200, answer }: Sketch): Exchange {
  return {
    service: 'vendor',
    request: {
      method,
      path,
      query: new URLSearchParams(query),
      headers: send === undefined ? {} : { 'content-type': 'application/json' },
      body: Buffer.from(send === undefined ? '' : JSON.stringify(send)),
    },
    reply: { status, body: answer },
  };
}

const thing = {
  type: 'object',
  required: ['name'],
  properties: {
    name: { type: 'string' },
    id: { type: 'integer' },
    note: { type: 'string', nullable: true },
    parent: { $ref: '#/components/schemas/thing' },
    size: { type: 'number', minimum: 0, exclusiveMinimum: true },
  },
};

const openapi3 = {
  openapi: '3.0.3',
  servers: [{ url: '{protocol}://{hostname}/api/v3' }],
  paths: {
    '/things/{id}': {
      get: {
        parameters: [
          { name: 'id', in: 'path', required: true, schema: { type: 'integer' } },
          { $ref: '#/components/parameters/kind' },
          { name: 'tags', in: 'query', schema: { type: 'array', items: { type: 'string', enum: ['a', 'b'] } } },
        ],
        responses: {
          '200': { content: { 'application/json': { schema: { $ref: '#/components/schemas/thing' } } } },
          '404': { $ref: '#/components/responses/missing' },
          '204': { description: 'nothing' },
        },
      },
      put: {
        requestBody: {
          required: true,
          content: { 'application/json': { schema: { $ref: '#/components/schemas/thing' } } },
        },
        responses: { '2XX': { description: 'done' } },
      },
    },
    '/things/special': { get: { responses: { '204': { description: 'nothing' } } } },
    '/files/{path}': { get: { responses: { '204': { description: 'nothing' } } } },
  },
  components: {
    schemas: { thing },
    parameters: { kind: { name: 'kind', in: 'query', required: true, schema: { type: 'string', enum: ['x', 'y'] } } },
    responses: { missing: { content: { 'application/json': { schema: { type: 'object', required: ['message'] } } } } },
  },
};

const good = { path: '/api/v3/things/1', query: 'kind=x', answer: { name: 'one' } };
const check = (sketch: Sketch) => validateExchange(openapi3, exchange(sketch));

describe('an exchange by an OpenAPI 3 document', () => {
  it('is fine when it meets the document', () => {
    expect(check(good)).toEqual([]);
    expect(check({ ...good, query: 'kind=x&tags=a,b' })).toEqual([]);
    expect(check({ ...good, answer: { name: 'one', id: 1, note: null, parent: { name: 'two', note: 'x' } } })).toEqual(
      [],
    );
  });

  it('names a path or method that the document does not have', () => {
    expect(check({ ...good, path: '/api/v3/nothing' })).toEqual(['GET /api/v3/nothing is not in the document']);
    expect(check({ ...good, method: 'DELETE' })).toEqual(['DELETE /api/v3/things/1 is not in the document']);
  });

  it('prefers a literal path, and lets file paths span segments', () => {
    expect(check({ path: '/api/v3/things/special', status: 204 })).toEqual([]);
    expect(check({ path: '/api/v3/files/a/b/c.txt', status: 204 })).toEqual([]);
  });

  it.each([
    ['missing', '', ['GET /things/{id}: query parameter kind is missing']],
    [
      'outside its values',
      'kind=z',
      ['GET /things/{id}: query parameter kind must be equal to one of the allowed values (x, y)'],
    ],
    ['unknown', 'kind=x&other=1', ['GET /things/{id}: query parameter other is not in the document']],
    [
      'a list with a wrong member',
      'kind=x&tags=a,c',
      ['GET /things/{id}: query parameter tags/1 must be equal to one of the allowed values (a, b)'],
    ],
  ])('finds a query parameter that is %s', (_, query, problems) => {
    expect(check({ ...good, query })).toEqual(problems);
  });

  it('finds a path parameter of the wrong type', () => {
    expect(check({ ...good, path: '/api/v3/things/one' })).toEqual([
      'GET /things/{id}: path parameter id must be integer',
    ]);
  });

  it.each([
    ['lacks a member', {}, "reply 200 must have required property 'name'"],
    ['has a wrong type deep inside', { name: 'x', parent: { name: 1 } }, 'reply 200/parent/name must be string'],
    ['has null where it may not', { name: null }, 'reply 200/name must be string'],
    ['breaks an exclusive limit', { name: 'x', size: 0 }, 'reply 200/size must be > 0'],
    ['is missing', undefined, 'the reply with status 200 has no JSON body'],
  ])('finds a reply that %s', (_, answer, problem) => {
    expect(check({ ...good, answer })).toEqual([`GET /things/{id}: ${problem}`]);
  });

  it('finds a status that the document does not list, unless it is allowed everywhere', () => {
    expect(check({ ...good, status: 401 })).toEqual(['GET /things/{id}: status 401 is not in the document']);
    expect(validateExchange(openapi3, exchange({ ...good, status: 401 }), { alsoAnswers: [401] })).toEqual([]);
  });

  it('checks the body of a listed error, and not the request that was refused', () => {
    expect(check({ path: good.path, status: 404, answer: { message: 'gone' } })).toEqual([]);
    expect(check({ path: good.path, status: 404, answer: {} })).toEqual([
      "GET /things/{id}: reply 404 must have required property 'message'",
    ]);
  });

  it('checks the request body of an accepted request', () => {
    const put = { path: '/api/v3/things/1', method: 'PUT', status: 200 };
    expect(check({ ...put, send: { name: 'x' } })).toEqual([]);
    expect(check({ ...put, send: { name: 1 } })).toEqual(['PUT /things/{id}: request body/name must be string']);
    expect(check(put)).toEqual(['PUT /things/{id}: the request has no body']);
  });

  it('takes another base path', () => {
    expect(validateExchange(openapi3, exchange({ ...good, path: '/things/1' }), { basePath: '' })).toEqual([]);
  });
});

describe("an exchange by Netlify's document (Swagger 2)", () => {
  const variable = { key: 'A', scopes: ['builds'], values: [{ context: 'branch', context_parameter: 'x', value: '' }] };
  const path = '/api/v1/accounts/team/env';
  const netlifyProblems = (sketch: Sketch) => validateExchange(netlify, exchange(sketch));

  it('is fine when it meets the document', () => {
    expect(netlifyProblems({ path, query: 'context_name=dev&site_id=1', answer: [variable] })).toEqual([]);
    expect(netlifyProblems({ path, method: 'POST', send: [variable], status: 201, answer: [variable] })).toEqual([]);
    expect(netlifyProblems({ path: '/api/v1/sites/1/env', answer: [variable] })).toEqual([]);
    expect(netlifyProblems({ path, status: 409, answer: { code: 409, message: 'exists' } })).toEqual([]);
  });

  it('names what does not', () => {
    expect(netlifyProblems({ path, method: 'POST', send: [{ key: 1 }], status: 200, answer: [] })).toEqual([
      'POST /accounts/{account_id}/env: request body/0/key must be string',
      'POST /accounts/{account_id}/env: status 200 is only in the document as an error',
    ]);
    expect(netlifyProblems({ path, query: 'context_name=staging', answer: [variable] })).toHaveLength(1);
    expect(netlifyProblems({ path, answer: [{ ...variable, updated_at: 'yesterday' }] })).toHaveLength(1);
    expect(netlifyProblems({ path, status: 500, answer: { code: 500 } })).toHaveLength(1);
  });
});

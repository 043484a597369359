import { describe, expect, it } from '@jest/globals';
import { routes } from '../../../sandbox/standIns/github/index.ts';
import { githubDescription } from './githubDocument.ts';
import { asRequest, reduced } from './githubSchema/reduce.ts';
import { findOperation } from './openapiRoutes.ts';

describe('GitHub’s description of what the stand-in serves', () => {
  it.each(Object.keys(routes))('has %s (else: npm run schema:github)', (route) => {
    const [method = '', path = ''] = route.split(' ');
    const responses = findOperation(githubDescription, '', method, asRequest(path))?.responses ?? {};
    expect(Object.keys(responses).filter((status) => status.startsWith('2')).length).toBeGreaterThan(0);
  });
});

describe('a reduced document', () => {
  const item = { $ref: '#/components/schemas/item' };
  const document = {
    openapi: '3.0.3',
    info: { title: 'T', version: '1' },
    paths: {
      '/a/{id}': {
        parameters: [{ name: 'id', in: 'path', required: true, schema: { type: 'string' } }],
        get: {
          description: 'd',
          'x-github': {},
          responses: { 200: { content: { 'application/json': { schema: item } } } },
        },
        put: { responses: { 204: {} } },
      },
      '/b': { get: { responses: { 200: {} } } },
    },
    components: {
      schemas: {
        item: { title: 'Item', properties: { description: { type: 'string', description: 'd' }, child: item } },
        unused: {},
      },
    },
  };

  it('keeps the operations that are named, what they refer to, and no text for people', () => {
    expect(reduced(document, ['GET /a/:id'])).toEqual({
      openapi: '3.0.3',
      info: { title: 'T', version: '1' },
      paths: {
        '/a/{id}': {
          parameters: [{ name: 'id', in: 'path', required: true, schema: { type: 'string' } }],
          get: { responses: { 200: { content: { 'application/json': { schema: item } } } } },
        },
      },
      components: { schemas: { item: { properties: { description: { type: 'string' }, child: item } } } },
    });
  });

  it('is not made for a route that the document does not have', () => {
    expect(() => reduced(document, ['DELETE /a/:id'])).toThrow('the document has no DELETE /a/:id');
  });
});

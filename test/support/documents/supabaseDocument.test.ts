import { expect, it } from '@jest/globals';
import { managementProblems } from './supabaseDocument.ts';

/** What is wrong with a call that answers `reply`. */
function problems(method: string, url: string, body: unknown, status: number, reply?: unknown): string[] {
  const [path = '', query] = url.split('?');
  const text = body === undefined ? '' : JSON.stringify(body);
  const headers = { 'content-type': 'application/json' };
  const request = { method, path, query: new URLSearchParams(query), headers, body: Buffer.from(text) };
  return managementProblems({ service: 'supabaseManagement', request, reply: { status, body: reply } });
}

const branches = '/v1/projects/abc/branches';
const branch = {
  ...{ id: '8a1c2f34-5b6d-4e7f-8091-a2b3c4d5e6f7', name: 'x', project_ref: 'a', parent_project_ref: 'b' },
  ...{ is_default: false, persistent: false, status: 'MIGRATIONS_PASSED', with_data: false },
  ...{ created_at: '2026-01-01T00:00:00Z', updated_at: '2026-01-01T00:00:00Z' },
};

it('takes what the document has', () => {
  expect(problems('GET', branches, undefined, 200, [branch])).toEqual([]);
  expect(problems('POST', branches, { branch_name: 'x' }, 201, branch)).toEqual([]);
  expect(problems('POST', '/v1/projects/abc/database/query', { query: 'select 1' }, 201, [])).toEqual([]);
  expect(problems('GET', '/v1/projects/abc/api-keys?reveal=true', undefined, 200, [{ name: 'default' }])).toEqual([]);
});

it.each([
  ['a path', 'GET', '/v1/nothing', undefined, 200, {}, /is not in the document/],
  ['a method', 'PUT', branches, undefined, 200, {}, /is not in the document/],
  ['a status', 'GET', branches, undefined, 201, [branch], /status 201 is not in the document/],
  ['an empty name', 'POST', branches, { branch_name: '' }, 201, branch, /branch_name must NOT have fewer than 1/],
  ['a word for a truth', 'GET', '/v1/projects/abc/api-keys?reveal=maybe', undefined, 200, [], /reveal must be boolean/],
  [
    'a short name',
    'POST',
    '/v1/projects/abc/api-keys',
    { name: 'x', type: 'secret' },
    201,
    { name: 'x' },
    /fewer than 4/,
  ],
  [
    'a reserved name',
    'POST',
    '/v1/projects/abc/secrets',
    [{ name: 'SUPABASE_X', value: '' }],
    201,
    undefined,
    /pattern/,
  ],
  ['no body', 'POST', branches, undefined, 201, branch, /has no body/],
  ['an unknown member', 'POST', branches, { branch_name: 'x', mine: 1 }, 201, branch, /additional properties/],
  ['a missing member', 'GET', branches, undefined, 200, [{ ...branch, name: undefined }], /property 'name'/],
  ['a wrong word', 'GET', branches, undefined, 200, [{ ...branch, status: 'FINE' }], /status must/],
  [
    'a past before 1970',
    'POST',
    '/v1/projects/abc/database/backups/restore-pitr',
    { recovery_time_target_unix: -1 },
    201,
    undefined,
    />= 0/,
  ],
] as const)('does not take %s that it has not', (_, method, path, body, status, reply, words) => {
  expect(problems(method, path, body, status, reply).join('\n')).toMatch(words);
});

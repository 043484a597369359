import { expect, test } from '@jest/globals';
import { writesOf } from '../../components/auditHook.ts';

const netlify = 'netlify:index/environmentVariable:EnvironmentVariable';
const inputs = (values: Record<string, string>) => ({
  key: 'SUPABASE_URL',
  values: Object.entries(values).map(([branch, value]) => ({ context: 'branch', contextParameter: branch, value })),
});

test('of a Netlify key the contexts are told whose value is new', () => {
  const before = inputs({ develop: 'a', staging: 'a' });
  expect(
    writesOf({
      type: netlify,
      name: 'netlify-SUPABASE_URL',
      inputs: inputs({ develop: 'a', staging: 'b', 'feat/x': 'a' }),
      before,
    }),
  ).toEqual([
    { place: 'netlify', name: 'SUPABASE_URL', in: 'branch:staging', value: 'b' },
    { place: 'netlify', name: 'SUPABASE_URL', in: 'branch:feat/x', value: 'a' },
  ]);
});

test('a new key is told with every context', () => {
  const secret = { key: 'K', secretValues: [{ context: 'production', value: 'a' }] };
  expect(writesOf({ type: netlify, name: 'netlify-K', inputs: secret, before: undefined })).toEqual([
    { place: 'netlify', name: 'K', in: 'production', value: 'a' },
  ]);
});

test.each([
  [
    'github:index/actionsSecret:ActionsSecret',
    { secretName: 'A', value: 'a' },
    { place: 'actionsSecret', name: 'A', value: 'a' },
  ],
  [
    'github:index/actionsEnvironmentSecret:ActionsEnvironmentSecret',
    { secretName: 'A', environment: 'staging', value: 'a' },
    { place: 'actionsSecret', name: 'A', in: 'staging', value: 'a' },
  ],
  [
    'github:index/actionsVariable:ActionsVariable',
    { variableName: 'V', value: 'v' },
    { place: 'actionsVariable', name: 'V', value: 'v' },
  ],
  [
    'supabase:index/edgeFunctionSecrets:EdgeFunctionSecrets',
    { secrets: [{ name: 'E', value: 'e' }] },
    { place: 'edgeFunction', name: 'E', value: 'e' },
  ],
  ['github:index/repositoryRuleset:RepositoryRuleset', { name: 'x' }, { place: 'RepositoryRuleset', name: 'logical' }],
])('%s is told by its place', (type, given, expected) => {
  expect(writesOf({ type, name: 'logical', inputs: given, before: undefined })).toEqual([expected]);
});

import { describe, expect, it } from '@jest/globals';
import { rawSecretInInput } from '../../../policies/secrets/rawSecretInInput.ts';
import { serviceRoleInItsPlace as policy } from '../../../policies/staging/serviceRoleInItsPlace.ts';
import { anonKey } from '../../detection/corpus/kinds.ts';
import { made, random } from '../support/made.ts';
import { resourceViolations, unknown } from '../support/run.ts';
import { both, secret, variable } from '../support/staging.ts';

const legacy = { service: () => made('Supabase service_role key'), anon: () => anonKey(random) };
const current = { service: () => made('Supabase secret key'), anon: () => `sb_publishable_${random.base62(31)}` };

describe('service-role-key-in-its-place', () => {
  it.each([legacy, current])('accepts each key in its place', async ({ service, anon }) => {
    await expect(resourceViolations(policy, variable('SUPABASE_ANON_KEY', both(anon())))).resolves.toEqual([]);
    await expect(
      resourceViolations(policy, variable('SUPABASE_SERVICE_ROLE_KEY', both(service()), true)),
    ).resolves.toEqual([]);
  });

  it.each([legacy, current])('finds the service-role key where the anon key belongs', async ({ service, anon }) => {
    const given = variable('VITE_SUPABASE_ANON_KEY', { 'branch:staging': anon(), 'branch:develop': service() });
    await expect(resourceViolations(policy, given)).resolves.toEqual([
      'VITE_SUPABASE_ANON_KEY on Netlify (branch:develop) holds the service-role key, but only the anon key belongs there. Correct its reference.',
    ]);
  });

  it.each([legacy, current])('finds the anon key where the service-role key belongs', async ({ anon }) => {
    await expect(resourceViolations(policy, secret('SUPABASE_SERVICE_ROLE_KEY', anon()))).resolves.toEqual([
      'SUPABASE_SERVICE_ROLE_KEY on GitHub (repository) holds the anon key instead of the service-role key. Correct its reference.',
    ]);
  });

  it.each(
    ['actionsSecret', 'actionsEnvironmentSecret', 'actionsOrganizationSecret', 'dependabotSecret', 'codespacesSecret']
      .concat(['actionsVariable', 'actionsEnvironmentVariable'])
      .flatMap((kind) =>
        ['value', ...(kind.endsWith('Secret') ? ['plaintextValue'] : [])].map((input) => [kind, input]),
      ),
  )('reads a GitHub %s by its input %s', async (kind = '', input = '') => {
    const type = `github:index/${kind}:${kind.charAt(0).toUpperCase()}${kind.slice(1)}`;
    const name = kind.endsWith('Secret') ? 'secretName' : 'variableName';
    const props = { repository: 'app', [name]: 'SUPABASE_ANON_KEY', [input]: made('Supabase secret key') };
    await expect(resourceViolations(policy, { type, props })).resolves.toEqual([
      'SUPABASE_ANON_KEY on GitHub (repository) holds the service-role key, but only the anon key belongs there. Correct its reference.',
    ]);
    await expect(resourceViolations(rawSecretInInput, { type, props })).resolves.toHaveLength(
      kind.endsWith('Secret') ? 0 : 1,
    );
  });

  it('accepts unknown values, wrong types and other values', async () => {
    await expect(
      resourceViolations(policy, variable('SUPABASE_ANON_KEY', { production: unknown, all: 5, dev: 'x' })),
    ).resolves.toEqual([]);
    await expect(
      resourceViolations(policy, variable('SUPABASE_SERVICE_ROLE_KEY', { production: made('signed session token') })),
    ).resolves.toEqual([]);
  });
});

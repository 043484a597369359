import { describe, expect, it } from '@jest/globals';
import { Secret } from '@pulumi/policy';
import { browserVariable } from '../../../policies/secrets/browserVariable.ts';
import { sensitiveVariable } from '../../../policies/secrets/sensitiveVariable.ts';
import { anonKey } from '../../detection/corpus/kinds.ts';
import { made, random, shapeless } from '../support/made.ts';
import { resourceViolations, unknown, type Given } from '../support/run.ts';

const netlify = (key: unknown, list: 'values' | 'secretValues', ...values: unknown[]): Given => ({
  type: 'netlify:index/environmentVariable:EnvironmentVariable',
  props: {
    key,
    [list]: values.map((value, i) => ({ context: 'branch', contextParameter: ['develop', 'staging'][i], value })),
  },
});

describe('sensitive-variable-is-secret', () => {
  const policy = sensitiveVariable;

  it('accepts sensitive variables as secret ones, and others as plain ones', async () => {
    await expect(resourceViolations(policy, netlify('OPENAI_API_KEY', 'secretValues', shapeless()))).resolves.toEqual(
      [],
    );
    await expect(resourceViolations(policy, netlify('SUPABASE_ANON_KEY', 'values', anonKey(random)))).resolves.toEqual(
      [],
    );
    await expect(
      resourceViolations(policy, netlify('SUPABASE_URL', 'values', 'https://acme.supabase.co')),
    ).resolves.toEqual([]);
  });

  it('finds a sensitive name once for all contexts, known or not, marked or not', async () => {
    const expected = [
      'SUPABASE_SERVICE_ROLE_KEY is sensitive by its name, but is a plain variable on Netlify. Declare it as a secret one.',
    ];
    await expect(
      resourceViolations(policy, netlify('SUPABASE_SERVICE_ROLE_KEY', 'values', new Secret('x'), unknown)),
    ).resolves.toEqual(expected);
  });

  it('finds a sensitive value under a harmless name', async () => {
    await expect(
      resourceViolations(policy, netlify('GREETING', 'values', made('Supabase access token'))),
    ).resolves.toEqual([
      'GREETING holds a Supabase access token (manages every project of its owner), but is a plain variable on Netlify. Declare it as a secret one.',
    ]);
  });

  it('finds a plain variable of GitHub', async () => {
    const given = {
      type: 'github:index/actionsVariable:ActionsVariable',
      props: { variableName: 'NPM_TOKEN', value: 'x' },
    };
    await expect(resourceViolations(policy, given)).resolves.toEqual([
      'NPM_TOKEN is sensitive by its name, but is a plain variable on GitHub. Declare it as a secret one.',
    ]);
  });

  it('accepts wrong types and unknown values', async () => {
    await expect(resourceViolations(policy, netlify(5, 'values', 7))).resolves.toEqual([]);
    await expect(resourceViolations(policy, netlify(unknown, 'values', unknown))).resolves.toEqual([]);
    await expect(
      resourceViolations(policy, { type: 'acme:index:Site', props: { key: 'API_KEY', values: 'x' } }),
    ).resolves.toEqual([]);
  });
});

describe('no-secret-in-browser-variable', () => {
  const policy = browserVariable;

  it('accepts what is made for browsers', async () => {
    await expect(
      resourceViolations(policy, netlify('VITE_SUPABASE_ANON_KEY', 'values', anonKey(random))),
    ).resolves.toEqual([]);
    await expect(resourceViolations(policy, netlify('VITE_RUNTIME_ENV', 'values', 'staging'))).resolves.toEqual([]);
    await expect(
      resourceViolations(policy, {
        ...netlify('VITE_MAP_TOKEN', 'values', 'x'),
        config: { publishable: ['VITE_MAP_TOKEN'] },
      }),
    ).resolves.toEqual([]);
  });

  it.each(['VITE', 'PUBLIC', 'NEXT_PUBLIC', 'REACT_APP', 'EXPO_PUBLIC', 'NUXT_PUBLIC', 'GATSBY', 'VUE_APP'])(
    'finds a sensitive name under %s_',
    async (prefix) => {
      const name = `${prefix}_STRIPE_SECRET_KEY`;
      await expect(resourceViolations(policy, netlify(name, 'secretValues', unknown))).resolves.toEqual([
        `${name} is sensitive by its name, and ${prefix}_ would send it to every browser. Drop the prefix.`,
      ]);
    },
  );

  it('finds a sensitive value, in other resources too', async () => {
    const given = {
      type: 'acme:index:Site',
      props: { environment: { VITE_SUPABASE_KEY_2: made('Supabase service_role key') } },
    };
    await expect(resourceViolations(policy, given)).resolves.toEqual([
      'VITE_SUPABASE_KEY_2 holds a Supabase service_role key (full access past row-level security), and VITE_ would send it to every browser. Drop the prefix.',
    ]);
  });

  it('accepts wrong types', async () => {
    await expect(
      resourceViolations(policy, { type: 'a:b:C', props: { VITE_A: 1, VITE_B: null, VITE_C: [] } }),
    ).resolves.toEqual([]);
  });
});

import { afterEach, describe, expect, it } from '@jest/globals';
import { requiredVariables as policy } from '../../../policies/staging/requiredVariables.ts';
import { enterProgram } from '../support/program.ts';
import { NotApplicable, stackViolations, unknown } from '../support/run.ts';
import { both, keyed, secret, variable } from '../support/staging.ts';

let leave: () => void = () => undefined;
afterEach(() => leave());

const sound = [
  variable('SUPABASE_URL', both('https://acme.supabase.co')),
  variable('SUPABASE_ANON_KEY', both(unknown)),
  variable('SUPABASE_SERVICE_ROLE_KEY', both(unknown), true),
  variable('SUPABASE_ACCESS_TOKEN', both('x'), true),
  variable('DEFAULT_ORGANIZATION_ID', both('x')),
  secret('NETLIFY_AUTH_TOKEN', 'x'),
  secret('NETLIFY_STAGING_SITE_ID', 'x'),
];
const without = (name: string) => sound.filter((given) => !given.name?.endsWith(name));

describe('required-variables', () => {
  it('accepts all of the playbook’s variables in both contexts, known or not', async () => {
    ({ leave } = enterProgram(keyed()));
    await expect(stackViolations(policy, sound)).resolves.toEqual([]);
  });

  it('finds a variable that is missing altogether', async () => {
    ({ leave } = enterProgram(keyed()));
    await expect(stackViolations(policy, without('SUPABASE_URL'))).resolves.toEqual([
      'SUPABASE_URL is missing on Netlify (branch:staging). Declare it under values, in the place netlify.',
      'SUPABASE_URL is missing on Netlify (branch:develop). Declare it under values, in the place netlify.',
    ]);
  });

  it('finds a variable that is missing in one context, and a secret that is missing', async () => {
    ({ leave } = enterProgram(keyed()));
    const resources = [
      ...without('SUPABASE_URL').filter(({ name }) => name !== 'github-NETLIFY_AUTH_TOKEN'),
      variable('SUPABASE_URL', { 'branch:staging': 'x', production: 'x' }),
    ];
    await expect(stackViolations(policy, resources)).resolves.toEqual([
      'SUPABASE_URL is missing on Netlify (branch:develop). Declare it under values, in the place netlify.',
      'NETLIFY_AUTH_TOKEN is missing on GitHub (repository). Declare it under values, in the place actionsSecret.',
    ]);
  });

  it('finds an empty value', async () => {
    ({ leave } = enterProgram(keyed()));
    const resources = [
      ...without('SUPABASE_URL'),
      variable('SUPABASE_URL', { 'branch:staging': 'x', 'branch:develop': ' ' }),
    ];
    await expect(stackViolations(policy, resources)).resolves.toEqual([
      'SUPABASE_URL is empty on Netlify (branch:develop). Fill its field in 1Password.',
    ]);
  });

  it.each([
    ['SUPABASE_ANON_KEY', 'SUPABASE_PUBLISHABLE_KEY'],
    ['SUPABASE_SERVICE_ROLE_KEY', 'SUPABASE_SECRET_KEY'],
  ])('accepts %s by its name of the new generation, and names both when neither is there', async (legacy, name) => {
    ({ leave } = enterProgram(keyed()));
    await expect(stackViolations(policy, [...without(legacy), variable(name, both('x'))])).resolves.toEqual([]);
    await expect(stackViolations(policy, without(legacy))).resolves.toContain(
      `${legacy} or ${name} is missing on Netlify (branch:staging). Declare it under values, in the place netlify.`,
    );
    const named = { variables: [legacy], secrets: [] };
    await expect(stackViolations(policy, [variable(name, both('x'))], named)).resolves.toContain(
      `${legacy} is missing on Netlify (branch:staging). Declare it under values, in the place netlify.`,
    );
  });

  it('takes other requirements by configuration', async () => {
    ({ leave } = enterProgram({}));
    await expect(
      stackViolations(policy, [variable('A', { production: 'x' })], {
        variables: ['A', 'B'],
        contexts: ['production'],
        secrets: [],
      }),
    ).resolves.toEqual(['B is missing on Netlify (production). Declare it under values, in the place netlify.']);
  });

  it('does not apply to a program without variables, and does not take a wrong type for a value', async () => {
    ({ leave } = enterProgram({}));
    await expect(stackViolations(policy, [{ type: 'acme:index:Site', props: {} }])).rejects.toThrow(NotApplicable);
    leave();
    ({ leave } = enterProgram(keyed()));
    await expect(
      stackViolations(policy, [
        ...without('SUPABASE_URL'),
        { ...variable('SUPABASE_URL', {}), props: { key: 'SUPABASE_URL', values: 'x' } },
      ]),
    ).resolves.toHaveLength(2);
  });
});

import { beforeEach, describe, expect, it } from '@jest/globals';
import { Secret } from '@pulumi/policy';
import { rawSecretInInput as policy } from '../../../policies/secrets/rawSecretInInput.ts';
import { forgetMarked } from '../../../policies/shared/markedSecrets.ts';
import { made, shapeless } from '../support/made.ts';
import { resourceViolations, unknown } from '../support/run.ts';

const advice = 'Pass it as pulumi.secret(…), taken from op://vault/item/field.';

beforeEach(forgetMarked);

describe('no-raw-secret-in-input', () => {
  it('accepts inputs without secrets, references, and publishable keys', async () => {
    const props = { branch: 'develop', reference: 'op://Platform/Supabase/key', tags: ['a', 'b'], size: 3 };
    await expect(resourceViolations(policy, { type: 'acme:index:Site', props })).resolves.toEqual([]);
  });

  it('finds a secret by its value, wherever it stands', async () => {
    const props = { notes: { text: ['fine', `key: ${made('Supabase secret key')}`] } };
    await expect(resourceViolations(policy, { type: 'acme:index:Site', props })).resolves.toEqual([
      `Input notes.text[1] holds a Supabase secret key (full access past row-level security). ${advice}`,
    ]);
  });

  it('finds a secret in base64', async () => {
    const props = { userData: Buffer.from(`TOKEN=${made('GitHub classic token')}`).toString('base64') };
    await expect(resourceViolations(policy, { type: 'acme:index:Site', props })).resolves.toEqual([
      `Input userData holds a GitHub token, in base64. ${advice}`,
    ]);
  });

  it('finds a value without a shape by its name, beside it or its own', async () => {
    const props = { apiKey: shapeless(), env: [{ name: 'SESSION_SECRET', value: shapeless() }] };
    await expect(resourceViolations(policy, { type: 'acme:index:Site', props })).resolves.toEqual([
      `Input apiKey holds a high-entropy value under a sensitive name. ${advice}`,
      `Input env[0].value holds a high-entropy value under a sensitive name. ${advice}`,
    ]);
  });

  it('accepts what the program marks as secret, and nothing beside it', async () => {
    const props = {
      apiKey: new Secret(shapeless()),
      nested: new Secret({ token: made('npm token') }),
      password: made('npm token'),
    };
    await expect(resourceViolations(policy, { type: 'acme:index:Site', props })).resolves.toEqual([
      `Input password holds a token of a package registry. ${advice}`,
    ]);
  });

  it('accepts inputs that are made for secrets, known ones and configured ones', async () => {
    const value = made('Netlify token');
    const github = {
      type: 'github:index/actionsSecret:ActionsSecret',
      props: { secretName: 'NETLIFY_AUTH_TOKEN', plaintextValue: value },
    };
    await expect(resourceViolations(policy, github)).resolves.toEqual([]);
    const own = { type: 'acme:index:Vault', props: { entries: { a: value } } };
    await expect(resourceViolations(policy, own)).resolves.toEqual([
      expect.stringMatching(/^Input entries\.a holds a Netlify /),
    ]);
    const config = { secretInputs: [{ type: 'acme:index:Vault', property: 'entries.*' }] };
    await expect(resourceViolations(policy, { ...own, config })).resolves.toEqual([]);
  });

  it('accepts values of the wrong type', async () => {
    const props = { apiKey: 42, password: null, token: { nested: true }, secret: [] };
    await expect(resourceViolations(policy, { type: 'acme:index:Site', props })).resolves.toEqual([]);
  });

  it('judges what is known when something else is unknown', async () => {
    const props = { apiKey: unknown, list: [{ token: unknown }], text: made('Pulumi token') };
    await expect(resourceViolations(policy, { type: 'acme:index:Site', props })).resolves.toEqual([
      `Input text holds a Pulumi Cloud access token. ${advice}`,
    ]);
  });

  it('masks a secret that is the name of an input', async () => {
    const name = made('GitHub classic token');
    const [message = ''] = await resourceViolations(policy, {
      type: 'acme:index:Site',
      props: { [name]: made('npm token') },
    });
    expect(message).toBe(`Input **** holds a token of a package registry. ${advice}`);
  });
});

import { afterEach, describe, expect, it } from '@jest/globals';
import { rawSecretInConfiguration } from '../../../policies/secrets/rawSecretInConfiguration.ts';
import { forgetScan, secretInCommittedFile } from '../../../policies/secrets/secretInCommittedFile.ts';
import { secretInId, secretInName } from '../../../policies/secrets/secretInName.ts';
import { secretInOutput } from '../../../policies/secrets/secretInOutput.ts';
import { anonKey } from '../../detection/corpus/kinds.ts';
import { made, random, shapeless } from '../support/made.ts';
import { enterProgram } from '../support/program.ts';
import { resourceViolations, stackViolations, unknown } from '../support/run.ts';

let leave: () => void = () => undefined;
afterEach(() => {
  leave();
  leave = () => undefined;
});

describe('no-raw-secret-in-configuration', () => {
  const policy = rawSecretInConfiguration;

  it('accepts references, plain settings, publishable keys and encrypted values', async () => {
    ({ leave } = enterProgram(
      {
        'app:token': 'op://Platform/GitHub/token',
        'github:owner': 'acme',
        'app:anon': anonKey(random),
        'app:apiKey': shapeless(),
        'app:db': { password: shapeless() },
      },
      {
        'Pulumi.staging.yaml':
          'config:\n  app:apiKey:\n    secure: AAAB\n  app:db:\n    password:\n      secure: AAAB\n',
      },
    ));
    await expect(stackViolations(policy, [])).resolves.toEqual([]);
  });

  it('finds a secret by value and by name, in nested settings too', async () => {
    ({ leave } = enterProgram({
      'github:token': made('GitHub classic token'),
      'app:apiKey': shapeless(),
      'app:values': {
        STRIPE_SECRET_KEY: { value: shapeless(), netlify: true },
        A: { from: 'op://a/b/c', production: made('Stripe live key'), netlify: true },
        DB_PASSWORD: { from: 'op://a/b/c', netlify: [{ otherContexts: { 'branch:release/1.2': shapeless() } }] },
      },
      'app:token': { default: shapeless() },
    }));
    await expect(stackViolations(policy, [])).resolves.toEqual([
      'Configuration github:token holds a GitHub token. Write op://vault/item/field in its place.',
      'Configuration app:apiKey holds a high-entropy value under a sensitive name. Write op://vault/item/field in its place.',
      'Configuration app:values.STRIPE_SECRET_KEY.value holds a high-entropy value under a sensitive name. Write op://vault/item/field in its place.',
      'Configuration app:values.A.production holds a token of a hosted service, known by its prefix. Write op://vault/item/field in its place.',
      'Configuration app:values.DB_PASSWORD.netlify[0].otherContexts.branch:release/1.2 holds a high-entropy value under a sensitive name. Write op://vault/item/field in its place.',
      'Configuration app:token.default holds a high-entropy value under a sensitive name. Write op://vault/item/field in its place.',
    ]);
  });

  it('accepts values of the wrong type', async () => {
    ({ leave } = enterProgram({ 'app:token': 5, 'app:secret': null, 'app:list': [true], 'app:broken': '{not json' }));
    await expect(stackViolations(policy, [])).resolves.toEqual([]);
  });
});

describe('no-secret-in-output', () => {
  const policy = secretInOutput;
  const stack = (props: Record<string, unknown>) => ({ type: 'pulumi:pulumi:Stack', props });

  it('accepts facts, references and fingerprints, and what a provider keeps', async () => {
    const resources = [
      stack({ url: 'https://acme.dev', reference: 'op://a/b/c', tokenFingerprint: random.hex(32) }),
      { type: 'acme:index:Site', provider: true, props: { token: made('npm token') } },
    ];
    await expect(stackViolations(policy, resources)).resolves.toEqual([]);
  });

  it('finds a secret in an output of the stack and of a component', async () => {
    const resources = [
      stack({ all: [{ serviceKey: shapeless() }] }),
      { type: 'acme:index:Component', props: { key: made('Supabase service_role key') } },
    ];
    await expect(stackViolations(policy, resources)).resolves.toEqual([
      'Output all[0].serviceKey holds a high-entropy value under a sensitive name. Hand out its reference or a fingerprint instead.',
      'Output key holds a Supabase service_role key (full access past row-level security). Hand out its reference or a fingerprint instead.',
    ]);
  });

  it('accepts an output that its configuration allows, unknown outputs and wrong types', async () => {
    await expect(
      stackViolations(policy, [stack({ kubeToken: shapeless() })], { allowed: ['kubeToken'] }),
    ).resolves.toEqual([]);
    await expect(stackViolations(policy, [stack({ apiKey: unknown, token: 7, secret: null })])).resolves.toEqual([]);
  });
});

describe('no-secret-in-name and no-secret-in-id', () => {
  it('accept names and ids that say what a resource is', async () => {
    await expect(
      resourceViolations(secretInName, { type: 'a:b:C', name: 'github-NETLIFY_AUTH_TOKEN', props: {} }),
    ).resolves.toEqual([]);
    await expect(
      stackViolations(secretInId, [
        { type: 'a:b:C', props: { id: random.uuid() } },
        { type: 'a:b:C', props: { id: unknown } },
        { type: 'a:b:C', props: { id: 3 } },
      ]),
    ).resolves.toEqual([]);
  });

  it('find a secret there', async () => {
    await expect(
      resourceViolations(secretInName, { type: 'a:b:C', name: `key-${made('Netlify token')}`, props: {} }),
    ).resolves.toEqual(['The name of this resource holds a secret. Name it after its role, and replace the secret.']);
    await expect(
      stackViolations(secretInId, [{ type: 'a:b:C', props: { id: made('PostgreSQL address') } }]),
    ).resolves.toEqual([
      'The id of this resource holds a secret. Change the input that it is made of, and replace the secret.',
    ]);
  });
});

describe('no-secret-in-committed-file', () => {
  it('accepts a clean folder', async () => {
    ({ leave } = enterProgram({}, { 'index.ts': 'export const key = process.env.API_KEY;\n' }));
    forgetScan();
    await expect(stackViolations(secretInCommittedFile, [])).resolves.toEqual([]);
  });

  it('finds a secret, says where, and does not count a publishable key', async () => {
    ({ leave } = enterProgram(
      {},
      { 'src/a.ts': `\nconst x = '${made('Anthropic key')}';\n`, 'b.env': `ANON=${anonKey(random)}\n` },
    ));
    forgetScan();
    await expect(stackViolations(secretInCommittedFile, [])).resolves.toEqual([
      'src/a.ts:2:12 (model-provider-key): API key of a language-model provider (OpenAI, Anthropic, …). Revoke it with the provider, keep the new one in 1Password, and refer to it as op://vault/item/field.',
    ]);
  });
});

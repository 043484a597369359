import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Secret } from '@pulumi/policy';
import { rawSecretInInput } from '../../../policies/secrets/rawSecretInInput.ts';
import { secretFromReference as policy } from '../../../policies/secrets/secretFromReference.ts';
import { forgetMarked } from '../../../policies/shared/markedSecrets.ts';
import { made, shapeless } from '../support/made.ts';
import { enterProgram } from '../support/program.ts';
import { resourceViolations, unknown, type Given } from '../support/run.ts';

const advice = 'Refer to it as op://vault/item/field instead.';
const secret = (value: unknown, secretName = 'OPENAI_API_KEY'): Given => ({
  type: 'github:index/actionsSecret:ActionsSecret',
  props: { secretName, plaintextValue: value },
});

let leave: () => void = () => undefined;
beforeEach(forgetMarked);
afterEach(() => leave());

function program(config: Record<string, unknown>, files: Record<string, string>): void {
  ({ leave } = enterProgram(config, files));
}

describe('secret-comes-from-reference', () => {
  it('accepts a value that is written down nowhere', async () => {
    program({ 'app:key': 'op://Platform/Supabase/key' }, { 'index.ts': 'export const a = 1;\n' });
    await expect(resourceViolations(policy, secret(new Secret(shapeless())))).resolves.toEqual([]);
  });

  it('finds a literal in the program, of whatever shape', async () => {
    const value = `${shapeless()}/x`;
    program({}, { 'src/index.ts': `// keys\nconst key = '${value}';\n` });
    await expect(resourceViolations(policy, secret(new Secret(value)))).resolves.toEqual([
      `The value of OPENAI_API_KEY (input plaintextValue) is a literal in src/index.ts:2. ${advice}`,
    ]);
  });

  it('finds it in base64 and as JSON escapes it', async () => {
    const value = `${shapeless()}"${shapeless()}`;
    program({}, { 'a.yaml': `x: ${Buffer.from(`prefix ${value} suffix`).toString('base64')}\n` });
    await expect(resourceViolations(policy, secret(new Secret(value)))).resolves.toEqual([
      `The value of OPENAI_API_KEY (input plaintextValue) is a literal in a.yaml:1. ${advice}`,
    ]);
    leave();
    program({}, { 'b.json': JSON.stringify({ x: value }) });
    await expect(resourceViolations(policy, secret(new Secret(value)))).resolves.toEqual([
      `The value of OPENAI_API_KEY (input plaintextValue) is a literal in b.json:1. ${advice}`,
    ]);
  });

  it('finds a literal in plain configuration, but not an encrypted value', async () => {
    const value = shapeless();
    program({ 'app:values': { OPENAI_API_KEY: { value, edgeFunction: true } } }, {});
    await expect(resourceViolations(policy, secret(new Secret(value)))).resolves.toEqual([
      `The value of OPENAI_API_KEY (input plaintextValue) is a literal in plain configuration (app:values.OPENAI_API_KEY.value). ${advice}`,
    ]);
    leave();
    program({ 'app:openai': value }, { 'Pulumi.staging.yaml': 'config:\n  app:openai:\n    secure: AAABAAAA\n' });
    await expect(resourceViolations(policy, secret(new Secret(value)))).resolves.toEqual([]);
  });

  it('judges what is marked as secret in any other resource', async () => {
    const token = made('npm token');
    program({}, { 'index.js': `token('${token}')\n` });
    const other: Given = { type: 'acme:index:Site', props: { setting: new Secret(token), plain: token } };
    await expect(resourceViolations(policy, other, rawSecretInInput)).resolves.toEqual([
      `The value of setting (input setting) is a literal in index.js:1. ${advice}`,
    ]);
  });

  it('leaves values alone that are not sensitive, wrong types and unknown values', async () => {
    program({}, { 'index.ts': `const site = 'a-site-that-everybody-knows';\n` });
    await expect(
      resourceViolations(policy, secret('a-site-that-everybody-knows', 'NETLIFY_STAGING_SITE_ID')),
    ).resolves.toEqual([]);
    await expect(resourceViolations(policy, secret(unknown))).resolves.toEqual([]);
    await expect(resourceViolations(policy, secret(12345678))).resolves.toEqual([]);
    await expect(resourceViolations(policy, secret(['x']))).resolves.toEqual([]);
  });
});

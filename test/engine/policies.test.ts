import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { made, shapeless } from '../policies/support/made.ts';
import { configuration, keyed, workflow } from '../policies/support/staging.ts';
import { expectFine, startProject } from '../support/project.ts';
import { endPreviews, preview, startPreviews, type Given } from './policyPreview.ts';

// `pulumi preview --policy-pack …` with the real engine, on programs in test/policies/programs.
jest.setTimeout(180_000);

const both = ['secrets', 'staging'];

beforeAll(startPreviews);
afterAll(endPreviews);

const github = { 'Pulumi.dev.yaml': JSON.stringify({ config: keyed() }), '.github/workflows/ci.yml': workflow };

describe('policies/secrets in a preview', () => {
  it('lets a good program through, with secrets where they belong', () => {
    const { code, output, violations } = preview('good-secrets');
    expect({ code, violations, ...(code !== 0 && { output }) }).toEqual({ code: 0, violations: [] });
    expect(output).toMatch(/✅ secrets@v/);
  });

  const input = 'Pass it as pulumi.secret(…), taken from op://vault/item/field.';
  const cases: [string, string, Given, string[]][] = [
    [
      'a raw secret in an input',
      'raw-secret-in-input',
      {},
      [
        `no-raw-secret-in-input (acme:index:Site: site): Input env[0].value holds a high-entropy value under a sensitive name. ${input}`,
        `no-raw-secret-in-input (acme:index:Site: site): Input notes.text holds a GitHub token. ${input}`,
      ],
    ],
    [
      'a secret in an output, although it is marked',
      'secret-in-output',
      {},
      [
        'no-secret-in-output (pulumi:pulumi:Stack: app-dev): Output marked holds a GitHub token. Hand out its reference or a fingerprint instead.',
        'no-secret-in-output (pulumi:pulumi:Stack: app-dev): Output serviceToken holds a high-entropy value under a sensitive name. Hand out its reference or a fingerprint instead.',
      ],
    ],
    [
      'a sensitive variable that is plain',
      'plain-sensitive-variable',
      {},
      [
        'sensitive-variable-is-secret (netlify:index:EnvironmentVariable: key): OPENAI_API_KEY is sensitive by its name, but is a plain variable on Netlify. Declare it as a secret one.',
      ],
    ],
    [
      'a sensitive variable for browsers',
      'secret-in-browser-variable',
      {},
      [
        'no-secret-in-browser-variable (netlify:index:EnvironmentVariable: key): VITE_OPENAI_API_KEY is sensitive by its name, and VITE_ would send it to every browser. Drop the prefix.',
      ],
    ],
  ];
  it.each(cases)('stops %s', (_what, program, given, expected) => {
    const { code, violations } = preview(program, given);
    expect([...violations].sort()).toEqual(expected);
    expect(code).not.toBe(0);
  });

  it('stops a secret in the name of a resource', () => {
    const { code, violations } = preview('secret-in-name');
    expect(violations.map((one) => one.replace(/site-\w+/, 'site-…'))).toEqual([
      'no-secret-in-name (acme:index:Site: site-…): The name of this resource holds a secret. Name it after its role, and replace the secret.',
    ]);
    expect(code).not.toBe(0);
  });

  it('stops a literal of no known shape', () => {
    const value = `${shapeless()}-${shapeless()}`;
    const { code, violations } = preview('literal-secret', { files: { 'value.txt': `${value}\n` }, canaries: [value] });
    expect(violations).toEqual([
      'secret-comes-from-reference (github:index:ActionsSecret: token): The value of OPENAI_API_KEY (input plaintextValue) is a literal in value.txt:1. Refer to it as op://vault/item/field instead.',
    ]);
    expect(code).not.toBe(0);
  });

  it('stops a raw secret in the configuration', () => {
    const value = made('Stripe live key');
    const { code, violations } = preview('nothing', { config: { 'app:billing': value }, canaries: [value] });
    expect(violations.filter((one) => one.startsWith('no-raw-secret-in-configuration'))).toEqual([
      'no-raw-secret-in-configuration (pulumi:pulumi:Stack: app-dev): Configuration app:billing holds a token of a hosted service, known by its prefix. Write op://vault/item/field in its place.',
    ]);
    expect(code).not.toBe(0);
  });

  it('stops a secret in a committed file', () => {
    const value = made('Supabase access token');
    const { code, violations } = preview('nothing', { files: { 'notes.md': `token: ${value}\n` }, canaries: [value] });
    expect(violations).toEqual([
      'no-secret-in-committed-file (pulumi:pulumi:Stack: app-dev): notes.md:1:8 (supabase-access-token): Supabase access token (manages every project of its owner). Revoke the token in Supabase (Account → Access tokens), keep the new one in 1Password, and refer to it as op://vault/item/field.',
    ]);
    expect(code).not.toBe(0);
  });
});

describe('policies/staging in a preview', () => {
  it('lets a sound environment through, together with policies/secrets', () => {
    const { code, output, violations } = preview('good-staging', { packs: ['staging'], files: github });
    expect({ code, violations, ...(code !== 0 && { output }) }).toEqual({ code: 0, violations: [] });
  });

  it('does not apply to a program that is no staging environment', () => {
    expect(preview('nothing', { packs: ['staging'] })).toMatchObject({ code: 0, violations: [] });
  });

  const rule = 'Require deploy-staging:15368 there, for administrators too.';
  it.each([
    [
      'a second organisation',
      'two-organizations',
      [
        'one-organization-id (github:index:ActionsSecret: github-DEFAULT_ORGANIZATION_ID): DEFAULT_ORGANIZATION_ID of GitHub (repository) differs from that of Netlify (branch:staging). Derive both from the one organizationId.',
      ],
    ],
    [
      'production by accident',
      'production-by-accident',
      [
        'production-only-on-purpose (netlify:index:EnvironmentVariable: netlify-SUPABASE_URL): SUPABASE_URL is declared for production, which production reads, but the value has no source for it. Give it its own reference: values.SUPABASE_URL.production.',
      ],
    ],
    [
      'missing variables',
      'missing-variable',
      [
        'required-variables (pulumi:pulumi:Stack: app-dev): NETLIFY_AUTH_TOKEN is missing on GitHub (repository). Declare it under values, in the place actionsSecret.',
        'required-variables (pulumi:pulumi:Stack: app-dev): SUPABASE_URL is missing on Netlify (branch:develop). Declare it under values, in the place netlify.',
      ],
    ],
    [
      'the service-role key in the anon key’s place',
      'swapped-keys',
      [
        'service-role-key-in-its-place (netlify:index:EnvironmentVariable: netlify-SUPABASE_ANON_KEY): SUPABASE_ANON_KEY on Netlify (branch:develop) holds the service-role key, but only the anon key belongs there. Correct its reference.',
        'service-role-key-in-its-place (netlify:index:EnvironmentVariable: netlify-SUPABASE_ANON_KEY): SUPABASE_ANON_KEY on Netlify (branch:staging) holds the service-role key, but only the anon key belongs there. Correct its reference.',
      ],
    ],
    [
      'a check that any app may report',
      'unpinned-check',
      [
        `deploy-check-required (github:index:BranchProtectionV3: protection): The protection of develop lets any app report deploy-staging. ${rule}`,
      ],
    ],
    [
      'a check that administrators bypass',
      'bypassable-check',
      [
        `deploy-check-required (github:index:BranchProtectionV3: protection): The protection of develop lets administrators bypass it. ${rule}`,
      ],
    ],
  ])('stops %s', (_what, program, expected) => {
    const { code, violations } = preview(program, { packs: ['staging'], files: github });
    expect([...violations].sort()).toEqual(expected);
    expect(code).not.toBe(0);
  });

  it('stops a secret’s reference under a browser prefix, without its value', () => {
    const changed = configuration();
    changed.values.VITE_S3 = { from: 'op://Platform/Supabase/s3_secret_access_key', netlify: true };
    const { code, violations } = preview('secret-reference', {
      packs: ['staging'],
      files: { ...github, 'Pulumi.dev.yaml': JSON.stringify({ config: keyed(changed) }) },
    });
    expect(violations).toEqual([
      'secret-reference-stays-secret (netlify:index:EnvironmentVariable: netlify-VITE_S3): values.VITE_S3.from is op://Platform/Supabase/s3_secret_access_key, which is sensitive by its name, and VITE_ would send it to every browser. Drop the prefix and set secret: true, or correct the reference.',
    ]);
    expect(code).not.toBe(0);
  });

  it('stops a check that no job reports', () => {
    const { violations } = preview('good-staging', {
      packs: ['staging'],
      files: { ...github, '.github/workflows/ci.yml': workflow.replace('merge_group:', '') },
    });
    expect(violations).toEqual([
      'deploy-check-required (pulumi:pulumi:Stack: app-dev): deploy-staging cannot report: the job in .github/workflows/ci.yml does not run on merge_group. Take the job from pipeline/.',
    ]);
  });
});

describe('both packs', () => {
  it('report side by side, each its own', () => {
    const { code, output } = preview('raw-secret-in-input', { packs: both });
    expect(code).not.toBe(0);
    expect(output).toMatch(/❌ secrets@v/);
    expect(output).toMatch(/✅ staging@v/);
  });

  it('let this project’s own program through, with the vault and without', async () => {
    const project = await startProject({ stage: 'provisioned' });
    try {
      const packs = both.flatMap((pack) => ['--policy-pack', join(process.cwd(), 'policies', pack)]);
      for (const env of [{}, { STAGING_VAULT: 'off' }]) {
        const output = await expectFine(project.pulumi(['preview', ...packs], { env }));
        expect(output).toMatch(/✅ secrets@v/);
        expect(output).toMatch(/✅ staging@v/);
      }
    } finally {
      await project.close();
    }
  });
});

// For the programs beside this file: resources without a provider, and made-up secrets that only this run knows.
'use strict';
const { randomBytes } = require('node:crypto');
const { appendFileSync } = require('node:fs');
const pulumi = require('@pulumi/pulumi');

/** Declares a resource of any type; its outputs are its inputs, as a provider's preview has them. */
exports.declare = (type, name, inputs) => {
  const resource = new pulumi.ComponentResource(type, name, inputs);
  resource.registerOutputs(inputs);
  return resource;
};

/** A made-up secret; the test learns of it by a file and looks for it in everything printed. */
const made = (value) => {
  appendFileSync(process.env.MADE_UP_SECRETS, `${value}\n`);
  return value;
};
exports.githubToken = () => made(`ghp_${randomBytes(18).toString('hex')}`);
exports.shapeless = () => made(randomBytes(24).toString('hex'));
exports.supabaseSecretKey = () => made(`sb_secret_${randomBytes(16).toString('hex')}`);
exports.publishableKey = () => `sb_publishable_${randomBytes(16).toString('hex')}`;

const netlifyType = 'netlify:index/environmentVariable:EnvironmentVariable';

/** A Netlify variable with the given entries of `values` or `secretValues`. */
exports.variable = (key, list, entries) => exports.declare(netlifyType, `netlify-${key}`, { key, [list]: entries });

/** An entry for each of staging's branches. */
exports.staging = (value) =>
  ['staging', 'develop'].map((branch) => ({ context: 'branch', contextParameter: branch, value }));

/** A secret of GitHub Actions. */
exports.secret = (secretName, plaintextValue) =>
  exports.declare('github:index/actionsSecret:ActionsSecret', `github-${secretName}`, { secretName, plaintextValue });

/** Branch protection as it should be, with changes. */
exports.protection = (changes = {}) =>
  exports.declare('github:index/branchProtectionV3:BranchProtectionV3', 'protection', {
    branch: 'develop',
    enforceAdmins: true,
    requiredStatusChecks: { strict: true, checks: ['deploy-staging:15368'] },
    ...changes,
  });

/** Everything that a sound staging environment declares, but for the named things. */
exports.soundStaging = ({ without = [], organizationId = '5f0c7a1e-2222-4c33-8d44-9e5566778899' } = {}) => {
  const declared = {
    SUPABASE_URL: () => exports.variable('SUPABASE_URL', 'values', exports.staging('https://acme.supabase.co')),
    SUPABASE_ANON_KEY: () => exports.variable('SUPABASE_ANON_KEY', 'values', exports.staging(exports.publishableKey())),
    SUPABASE_SERVICE_ROLE_KEY: () =>
      exports.variable(
        'SUPABASE_SERVICE_ROLE_KEY',
        'secretValues',
        exports.staging(pulumi.secret(exports.supabaseSecretKey())),
      ),
    SUPABASE_ACCESS_TOKEN: () =>
      exports.variable('SUPABASE_ACCESS_TOKEN', 'secretValues', exports.staging(pulumi.secret(exports.shapeless()))),
    DEFAULT_ORGANIZATION_ID: () =>
      exports.variable('DEFAULT_ORGANIZATION_ID', 'values', exports.staging(organizationId)),
    NETLIFY_AUTH_TOKEN: () => exports.secret('NETLIFY_AUTH_TOKEN', pulumi.secret(exports.shapeless())),
    NETLIFY_STAGING_SITE_ID: () => exports.secret('NETLIFY_STAGING_SITE_ID', 'a-site'),
    protection: () => exports.protection(),
  };
  for (const [name, make] of Object.entries(declared)) if (!without.includes(name)) make();
};

'use strict';
const pulumi = require('@pulumi/pulumi');
const { shapeless, githubToken, variable, staging } = require('./declare.cjs');

new pulumi.ComponentResource('acme:index:Site', 'site', {
  branch: 'develop',
  apiKey: pulumi.secret(shapeless()),
  unknown: pulumi.output(pulumi.unknown),
});
variable('VITE_RUNTIME_ENV', 'values', staging('staging'));
new pulumi.ComponentResource('github:index/actionsSecret:ActionsSecret', 'token', {
  secretName: 'NPM_TOKEN',
  plaintextValue: pulumi.secret(githubToken()),
});
exports.url = 'https://acme.dev';

'use strict';
const pulumi = require('@pulumi/pulumi');
const { shapeless, staging } = require('./declare.cjs');

new pulumi.ComponentResource('netlify:index/environmentVariable:EnvironmentVariable', 'key', {
  key: 'OPENAI_API_KEY',
  values: staging(pulumi.secret(shapeless())),
});

'use strict';
const pulumi = require('@pulumi/pulumi');
const { shapeless, staging } = require('./declare.cjs');

new pulumi.ComponentResource('netlify:index/environmentVariable:EnvironmentVariable', 'key', {
  key: 'VITE_OPENAI_API_KEY',
  secretValues: staging(pulumi.secret(shapeless())),
});

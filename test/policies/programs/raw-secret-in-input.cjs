'use strict';
const pulumi = require('@pulumi/pulumi');
const { githubToken, shapeless } = require('./declare.cjs');

new pulumi.ComponentResource('acme:index:Site', 'site', {
  notes: { text: `key ${githubToken()}` },
  env: [{ name: 'SESSION_SECRET', value: shapeless() }],
});

'use strict';
const { readFileSync } = require('node:fs');
const pulumi = require('@pulumi/pulumi');

// The test writes a value of no known shape into this file of the program's.
const value = readFileSync('value.txt', 'utf8').trim();
new pulumi.ComponentResource('github:index/actionsSecret:ActionsSecret', 'token', {
  secretName: 'OPENAI_API_KEY',
  plaintextValue: pulumi.secret(value),
});

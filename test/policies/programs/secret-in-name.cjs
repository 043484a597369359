'use strict';
const { randomBytes } = require('node:crypto');
const pulumi = require('@pulumi/pulumi');

// Not from declare.cjs: the engine itself prints every name, so this value is seen before any policy can say a word.
new pulumi.ComponentResource('acme:index:Site', `site-nfp_${randomBytes(18).toString('hex')}`, {});

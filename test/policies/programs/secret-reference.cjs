'use strict';
const pulumi = require('@pulumi/pulumi');
const { soundStaging, staging, variable } = require('./declare.cjs');

soundStaging();
// As without the vault: the value is unknown.
variable('VITE_S3', 'values', staging(pulumi.secret(pulumi.output(pulumi.unknown))));

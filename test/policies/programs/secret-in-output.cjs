'use strict';
const pulumi = require('@pulumi/pulumi');
const { githubToken, shapeless } = require('./declare.cjs');

// Marked both: the engine masks them, and --show-secrets or a stack reference gives them to everybody else.
exports.serviceToken = pulumi.secret(shapeless());
exports.marked = pulumi.secret(githubToken());

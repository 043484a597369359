'use strict';
const { randomUUID } = require('node:crypto');
const { secret, soundStaging } = require('./declare.cjs');

soundStaging();
secret('DEFAULT_ORGANIZATION_ID', randomUUID());

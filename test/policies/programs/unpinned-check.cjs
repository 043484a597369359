'use strict';
const { protection, soundStaging } = require('./declare.cjs');

soundStaging({ without: ['protection'] });
protection({ requiredStatusChecks: { strict: true, checks: ['deploy-staging'] } });

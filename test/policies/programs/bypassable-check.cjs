'use strict';
const { protection, soundStaging } = require('./declare.cjs');

soundStaging({ without: ['protection'] });
protection({ enforceAdmins: false });

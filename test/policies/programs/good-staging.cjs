'use strict';
const { soundStaging } = require('./declare.cjs');

soundStaging();

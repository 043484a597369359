// What the engine runs: the program's up-to-date bundle.
'use strict';
module.exports = require(require('./bundle.cjs').bundle('index.ts')).default;

// What the engine loads (package.json's main): the pack's up-to-date bundle.
'use strict';
const { join } = require('node:path');
require('node:module').enableCompileCache?.(join(__dirname, '..', '..', 'dist', '.compile-cache'));
require(require('../../launch/bundle.cjs').bundle('policies/secrets/index.ts'));

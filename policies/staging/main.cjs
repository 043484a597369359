// What the engine loads (package.json's main): the pack's up-to-date bundle.
'use strict';
require('../start.cjs')('policies/staging/index.ts');

// Loaded before the engine starts a policy pack (PulumiPolicy.yaml, nodeargs): docs/decisions/0025-what-a-policy-pack-puts-off.md
'use strict';
const { enableCompileCache } = require('node:module');
const { join } = require('node:path');
const { deferFunctions, leaveOut } = require('./defer.cjs');

enableCompileCache?.(join(__dirname, '..', '..', 'dist', '.compile-cache'));

// Switches V8's debugger on, for functions that become text.
deferFunctions('./runtime/closure/v8Hooks', ['getScriptUrl', 'getSessionAsync'], {
  isInitializedAsync: () => Promise.resolve(),
});
// The SDK registers ts-node, and with it all of TypeScript, for every pack, whatever its settings say.
leaveOut('typescript');
for (const name of ['ts-node', './vendor/ts-node@7.0.1']) deferFunctions(name, [], { register: () => undefined });

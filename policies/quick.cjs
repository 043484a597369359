// Loaded before the engine's Node process starts the SDK (PulumiPolicy.yaml, nodeargs): keeps compiled code between runs,
// and keeps the SDK from loading what a bundled pack never uses. The engine starts every pack anew for every preview.
'use strict';
const { enableCompileCache } = require('node:module');
const { join } = require('node:path');
const { deferFunctions, deferNamespace, leaveOut } = require('../launch/defer.cjs');

enableCompileCache?.(join(__dirname, '..', 'dist', '.compile-cache'));

// Rewrites stacks by source maps; the bundle has none.
leaveOut('source-map-support/register');
// Switches V8's debugger on, for functions that become text.
deferFunctions('./runtime/closure/v8Hooks', ['getScriptUrl', 'getSessionAsync'], {
  isInitializedAsync: () => Promise.resolve(),
});
// The SDK registers ts-node, and with it all of TypeScript, for every pack, whatever its settings say.
leaveOut('typescript');
for (const name of ['ts-node', './vendor/ts-node@7.0.1']) deferFunctions(name, [], { register: () => undefined });
// @pulumi/policy wants all of the SDK for the few names that it needs when it meets an asset.
deferNamespace('@pulumi/pulumi');

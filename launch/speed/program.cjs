// Loaded before the engine's Node process starts the SDK (Pulumi.yaml, nodeargs): docs/decisions/0024-what-the-program-puts-off.md
'use strict';
const { enableCompileCache } = require('node:module');
const { join } = require('node:path');
const { deferFunctions } = require('./defer.cjs');

enableCompileCache?.(join(__dirname, '..', '..', 'dist', '.compile-cache'));

// What turns functions into text for dynamic providers: npm's resolver and TypeScript. This program has none.
deferFunctions('./runtime/closure/serializeClosure', ['serializeFunction', 'serializeFunctionAsync']);
deferFunctions('./runtime/closure/codePaths', ['computeCodePaths', 'findWorkspaceRoot', 'packageArchivePath']);

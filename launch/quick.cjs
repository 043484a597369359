// Loaded before the engine's Node process starts the SDK (Pulumi.yaml, nodeargs): keeps compiled code between runs.
'use strict';
const { join } = require('node:path');
require('node:module').enableCompileCache?.(join(__dirname, '..', 'dist', '.compile-cache'));

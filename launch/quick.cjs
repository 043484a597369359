// Loaded before the engine's Node process starts the SDK (Pulumi.yaml, nodeargs): keeps compiled code between runs, and
// keeps the SDK from loading what this program never uses. What is put off is loaded unmodified when it is first used.
'use strict';
const { enableCompileCache } = require('node:module');
const { join } = require('node:path');
const { deferFunctions, deferNamespace, leaveOut, sdk } = require('./defer.cjs');

enableCompileCache?.(join(__dirname, '..', 'dist', '.compile-cache'));

/** Somebody follows the run by OpenTelemetry or `--tracing`: then nothing is put off, the order of loading matters there. */
const traced = process.env.TRACEPARENT !== undefined || process.argv.includes('--tracing');

if (!traced) {
  // Rewrites the stack of every promise that the SDK tracks; the bundle has no source map, so it brings nothing.
  leaveOut('source-map-support/register');
  // Pulumi's Automation API, and what turns functions into text for dynamic providers: npm's resolver, TypeScript.
  deferNamespace('./automation');
  deferFunctions('./runtime/closure/serializeClosure', ['serializeFunction', 'serializeFunctionAsync']);
  deferFunctions('./runtime/closure/codePaths', ['computeCodePaths', 'findWorkspaceRoot', 'packageArchivePath']);
  // Switches V8's debugger on, again for functions that become text.
  deferFunctions('./runtime/closure/v8Hooks', ['getScriptUrl', 'getSessionAsync'], {
    isInitializedAsync: () => Promise.resolve(),
  });
  // All of OpenTelemetry's SDK. Without a tracer its API hands out spans that record nothing.
  deferFunctions('./cmd/run/tracing', ['start', 'stop'], { newSpan });

  // Every promise that the SDK tracks gets the stack of its birth, for a report of promises that never settle. Its text is
  // made at once and takes longer than the promise; the report names the operation without it.
  const debuggable = sdk('./runtime/debuggable');
  const { debuggablePromise } = debuggable;
  debuggable.debuggablePromise = (...args) => {
    const { stackTraceLimit } = Error;
    Error.stackTraceLimit = 0;
    try {
      return debuggablePromise(...args);
    } finally {
      Error.stackTraceLimit = stackTraceLimit;
    }
  };
}

function newSpan(name) {
  return sdk('@opentelemetry/api').trace.getTracer('nodejs-runtime').startSpan(name);
}

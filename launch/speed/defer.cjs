// Puts modules of @pulumi/pulumi off until something uses them. A module that the SDK no longer has is left alone: then a
// run is slower, never wrong.
'use strict';
const Module = require('node:module');

/** Requires as the SDK itself does. */
const sdk = Module.createRequire(require.resolve('@pulumi/pulumi/package.json'));

/** The file of a module as the SDK would require it, or undefined when there is none. */
function resolve(name) {
  try {
    return sdk.resolve(name);
  } catch {
    return undefined;
  }
}

/** Makes `require` of `name` answer what `standIn` returns; that gets a function which loads the real module. */
function replace(name, standIn) {
  const file = resolve(name);
  if (file === undefined || require.cache[file]) return;
  let real;
  const load = () => {
    if (real === undefined) {
      delete require.cache[file];
      real = sdk(file);
    }
    return real;
  };
  const module = new Module(file);
  Object.assign(module, { filename: file, loaded: true, exports: standIn(load) });
  require.cache[file] = module;
}

/** The module is never loaded: it only has an effect, which is not wanted. */
function leaveOut(name) {
  replace(name, () => ({}));
}

/** A module whose exports are these functions: the first call of one loads it. `now` are exports that need no loading. */
function deferFunctions(name, functions, now = {}) {
  replace(name, (load) => ({
    __esModule: true,
    ...Object.fromEntries(functions.map((each) => [each, (...args) => load()[each](...args)])),
    ...now,
  }));
}

module.exports = { deferFunctions, leaveOut };

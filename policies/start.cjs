// Starts a policy pack fast: the engine starts every pack anew for every preview.
'use strict';
const Module = require('node:module');
const { join } = require('node:path');

/**
 * @pulumi/policy loads the whole of @pulumi/pulumi, hundreds of modules and 0.2 s, for the few names that it needs when it meets
 * an asset. Here the module loads at its first use.
 */
function loadLazily(name) {
  const file = require.resolve(name);
  if (require.cache[file]) return;
  const placeholder = new Module(file);
  placeholder.loaded = true;
  placeholder.exports = new Proxy(
    {},
    {
      get(_target, property) {
        if (require.cache[file] === placeholder) delete require.cache[file];
        return require(file)[property];
      },
    },
  );
  require.cache[file] = placeholder;
}

module.exports = function start(entry) {
  Module.enableCompileCache?.(join(__dirname, '..', 'dist', '.compile-cache'));
  loadLazily('@pulumi/pulumi');
  require(require('../launch/bundle.cjs').bundle(entry));
};

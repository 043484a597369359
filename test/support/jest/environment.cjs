// Jest's Node environment, plus Node's own `require` for packages that jest's module sandbox cannot load.
'use strict';
const { TestEnvironment } = require('jest-environment-node');

class Environment extends TestEnvironment {
  constructor(config, context) {
    super(config, context);
    this.global.nodeRequire = require;
  }
}

module.exports = Environment;

// Jest's Node environment, plus Node's own `require` for packages that jest's module sandbox cannot load.
'use strict';
const { rmSync } = require('node:fs');
const { tmpdir } = require('node:os');
const { join } = require('node:path');
const { TestEnvironment } = require('jest-environment-node');

class Environment extends TestEnvironment {
  constructor(config, context) {
    super(config, context);
    this.global.nodeRequire = require;
    // What a test writes to stand-ins is recorded beside no project: the tests of the record have files of their own.
    this.audit = join(tmpdir(), `audit-${process.pid}-${Date.now()}.jsonl`);
    this.global.process.env.STAGING_AUDIT_FILE = this.audit;
  }

  async teardown() {
    for (const end of ['', '.head']) rmSync(this.audit + end, { force: true });
    await super.teardown();
  }
}

module.exports = Environment;

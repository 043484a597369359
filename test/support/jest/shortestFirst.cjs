// The order of the test files: unit and command tests before the engine's, and in each group the shortest first.
'use strict';
const { statSync } = require('node:fs');
const { default: Sequencer } = require('@jest/test-sequencer');

module.exports = class ShortestFirst extends Sequencer {
  async sort(tests) {
    // The parent fills in how long each file took the last time on this machine.
    const known = await super.sort(tests);
    return known.toSorted((a, b) => group(a) - group(b) || duration(a) - duration(b) || size(a) - size(b));
  }
};

function group({ context }) {
  return context.config.displayName?.name === 'engine' ? 1 : 0;
}

function duration({ duration }) {
  return duration ?? 0;
}

function size({ path }) {
  return statSync(path).size;
}

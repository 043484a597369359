// What a pack's main.cjs calls: loads the up-to-date bundle of the pack.
'use strict';
require('../launch/speed/policies.cjs'); // here too, for a language host that does not hand nodeargs on

module.exports = function start(entry) {
  require(require('../launch/bundle.cjs').bundle(entry));
};

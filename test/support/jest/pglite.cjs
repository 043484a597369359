// PGlite loads parts of itself by `import()`, which jest's module sandbox refuses: take it from Node's own loader instead.
'use strict';
module.exports = globalThis.nodeRequire('@electric-sql/pglite');

// What test/engine/supabaseProvider.test.ts has the engine run: it declares what the file declared.json in its folder says.
'use strict';
const { readFileSync } = require('node:fs');
const { join } = require('node:path');
const { Apikey, EdgeFunctionSecrets } = require('@pulumi/supabase');

const { projectRef, secrets, key } = JSON.parse(readFileSync(join(process.cwd(), 'declared.json'), 'utf8'));

if (secrets !== undefined) {
  const listed = Object.entries(secrets).map(([name, value]) => ({ name, value }));
  const declared = new EdgeFunctionSecrets('secrets', { projectRef, secrets: listed });
  exports.digests = declared.secretDigests;
}
if (key !== undefined) new Apikey('key', { projectRef, ...key });

'use strict';
const { soundStaging, variable } = require('./declare.cjs');

soundStaging({ without: ['SUPABASE_URL', 'NETLIFY_AUTH_TOKEN'] });
variable('SUPABASE_URL', 'values', [
  { context: 'branch', contextParameter: 'staging', value: 'https://acme.supabase.co' },
]);

'use strict';
const { soundStaging, variable } = require('./declare.cjs');

soundStaging({ without: ['SUPABASE_URL'] });
variable('SUPABASE_URL', 'values', [
  { context: 'branch', contextParameter: 'staging', value: 'https://staging.acme.dev' },
  { context: 'branch', contextParameter: 'develop', value: 'https://staging.acme.dev' },
  { context: 'production', value: 'https://staging.acme.dev' },
]);

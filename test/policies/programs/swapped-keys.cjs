'use strict';
const { soundStaging, staging, supabaseSecretKey, variable } = require('./declare.cjs');

soundStaging({ without: ['SUPABASE_ANON_KEY'] });
variable('SUPABASE_ANON_KEY', 'values', staging(supabaseSecretKey()));

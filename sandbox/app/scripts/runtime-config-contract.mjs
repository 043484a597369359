// The three fields that every deploy must answer.
const address = process.env.RUNTIME_CONFIG_URL;
if (!address) throw new Error('RUNTIME_CONFIG_URL is not set');
const config = await (await fetch(address)).json();
const missing = ['supabaseUrl', 'supabaseAnonKey', 'defaultOrganizationId'].filter((name) => !config[name]);
if (missing.length > 0) throw new Error(`missing: ${missing.join(', ')}`);
console.log('runtime-config is whole');

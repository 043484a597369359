import { readOptions } from './options.ts';

const { url } = readOptions(process.argv.slice(2));
const site = (process.env.PREVIEW_URL ?? (typeof url === 'string' ? url : '')).replace(/\/$/, '');
if (!site) throw new Error('PREVIEW_URL or --url is needed');
const page = await (await fetch(site)).text();
if (!page.includes('id="root"')) throw new Error('the document has no root');
const config = (await (await fetch(`${site}/api/runtime-config`)).json()) as Record<string, unknown>;
if (!config.supabaseUrl || !config.supabaseAnonKey) throw new Error('the configuration is not whole');
console.log(`${site} answers`);

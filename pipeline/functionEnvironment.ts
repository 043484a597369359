import { basename } from 'node:path';

/**
 * Loaded ahead of Netlify's command line (`NODE_OPTIONS=--require`): gives `netlify deploy` an `--env NAME=value` for each
 * variable `FUNCTION_ENV_NAME`, inside the process. On a real command line, other processes of the machine could read
 * the values. They also leave the environment here, so that the build, a process below, never sees them.
 */
const prefix = 'FUNCTION_ENV_';
const [, program = '', command] = process.argv;

if (/^(netlify|ntl)(\.\w+)?$/.test(basename(program)) && command === 'deploy') {
  for (const [name, value] of Object.entries(process.env)) {
    if (!name.startsWith(prefix)) continue;
    process.argv.push('--env', `${name.slice(prefix.length)}=${value ?? ''}`);
    Reflect.deleteProperty(process.env, name);
  }
}

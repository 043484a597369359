import http from 'node:http';

/** The variables that name a proxy, in both spellings that tools know. */
const names = ['HTTPS_PROXY', 'https_proxy', 'HTTP_PROXY', 'http_proxy'] as const;

/** What is never sent through a proxy: a credential may go to this machine itself without TLS, and nowhere else. */
const loopback = ['127.0.0.1', 'localhost', '::1', '[::1]'];

let asked = false;
let used = false;

/**
 * Makes every request of this process go through the proxy that `HTTPS_PROXY`, `HTTP_PROXY` and `NO_PROXY` name, once.
 * Node does so by itself only with `NODE_USE_ENV_PROXY=1` from its start; with `NODE_USE_ENV_PROXY=0` it stays as it is.
 */
export function useProxyOfEnvironment(env: NodeJS.ProcessEnv = process.env): void {
  if (asked) return;
  asked = true;
  if (proxyVariable(env) === undefined || env.NODE_USE_ENV_PROXY === '0') return;
  // Declared for newer versions of Node only, and absent in the older ones that the program may run on.
  const { setGlobalProxyFromEnv: use } = http as {
    setGlobalProxyFromEnv?: (env: Readonly<Record<string, string | undefined>>) => unknown;
  };
  if (use === undefined) {
    used = env.NODE_USE_ENV_PROXY === '1';
    return;
  }
  const direct = [env.no_proxy ?? env.NO_PROXY ?? '', ...loopback].filter((host) => host !== '').join(',');
  use({ ...env, NO_PROXY: direct, no_proxy: direct });
  used = true;
}

/** What a connection that failed may have to do with a proxy: one clause that names what to set, without a full stop. */
export function proxyAdvice(env: NodeJS.ProcessEnv = process.env): string {
  const variable = proxyVariable(env);
  if (variable === undefined) return 'Behind a proxy, set HTTPS_PROXY';
  if (used) return `It went by the proxy of ${variable}; hosts in NO_PROXY are reached directly`;
  return `${variable} is set, but this Node does not use it: set NODE_USE_ENV_PROXY=1 too`;
}

function proxyVariable(env: NodeJS.ProcessEnv): string | undefined {
  return names.find((name) => env[name] !== undefined && env[name] !== '');
}

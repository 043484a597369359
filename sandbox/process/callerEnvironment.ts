/**
 * What a command inside the sandbox may keep of its caller's environment. A list of what is allowed, not of what is
 * forbidden: a real credential under an unforeseen name must not reach a stand-in, its log or a state file.
 */
const kept = new Set([
  ...[
    'PATH',
    'HOME',
    'USER',
    'LOGNAME',
    'SHELL',
    'PWD',
    'TERM',
    'COLORTERM',
    'COLUMNS',
    'LINES',
    'LANG',
    'LANGUAGE',
    'TZ',
  ],
  ...['TMPDIR', 'TMP', 'TEMP', 'NO_COLOR', 'FORCE_COLOR', 'CI', 'EDITOR', 'DISPLAY', 'NODE_OPTIONS', 'INIT_CWD'],
  ...['HTTP_PROXY', 'HTTPS_PROXY', 'http_proxy', 'https_proxy', 'SSL_CERT_FILE', 'SSL_CERT_DIR', 'NODE_EXTRA_CA_CERTS'],
  ...['SYSTEMROOT', 'SystemRoot', 'WINDIR', 'windir', 'COMSPEC', 'ComSpec', 'PATHEXT', 'Path', 'USERPROFILE'],
  ...['APPDATA', 'LOCALAPPDATA', 'PROGRAMFILES', 'ProgramFiles', 'PROGRAMDATA', 'ProgramData'],
]);
const keptPrefixes = [
  'LC_',
  'XDG_',
  'TF_LOG',
  'STAGING_SANDBOX_',
  'STAGING_VAULT_TIMEOUT',
  'STAGING_REQUEST_TIMEOUT',
  'STAGING_TOOLCHAIN',
];
const npmSetting = /^npm_config_(registry|cache|prefer_offline|offline|userconfig|loglevel)$/i;
/** An address with a user's name and password in it, as of a proxy. */
const withPassword = /:\/\/[^/@]*@/;

/** The harmless part of `environment`; NO_PROXY includes this machine. */
export function callerEnvironment(environment: Readonly<NodeJS.ProcessEnv> = process.env): Record<string, string> {
  const result: Record<string, string> = {};
  for (const [name, value] of Object.entries(environment)) {
    const allowed = kept.has(name) || keptPrefixes.some((prefix) => name.startsWith(prefix)) || npmSetting.test(name);
    if (allowed && value !== undefined && !withPassword.test(value)) result[name] = value;
  }
  const direct = [environment.NO_PROXY ?? environment.no_proxy, '127.0.0.1', 'localhost'];
  const noProxy = direct.filter((host) => host !== undefined && host !== '').join(',');
  return { ...result, NO_PROXY: noProxy, no_proxy: noProxy };
}

/**
 * Which variables a child process gets: those that its kind needs, and no others, so that no child holds a token that it
 * has no use for. A name that ends with `*` stands for all that begin so. Here, and not in TypeScript, because the
 * launcher installs the packages before it can bundle anything.
 */
const system = [
  ...['PATH', 'HOME', 'USER', 'LOGNAME', 'SHELL', 'TMPDIR', 'TEMP', 'TMP', 'TZ', 'LANG', 'LANGUAGE', 'LC_*'],
  ...['TERM', 'NO_COLOR', 'FORCE_COLOR', 'COLUMNS', 'CI', 'LD_LIBRARY_PATH'],
  ...['XDG_CONFIG_HOME', 'XDG_CACHE_HOME', 'XDG_DATA_HOME', 'XDG_STATE_HOME', 'XDG_RUNTIME_DIR'],
  // Windows
  ...['USERPROFILE', 'USERNAME', 'HOMEDRIVE', 'HOMEPATH', 'APPDATA', 'LOCALAPPDATA', 'PROGRAMDATA', 'PROGRAMFILES'],
  ...['SYSTEMROOT', 'SYSTEMDRIVE', 'WINDIR', 'COMSPEC', 'PATHEXT'],
];

/** The way out of this machine: proxies, and whom to trust. */
const network = [
  ...['HTTPS_PROXY', 'HTTP_PROXY', 'NO_PROXY', 'ALL_PROXY', 'https_proxy', 'http_proxy', 'no_proxy', 'all_proxy'],
  ...['NODE_USE_ENV_PROXY', 'NODE_EXTRA_CA_CERTS', 'NODE_OPTIONS', 'SSL_CERT_FILE', 'SSL_CERT_DIR'],
];

const npmSettings = [
  'registry',
  'userconfig',
  'globalconfig',
  'cache',
  'ca',
  'cafile',
  'strict_ssl',
  'proxy',
  'https_proxy',
]
  .concat(['noproxy', 'offline', 'prefer_offline'])
  .flatMap((name) => [`npm_config_${name}`, `NPM_CONFIG_${name.toUpperCase()}`]);

/** Without what logs in to a registry: that belongs into the user's .npmrc. */
const npm = [...system, ...network, ...npmSettings];

const caches = ['STAGING_CACHE_DIR', 'STAGING_REQUEST_TIMEOUT'];

/** What tells a job on GitHub where it is. None is a credential. */
const job = [
  ...['GITHUB_ACTIONS', 'GITHUB_SERVER_URL', 'GITHUB_REPOSITORY', 'GITHUB_SHA', 'GITHUB_REF', 'GITHUB_EVENT_NAME'],
  ...['GITHUB_JOB', 'GITHUB_WORKFLOW', 'GITHUB_RUN_ID', 'GITHUB_RUN_ATTEMPT', 'GITHUB_STEP_SUMMARY', 'INIT_CWD'],
];

/** The backends that keep a state, and the services that hold the key of its secrets. */
const state = [
  ...system,
  ...network,
  ...['PULUMI_*', 'AWS_*', 'AZURE_*', 'ARM_*', 'GOOGLE_*', 'GCLOUD_*', 'CLOUDSDK_*', 'VAULT_*', 'PG*'],
];

const engine = [...state, 'NETLIFY_*', 'GITHUB_*', 'GH_*', 'OP_*', 'STAGING_*', 'TF_*', 'INIT_CWD'];

/** By kind of child. */
const kinds = {
  /** A tool that works on files: git, tar, a linter, `npm pack`. */
  local: system,
  /** An installation from npm. */
  npm,
  /** The application's own package manager, which may have to log in to write the lockfile. */
  packageManager: [...npm, 'NPM_TOKEN', 'NODE_AUTH_TOKEN', 'COREPACK_*', 'PNPM_HOME', 'BUN_INSTALL', 'YARN_*'],
  pip: [...system, ...network, 'PIP_*', 'REQUESTS_CA_BUNDLE', 'VIRTUAL_ENV'],
  go: [...system, ...network, 'GO*', 'CGO_*', 'CC', 'GIT_SSL_CAINFO'],
  browser: [...system, ...network, 'FONTCONFIG_PATH', 'FONTCONFIG_FILE', 'DBUS_SESSION_BUS_ADDRESS'],
  browserDownload: [...system, ...network, 'PLAYWRIGHT_*'],
  /** The smoke test's password and the site's public keys, and no token of a service. */
  smoke: [
    ...[...npm, ...caches, ...job, 'SMOKE_*', 'PLAYWRIGHT_*', 'SUPABASE_URL', 'SUPABASE_ANON_KEY'],
    ...['SUPABASE_PUBLISHABLE_KEY', 'DEFAULT_ORGANIZATION_ID'],
  ],
  /** The alert to Slack. */
  alert: [...npm, ...caches, ...job, 'ALERT_*', 'SLACK_*'],
  /** `pulumi stack …`: the state alone, with no provider and no program. */
  state,
  /** `pulumi` with the program and its providers. */
  engine,
  /** `npm run drift`, which looks at everything that is declared. */
  drift: [...engine, ...caches, ...job, 'SUPABASE_*', 'VITE_SUPABASE_URL', 'DEFAULT_ORGANIZATION_ID'],
  /** Supabase's command line. */
  supabase: [
    ...[...system, ...network, 'DOCKER_HOST', 'SUPABASE_ACCESS_TOKEN', 'SUPABASE_DB_PASSWORD', 'SUPABASE_PROFILE'],
    ...['SUPABASE_API_URL', 'SUPABASE_PROJECT_ID', 'SUPABASE_EXPERIMENTAL', 'SUPABASE_DEBUG'],
  ],
};

/** Of `env`, the variables that a child of this kind needs. */
export function childEnvironment(kind, env = process.env) {
  const names = kinds[kind];
  // Windows writes some names in another case, and knows no difference.
  const spelt = (name) => (process.platform === 'win32' ? name.toUpperCase() : name);
  const exact = new Set(names.map(spelt));
  const beginnings = names.filter((name) => name.endsWith('*')).map((name) => spelt(name.slice(0, -1)));
  const needed = (name) => exact.has(name) || beginnings.some((beginning) => name.startsWith(beginning));
  return Object.fromEntries(Object.entries(env).filter(([name, value]) => value !== undefined && needed(spelt(name))));
}

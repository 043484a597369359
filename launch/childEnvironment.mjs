/**
 * Which variables a child process gets: those that its kind needs, and no others, so that no child holds a token that it
 * has no use for. A name that ends with `*` stands for all that begin so: only where one service alone has such names, and
 * the child is that service's own; another one's token may begin alike (`GOOGLE_API_KEY` with `GO`). Here, and not in
 * TypeScript, because the launcher installs the packages before it can bundle anything.
 */

/** Names that begin alike, as words of one text a line: a list of strings would fill a page. */
const prefixed = (prefix, ...lines) => lines.flatMap((line) => line.split(' ')).map((name) => prefix + name);

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

/** What says to a job on GitHub where it runs. None is a credential. */
const job = [
  ...['GITHUB_ACTIONS', 'GITHUB_SERVER_URL', 'GITHUB_REPOSITORY', 'GITHUB_SHA', 'GITHUB_REF', 'GITHUB_EVENT_NAME'],
  ...['GITHUB_JOB', 'GITHUB_WORKFLOW', 'GITHUB_RUN_ID', 'GITHUB_RUN_ATTEMPT', 'GITHUB_STEP_SUMMARY', 'INIT_CWD'],
];

/** What Pulumi's backends and secrets providers read: S3 and KMS, Azure, Google Cloud, HashiCorp's Vault, PostgreSQL. */
const azure = [
  ...['ACCOUNT', 'KEY', 'SAS_TOKEN', 'CONNECTION_STRING', 'DOMAIN', 'PROTOCOL', 'IS_CDN', 'IS_LOCAL_EMULATOR'].map(
    (name) => `AZURE_STORAGE_${name}`,
  ),
  ...['CLIENT_ID', 'CLIENT_SECRET', 'CLIENT_CERTIFICATE_PATH', 'CLIENT_CERTIFICATE_PASSWORD', 'TENANT_ID'].flatMap(
    (name) => [`AZURE_${name}`, `ARM_${name}`],
  ),
  ...['SUBSCRIPTION_ID', 'ENVIRONMENT'].flatMap((name) => [`AZURE_${name}`, `ARM_${name}`]),
  ...['AZURE_USERNAME', 'AZURE_PASSWORD', 'AZURE_FEDERATED_TOKEN_FILE', 'AZURE_AUTHORITY_HOST', 'AZURE_CONFIG_DIR'],
  ...['AZURE_ADDITIONALLY_ALLOWED_TENANTS', 'AZURE_KEYVAULT_AUTH_VIA_CLI', 'AZURE_TOKEN_CREDENTIALS', 'ARM_USE_MSI'],
  ...['ARM_USE_OIDC', 'ARM_OIDC_TOKEN', 'ARM_OIDC_TOKEN_FILE_PATH'],
];
const google = [
  ...['GOOGLE_CREDENTIALS', 'GOOGLE_APPLICATION_CREDENTIALS', 'GOOGLE_OAUTH_ACCESS_TOKEN', 'GOOGLE_PROJECT'],
  ...[
    'GOOGLE_CLOUD_PROJECT',
    'GOOGLE_CLOUD_QUOTA_PROJECT',
    'GOOGLE_REGION',
    'GOOGLE_ZONE',
    'GOOGLE_CLOUD_UNIVERSE_DOMAIN',
  ],
  ...[
    'GOOGLE_IMPERSONATE_SERVICE_ACCOUNT',
    'GOOGLE_EXTERNAL_ACCOUNT_ALLOW_EXECUTABLES',
    'GOOGLE_API_USE_CLIENT_CERTIFICATE',
  ],
  ...['GCLOUD_PROJECT', 'CLOUDSDK_CONFIG', 'CLOUDSDK_CORE_PROJECT', 'CLOUDSDK_ACTIVE_CONFIG_NAME', 'GCE_METADATA_HOST'],
  'STORAGE_EMULATOR_HOST',
];
const vault = prefixed(
  'VAULT_',
  'SERVER_URL SERVER_TOKEN ADDR AGENT_ADDR TOKEN NAMESPACE CACERT CACERT_BYTES CAPATH CLIENT_CERT CLIENT_KEY',
  'SKIP_VERIFY TLS_SERVER_NAME CLIENT_TIMEOUT MAX_RETRIES PROXY_ADDR HTTP_PROXY',
);
const postgres = prefixed(
  'PG',
  'HOST HOSTADDR PORT DATABASE USER PASSWORD PASSFILE SERVICE SERVICEFILE APPNAME TZ SSLMODE SSLCERT SSLKEY',
  'SSLROOTCERT SSLPASSWORD SSLSNI SSLNEGOTIATION SSLMINPROTOCOLVERSION CONNECT_TIMEOUT TARGETSESSIONATTRS',
  'OPTIONS KRBSRVNAME GSSLIB CLIENTENCODING DATESTYLE',
);

const state = [...system, ...network, 'PULUMI_*', 'AWS_*', ...azure, ...google, ...vault, ...postgres];

/** What this project's own settings are: addresses, times and what a person allows for one run. */
const own = prefixed(
  'STAGING_',
  'URL SUPABASE_URL TOOLCHAIN TRACES VAULT VAULT_TIMEOUT REQUEST_TIMEOUT CACHE_DIR',
  'PRODUCTION_CHANGES CONTEXT_REMOVALS PROTECTION_REMOVALS ENDS_EMERGENCY AUDIT_FILE',
);

const engine = [
  ...[...state, ...own, ...job, 'NETLIFY_API_TOKEN', 'NETLIFY_API_ENDPOINT', 'OP_SERVICE_ACCOUNT_TOKEN', 'OP_ACCOUNT'],
  ...['GITHUB_TOKEN', 'GITHUB_OWNER', 'GITHUB_ORGANIZATION', 'GITHUB_BASE_URL', 'GITHUB_APP_ID'],
  ...['GITHUB_APP_INSTALLATION_ID', 'GITHUB_APP_PEM_FILE', 'GH_TOKEN', 'GH_HOST', 'GH_CONFIG_DIR'],
  ...['SUPABASE_ACCESS_TOKEN', 'SUPABASE_API_ENDPOINT'],
  // What the engine records of the job that runs it.
  ...[
    'GITHUB_ACTOR',
    'GITHUB_EVENT_PATH',
    'GITHUB_HEAD_REF',
    'GITHUB_BASE_REF',
    'GITHUB_REF_NAME',
    'GITHUB_RUN_NUMBER',
  ],
  ...['TF_LOG*', 'TF_REATTACH_PROVIDERS', 'TF_CLI_CONFIG_FILE', 'TF_PLUGIN_CACHE_DIR', 'TF_APPEND_USER_AGENT'],
];

/** Go's own settings; its tools read no others that begin so. */
const go = prefixed(
  'GO',
  'PATH ROOT BIN CACHE MODCACHE TMPDIR ENV FLAGS WORK OS ARCH ARM ARM64 AMD64 PROXY NOPROXY PRIVATE SUMDB',
  'NOSUMDB NOSUMCHECK INSECURE VCS AUTH TOOLCHAIN 111MODULE EXPERIMENT DEBUG GC MAXPROCS MEMLIMIT TELEMETRY',
  'TELEMETRYDIR FIPS140',
);

/** Where Playwright's browsers are and come from. Its service has a token, which no child here needs. */
const playwright = prefixed(
  'PLAYWRIGHT_',
  'BROWSERS_PATH DOWNLOAD_HOST CHROMIUM_DOWNLOAD_HOST DOWNLOAD_CONNECTION_TIMEOUT SKIP_BROWSER_DOWNLOAD',
  'SKIP_VALIDATE_HOST_REQUIREMENTS HOST_PLATFORM_OVERRIDE CHROMIUM_EXECUTABLE_PATH',
);

const alert = [
  ...['SLACK_WEBHOOK_URL', 'SLACK_ALERTS_CHANNEL', 'ALERT_POLICY', 'ALERT_STATE_DIR', 'ALERT_TIMEOUT_SECONDS'],
  'ALERT_ATTEMPTS',
];

/** By kind of child. */
const kinds = {
  /** A tool that works on files: git, tar, a linter, `npm pack`. */
  local: system,
  /** An installation from npm. */
  npm,
  /** The application's own package manager, which may have to log in to write the lockfile. */
  packageManager: [...npm, 'NPM_TOKEN', 'NODE_AUTH_TOKEN', 'COREPACK_*', 'PNPM_HOME', 'BUN_INSTALL', 'YARN_*'],
  pip: [...system, ...network, 'PIP_*', 'REQUESTS_CA_BUNDLE', 'VIRTUAL_ENV'],
  go: [...system, ...network, ...go, 'CGO_*', 'CC', 'CXX', 'GIT_SSL_CAINFO'],
  browser: [...system, ...network, 'FONTCONFIG_PATH', 'FONTCONFIG_FILE', 'DBUS_SESSION_BUS_ADDRESS'],
  browserDownload: [...system, ...network, ...playwright],
  /** The smoke test's password and the site's public keys, and no token of a service. */
  smoke: [
    ...[...npm, ...caches, ...job, 'SMOKE_*', ...playwright, 'SUPABASE_URL', 'SUPABASE_ANON_KEY'],
    ...prefixed('PLAYWRIGHT_', 'TEST_BASE_URL JUNIT_OUTPUT_NAME JUNIT_OUTPUT_FILE HTML_OPEN HTML_OUTPUT_DIR'),
    ...['SUPABASE_PUBLISHABLE_KEY', 'SUPABASE_PROJECT_REF', 'DEFAULT_ORGANIZATION_ID'],
  ],
  /** The alert to Slack. */
  alert: [...npm, ...caches, ...job, ...alert],
  /** `pulumi stack …`: the state alone, with no provider and no program. */
  state,
  /** `pulumi` with the program and its providers. */
  engine,
  /** `npm run drift`, which checks everything that is declared. */
  drift: [
    ...[...engine, 'SUPABASE_URL', 'SUPABASE_SERVICE_ROLE_KEY', 'SUPABASE_SECRET_KEY'],
    ...['DRIFT_STATE_DIR', 'VITE_SUPABASE_URL', 'DEFAULT_ORGANIZATION_ID'],
  ],
  /** Supabase's command line. */
  supabase: [
    ...[...system, ...network, 'DOCKER_HOST', 'SUPABASE_ACCESS_TOKEN', 'SUPABASE_DB_PASSWORD', 'SUPABASE_PROFILE'],
    ...['SUPABASE_API_ENDPOINT', 'SUPABASE_PROJECT_ID', 'SUPABASE_EXPERIMENTAL', 'SUPABASE_DEBUG'],
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

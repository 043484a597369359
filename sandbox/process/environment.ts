import { randomBytes } from 'node:crypto';
import { linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { allowanceVariables } from '../../settings/allowances.ts';
import { projectRoot } from '../../settings/stack/projectRoot.ts';
import { type Toolchain, toolchainEnvironment } from '../../toolchain/toolchain.ts';
import { applicationFolder } from '../application/layApplication.ts';
import { callerEnvironment } from './callerEnvironment.ts';
import { type Endpoints, portOf } from './endpoints.ts';
import { githubTokens } from '../standIns/github/index.ts';
import { github, stagingAddress } from './identity.ts';
import type { RealNames } from '../standIns/internet/realNames.ts';
import { netlifyTokens } from '../standIns/netlify/index.ts';
import { openVault, serviceAccountToken } from '../standIns/onepassword/index.ts';
import { sandboxPaths } from './paths.ts';
import { emailOf, openProject } from '../stack/supabaseProject.ts';
import { pulumiHome } from '../stack/pulumiHome.ts';

/**
 * The whole environment that makes any command use the sandbox: the stand-ins' addresses and tokens, Pulumi's backend
 * and configuration in the sandbox's folder, and nothing of the caller's credentials.
 * Without a toolchain it leads to the services only.
 */
export function sandboxEnvironment(
  dir: string,
  endpoints: Endpoints,
  toolchain?: Toolchain,
  caller: Readonly<NodeJS.ProcessEnv> = process.env,
): Record<string, string> {
  const harmless = callerEnvironment(caller);
  const base = {
    ...harmless,
    ...serviceEnvironment(dir, endpoints),
    ...pulumiEnvironment(dir),
    PATH: [join(projectRoot(), 'node_modules', '.bin'), harmless.PATH ?? ''].join(delimiter),
  };
  const entries = Object.entries(toolchain ? withToolchain(dir, toolchain, base, caller) : base);
  return Object.fromEntries(entries.filter((entry): entry is [string, string] => entry[1] !== undefined));
}

function withToolchain(
  dir: string,
  toolchain: Toolchain,
  base: Readonly<NodeJS.ProcessEnv>,
  caller: Readonly<NodeJS.ProcessEnv>,
): NodeJS.ProcessEnv {
  // The caller's own Pulumi folder has the plugins when the toolchain brings none.
  const { PULUMI_HOME, PULUMI_DYNAMIC_TF_PLUGIN_CACHE_DIR } = caller;
  const given = { ...base, PULUMI_HOME, PULUMI_DYNAMIC_TF_PLUGIN_CACHE_DIR, ...toolchain.environment };
  return { ...toolchainEnvironment(toolchain, base), ...pulumiHome(dir, given) };
}

/**
 * What a person allows for one run, as it was given to the command that runs in the sandbox: the line that a refusal prints
 * works with `npm run sandbox -- exec` in it too. Only what the caller's shell gives this run, never what the sandbox keeps.
 */
export function allowancesOf(caller: Readonly<NodeJS.ProcessEnv> = process.env): Record<string, string> {
  return Object.fromEntries(
    allowanceVariables.flatMap((name) => {
      const given = caller[name];
      return given === undefined ? [] : [[name, given] as const];
    }),
  );
}

/** Where the services are, and the tokens that open them. */
function serviceEnvironment(dir: string, endpoints: Endpoints): Record<string, string> {
  const { services } = sandboxPaths(dir);
  const netlify = netlifyTokens(services).admin;
  return {
    NETLIFY_API_ENDPOINT: endpoints.netlify,
    NETLIFY_API_TOKEN: netlify,
    NETLIFY_AUTH_TOKEN: netlify,
    GITHUB_BASE_URL: `${endpoints.github}/`,
    GITHUB_TOKEN: githubTokens(services).write,
    GITHUB_OWNER: github.owner,
    OP_SERVICE_ACCOUNT_TOKEN: serviceAccountToken(services, portOf(endpoints.onepassword)),
    ...managementEnvironment(dir, endpoints),
  };
}

/** Supabase's Management API with the token that the vault holds now: what the vault does not hold opens nothing. */
function managementEnvironment(dir: string, endpoints: Endpoints): Record<string, string> {
  const token = heldInVault(dir, 'access_token');
  return {
    SUPABASE_API_ENDPOINT: endpoints.supabaseManagement,
    ...(token !== undefined && { SUPABASE_ACCESS_TOKEN: token }),
  };
}

function heldInVault(dir: string, label: string): string | undefined {
  const vault = openVault(sandboxPaths(dir).services);
  return vault.list().some((field) => field.label === label) ? vault.read(label) : undefined;
}

/**
 * What the operations commands need beside it: Supabase, its Management API, Slack and the deployed sites, where they keep
 * what they remember, and the database's key by the vault alone.
 */
export function operationsEnvironment(dir: string, endpoints: Endpoints): Record<string, string> {
  const webhook = heldInVault(dir, 'slack_webhook_url');
  return {
    ...managementEnvironment(dir, endpoints),
    STAGING_SUPABASE_URL: endpoints.supabase,
    STAGING_SITES_URL: endpoints.hosting,
    ...(webhook !== undefined && { SLACK_WEBHOOK_URL: endpoints.slack + new URL(webhook).pathname }),
    ALERT_STATE_DIR: sandboxPaths(dir).alerts,
    INCIDENTS_DIR: sandboxPaths(dir).incidents,
    ROTATIONS_DIR: sandboxPaths(dir).rotations,
    STAGING_APPLICATION: applicationFolder(),
  };
}

/**
 * What tests the deployed site: the way to it by its real name, and the smoke test's user and expectations, as the deploy
 * job has them.
 */
export function siteEnvironment(dir: string, { environment, browserArguments }: RealNames): Record<string, string> {
  const { services } = sandboxPaths(dir);
  const vault = openVault(services);
  const held = Object.entries({
    SUPABASE_URL: 'url',
    SUPABASE_ANON_KEY: 'anon_key',
    DEFAULT_ORGANIZATION_ID: 'default_organization_id',
  }).flatMap(([name, label]) =>
    vault.list().some((field) => field.label === label) ? [[name, vault.read(label)] as const] : [],
  );
  return {
    ...environment,
    ...Object.fromEntries(held),
    STAGING_URL: stagingAddress,
    SMOKE_USER_EMAIL: emailOf('admin'),
    SMOKE_USER_PASSWORD: openProject(services).state.password,
    SMOKE_BROWSER_ARGUMENTS: browserArguments,
  };
}

/** Pulumi with a file backend, a passphrase and a configuration of the sandbox's own. */
function pulumiEnvironment(dir: string): Record<string, string> {
  const { pulumiState, configuration, audit } = sandboxPaths(dir);
  mkdirSync(pulumiState, { recursive: true });
  return {
    PULUMI_BACKEND_URL: pathToFileURL(pulumiState).href,
    PULUMI_CONFIG_PASSPHRASE: passphrase(dir),
    PULUMI_SKIP_UPDATE_CHECK: 'true',
    STAGING_AUDIT_FILE: audit,
    // Asks the providers for differences at once, not one by one: a quarter less time at 200 variables.
    PULUMI_PARALLEL_DIFF: 'true',
    PULUMI_STACK: 'staging',
    // Every flag of the CLI has an environment form; this one is --config-file.
    PULUMI_OPTION_CONFIG_FILE: configuration,
    // Commands without --config-file read the committed file, which has no salt: let them take the state's.
    PULUMI_FALLBACK_TO_STATE_SECRETS_MANAGER: 'true',
  };
}

/** The sandbox's passphrase, made on first use. Two processes at once get the same one: the first link wins. */
function passphrase(dir: string): string {
  const file = sandboxPaths(dir).passphrase;
  const draft = `${file}.${process.pid}`;
  mkdirSync(dirname(file), { recursive: true });
  try {
    return readFileSync(file, 'utf8');
  } catch {
    writeFileSync(draft, randomBytes(32).toString('base64url'), { mode: 0o600 });
  }
  try {
    linkSync(draft, file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  } finally {
    rmSync(draft, { force: true });
  }
  return readFileSync(file, 'utf8');
}

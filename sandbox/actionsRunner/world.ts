import { randomBytes, randomUUID } from 'node:crypto';
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { findBrowser } from '../../commands/previewSmoke/browser/browser.ts';
import { projectRoot } from '../../settings/stack/projectRoot.ts';
import { callerEnvironment } from '../process/callerEnvironment.ts';
import { createHosting } from '../standIns/hosting/netlify.ts';
import { site, supabase as project } from '../process/identity.ts';
import { startInternet } from '../standIns/internet/internet.ts';
import { createNetlify, netlifyTokens, seedNetlify } from '../standIns/netlify/index.ts';
import type { Faults } from '../server/faults.ts';
import { serveAll } from '../server/serve.ts';
import type { Service } from '../server/service.ts';
import { createSlack, type SlackMessage } from '../standIns/slack/service.ts';
import type { SupabaseProject } from './supabaseProject.ts';
import { writeBrowser, writeNpm, writeNpx } from './tools.ts';

/** The services that the deploy job meets, under their real names, and a runner's environment that leads to them. */
export interface World {
  readonly secrets: Readonly<Record<string, string>>;
  readonly environment: Readonly<Record<string, string>>;
  readonly faults: Faults;
  /** What `#deployments` has received. */
  readonly alerts: () => readonly SlackMessage[];
  /** The id of production's published deploy: a deploy to staging must not move it. */
  readonly production: () => string | undefined;
  close(): Promise<void>;
}

/** A function of ours that Netlify's command line asks at a second host: this account has no extensions. */
const extensions: Service = { name: 'netlify-extensions', handle: () => ({ status: 200, body: [] }) };

/**
 * The variables of the playbook, for both of staging's contexts, for drafts, and production's own. The team's job deploys
 * a draft: `--context` is for the build alone, the functions of a draft run with the values for deploy previews.
 */
function variables(values: Readonly<Record<string, string>>) {
  const branches = ['staging', 'develop'].map((branch) => ({ context: 'branch', context_parameter: branch }) as const);
  const contexts = [...branches, { context: 'deploy-preview' } as const, { context: 'production' } as const];
  return Object.entries(values).map(([key, value]) => ({
    key,
    values: contexts.map((context) => ({ ...context, value })),
  }));
}

export interface WorldOptions {
  readonly dir: string;
  /** It outlives a world. */
  readonly supabase: SupabaseProject;
  /** Another organisation than the job's secret says. */
  readonly otherOrganization?: boolean;
}

/** Starts it; all but the Supabase project is made up anew, and nothing outlives it but files in `dir`. */
export async function startWorld(options: WorldOptions): Promise<World> {
  const stateDir = join(options.dir, 'services');
  mkdirSync(stateDir, { recursive: true });
  const { supabase } = options;
  const { keys, organizationId, user, faults } = supabase;
  const netlify = createNetlify({ stateDir });
  const values = {
    SUPABASE_URL: project.url,
    SUPABASE_ANON_KEY: keys.anonKey,
    SUPABASE_SERVICE_ROLE_KEY: keys.serviceRoleKey,
    DEFAULT_ORGANIZATION_ID: options.otherOrganization === true ? randomUUID() : organizationId,
  };
  seedNetlify(netlify, { liveDeploy: true, variables: variables(values) });
  const webhookPath = `/services/T${randomBytes(5).toString('hex').toUpperCase()}/B${randomBytes(5).toString('hex').toUpperCase()}/${randomBytes(12).toString('hex')}`;
  const slack = createSlack({ stateDir, webhookPath });

  let network: Readonly<Record<string, string>> = {};
  const hosting = createHosting(stateDir, () => Promise.resolve(network));
  const served = await serveAll([netlify, hosting, slack, extensions], { faults });
  const internet = await startInternet({
    'api.netlify.com': served.port('netlify'),
    '*.netlify.app': served.port('hosting'),
    [new URL(project.url).hostname]: supabase.port,
    'hooks.slack.com': served.port('slack'),
    'api.netlifysdk.com': served.port(extensions.name),
  });

  const environment = await runnerEnvironment(options.dir, internet);
  network = networkOf(environment);

  return {
    faults,
    alerts: () => slack.messages(),
    production: () => netlify.store.state.sites.find(({ id }) => id === site.id)?.published_deploy_id,
    secrets: {
      NETLIFY_AUTH_TOKEN: netlifyTokens(stateDir).admin,
      NETLIFY_STAGING_SITE_ID: site.id,
      SLACK_WEBHOOK_URL: `https://hooks.slack.com${webhookPath}`,
      DEFAULT_ORGANIZATION_ID: organizationId,
      SUPABASE_URL: project.url,
      SUPABASE_ANON_KEY: keys.anonKey,
      SMOKE_USER_EMAIL: user.email,
      SMOKE_USER_PASSWORD: user.password,
    },
    environment,
    async close() {
      await internet.close();
      await served.close();
    },
  };
}

/** The part of a runner's environment by which a process reaches the services. */
export function networkOf(environment: Readonly<Record<string, string>>): Record<string, string> {
  const names = ['HTTPS_PROXY', 'HTTP_PROXY', 'NODE_USE_ENV_PROXY', 'NODE_EXTRA_CA_CERTS'];
  return Object.fromEntries(Object.entries(environment).filter(([name]) => names.includes(name)));
}

/** What a runner has: tools on PATH, a home of its own, and the way to the services. */
export async function runnerEnvironment(
  dir: string,
  internet: Awaited<ReturnType<typeof startInternet>>,
): Promise<Record<string, string>> {
  const bin = join(dir, 'bin');
  const home = join(dir, 'home');
  for (const folder of [bin, home]) mkdirSync(folder, { recursive: true });
  const own = callerEnvironment();
  const authorities = join(dir, 'authorities.pem');
  const known = own.NODE_EXTRA_CA_CERTS === undefined ? '' : readFileSync(own.NODE_EXTRA_CA_CERTS, 'utf8');
  writeFileSync(authorities, `${known}\n${internet.certificate.certificate}`);
  writeBrowser(join(bin, 'sandbox-browser'), await findBrowser(), internet);
  writeNpm(join(bin, 'npm'), own);
  writeNpx(join(bin, 'npx'), own);
  for (const name of ['sandbox-browser', 'npm', 'npx']) chmodSync(join(bin, name), 0o755);
  return {
    ...own,
    HOME: home,
    PATH: [bin, join(projectRoot(), 'node_modules', '.bin'), own.PATH ?? ''].join(':'),
    HTTPS_PROXY: internet.proxy,
    HTTP_PROXY: internet.proxy,
    NODE_USE_ENV_PROXY: '1',
    NODE_EXTRA_CA_CERTS: authorities,
    SMOKE_BROWSER: join(bin, 'sandbox-browser'),
  };
}

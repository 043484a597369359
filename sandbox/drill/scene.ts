import { randomBytes, randomUUID } from 'node:crypto';
import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildApplication, brokenBuild } from '../application/buildApplication.ts';
import { deployApplication } from '../application/deployApplication.ts';
import { layApplication } from '../application/layApplication.ts';
import { projectRoot } from '../../settings/stack/projectRoot.ts';
import { createGitHub, githubTokens, seedGitHub } from '../standIns/github/index.ts';
import { createHosting } from '../standIns/hosting/netlify.ts';
import { github, site, supabase as project } from '../process/identity.ts';
import { startInternet } from '../standIns/internet/internet.ts';
import { createNetlify, netlifyTokens, seedNetlify } from '../standIns/netlify/index.ts';
import { serveAll } from '../server/serve.ts';
import { createSlack } from '../standIns/slack/service.ts';
import { createKeys } from '../standIns/supabase/keys.ts';
import { createSupabase } from '../standIns/supabase/service.ts';
import { createSupabaseManagement } from '../standIns/supabaseManagement/service.ts';
import { networkOf, runnerEnvironment } from '../actionsRunner/world.ts';
import { startRunners } from './pipeline.ts';

export type Scene = Awaited<ReturnType<typeof openScene>>;

/** The commits of the drill: one that works, and one that does not. */
export const commits = { good: 'a'.repeat(40), bad: 'b'.repeat(40) } as const;

/** The application's newest migration: an hour ago it had not been applied. */
const lastMigration = '20260601090000_visit_notes';

/** Everything that an incident meets, on loopback under the vendors' own names, and nothing of it stays. */
export async function openScene() {
  const folder = mkdtempSync(join(tmpdir(), 'drill-'));
  const stateDir = join(folder, 'state');
  const keys = createKeys(randomBytes(32).toString('hex'), project.projectRef);
  const organizationId = randomUUID();
  const user = {
    email: 'smoke-test@staging.example',
    password: randomBytes(18).toString('base64url'),
    app_metadata: { role: 'admin', organization_id: organizationId },
  };
  const root = projectRoot();
  const source = join(folder, 'application');
  layApplication('playbook', source);
  const built = await buildApplication(source);
  const migrations = join(source, 'supabase', 'migrations');
  writeFileSync(join(migrations, `${lastMigration}.sql`), 'create table public.visit_notes (note text);\n');
  const values = {
    SUPABASE_URL: project.url,
    SUPABASE_ANON_KEY: keys.anonKey,
    DEFAULT_ORGANIZATION_ID: organizationId,
  };
  const contexts = ['staging', 'develop'].map((branch) => ({ context: 'branch', context_parameter: branch }) as const);
  const variables = Object.entries(values).map(([key, value]) => ({
    key,
    values: [...contexts.map((context) => ({ ...context, value })), { context: 'production' as const, value }],
  }));
  seedNetlify(stateDir, { liveDeploy: true, variables });
  seedGitHub(stateDir, { workflows: { '.github/workflows/ci.yml': 'CI' } });
  const supabase = createSupabase({
    keys,
    users: [user],
    migrations: [migrations],
  });
  await supabase.database(); // opened now: on a busy machine its first answer would come too late for the smoke test
  const management = createSupabaseManagement({
    stateDir,
    database: () => supabase.database(),
    logs: () => supabase.logs(),
    restored: async ({ superuser }) => {
      await superuser.exec(`drop table if exists visit_notes;
        delete from supabase_migrations.schema_migrations where version =
          (select max(version) from supabase_migrations.schema_migrations)`);
    },
  });
  const webhookPath = `/services/T${randomBytes(4).toString('hex')}/B1/${randomBytes(12).toString('hex')}`;
  const slack = createSlack({ stateDir, webhookPath });
  let network: Readonly<Record<string, string>> = {};
  const services = [
    createNetlify({ stateDir }),
    createHosting(stateDir, () => Promise.resolve(network)),
    createGitHub({ stateDir }),
    supabase,
  ];
  const served = await serveAll([...services, management, slack]);
  const internet = await startInternet({
    'api.netlify.com': served.port('netlify'),
    '*.netlify.app': served.port('hosting'),
    [new URL(project.url).hostname]: served.port('supabase'),
    'api.supabase.com': served.port('supabaseManagement'),
    'hooks.slack.com': served.port('slack'),
  });
  const runner = await runnerEnvironment(folder, internet);
  network = networkOf(runner);
  const target = { apiUrl: served.urls.netlify ?? '', token: netlifyTokens(stateDir).admin, siteId: site.id };
  const deploy = (sha: string) =>
    deployApplication(target, 'develop', sha === commits.good ? built : brokenBuild(built));
  const stopRunners = startRunners(stateDir, deploy);
  const configuration = join(folder, 'Pulumi.staging.yaml');
  cpSync(join(root, 'Pulumi.staging.yaml'), configuration);
  return {
    folder,
    stateDir,
    slack,
    /** A checkout of the application: its migrations are applied again after a restore. */
    application: source,
    deploy,
    database: () => supabase.database(),
    environment: {
      ...runner,
      NO_PROXY: '127.0.0.1',
      NETLIFY_API_TOKEN: target.token,
      GITHUB_BASE_URL: `${served.urls.github ?? ''}/`,
      GITHUB_OWNER: github.owner,
      GITHUB_TOKEN: githubTokens(stateDir).write,
      SUPABASE_URL: project.url,
      SUPABASE_SERVICE_ROLE_KEY: keys.serviceRoleKey,
      SUPABASE_ANON_KEY: keys.anonKey,
      SUPABASE_ACCESS_TOKEN: management.store.state.token,
      DEFAULT_ORGANIZATION_ID: organizationId,
      SMOKE_USER_EMAIL: user.email,
      SMOKE_USER_PASSWORD: user.password,
      SLACK_WEBHOOK_URL: `https://hooks.slack.com${webhookPath}`,
      ALERT_STATE_DIR: join(folder, 'alerts'),
      INCIDENTS_DIR: join(folder, 'incidents'),
      // What the emergency level writes down: a copy, which the committed file stays out of.
      PULUMI_OPTION_CONFIG_FILE: configuration,
      STAGING_VAULT: 'off',
    },
    async close() {
      await stopRunners();
      await internet.close();
      await served.close();
      await supabase.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

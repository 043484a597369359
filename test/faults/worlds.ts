import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { cpSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { saveIncident, type Incident } from '../../incidents/record.ts';
import { netlifyTokens } from '../../sandbox/standIns/netlify/index.ts';
import { createOnePassword } from '../../sandbox/standIns/onepassword/index.ts';
import { serve, type Listening, type LogEntry } from '../../sandbox/server/serve.ts';
import { createSlack } from '../../sandbox/standIns/slack/service.ts';
import {
  createSupabaseManagement,
  type SupabaseManagement,
} from '../../sandbox/standIns/supabaseManagement/service.ts';
import { recorded } from '../commands/deploy/history.ts';
import { startWorld, type World } from '../commands/every/world.ts';
import type { Case } from './case.ts';
import { layEngines } from './engines.ts';
import { startThrown, type Thrown } from './thrown.ts';

const emergency = 'AGENT_ACTIONS_DISABLED';

/** The services and folders that the rows run with. */
export interface Worlds {
  readonly world: World;
  readonly thrown: Thrown;
  readonly webhook: string;
  readonly token: string;
  /** The deploy job's token for Netlify. */
  readonly deployToken: string;
  /** A deploy of production's branch that the site served before. */
  readonly earlierDeploy: string;
  /** The services' addresses as a row sees them. */
  urls(one: Case): Readonly<Record<string, string>>;
  /** The folder in which a row runs. */
  folder(one: Case): string;
  /** Where a row finds the programs that commands start. */
  programs(one: Case): string;
  /** A Management API for one cell alone. */
  ownManagement(secret: 'unset' | 'true'): Promise<{ readonly url: string; readonly value: () => string | undefined }>;
  close(): Promise<void>;
}

/** Starts everything, in this process. */
export async function startWorlds(): Promise<Worlds> {
  const webhook = `/services/T1/B1/${randomBytes(12).toString('hex')}`;
  const managements: SupabaseManagement[] = [];
  const starting = startThrown();
  const database = () => world.supabase.database();
  const world: World = await startWorld({
    netlify: {
      builtBranches: ['main'],
      variables: [
        // Another organisation than the stack has, and a secret one to adopt.
        { key: 'DEFAULT_ORGANIZATION_ID', values: inStaging('another') },
        { key: 'OPENAI_API_KEY', values: inStaging('made up'), isSecret: true },
      ],
    },
    github: { workflows: { '.github/workflows/ci.yml': 'CI' }, checks: { develop: { 'deploy-staging': 'success' } } },
    services: (stateDir) => {
      managements.push(createSupabaseManagement({ stateDir, database }));
      return [...managements, createSlack({ stateDir, webhookPath: webhook }), createOnePassword({ stateDir })];
    },
  });
  const [management] = managements;
  if (!management) throw new Error('the world has started no Management API');
  const { token } = management.store.state;
  management.store.update(({ branches }) => branches.push({ shown: oldBranch(), looks: 0 }));
  const thrown = await starting;
  const servers: Listening[] = [];
  const further = async (name: string, secret: 'unset' | 'true', log: (entry: LogEntry) => void) => {
    const service = createSupabaseManagement({ stateDir: join(world.stateDir, name), token: () => token });
    const updatedAt = new Date().toISOString();
    if (secret === 'true')
      service.store.update((state) => (state.secrets = { [emergency]: { value: secret, updatedAt } }));
    const server = await serve(service, { log });
    servers.push(server);
    return { service, url: server.url };
  };
  const managementWithSecret = await further('thrown', 'true', (entry) => world.log.push(entry));
  world.secrets.push(token, webhook, thrown.keys.serviceRoleKey, thrown.person.password);
  const deployToken = netlifyTokens(world.stateDir).readOnly;
  world.secrets.push(deployToken);
  const earlierDeploy = await layDeploys(world);
  const folders = layFolders(world);
  const programs = layEngines(world.stateDir);
  let own = 0;
  return {
    ...{ world, thrown, webhook, token, deployToken, earlierDeploy },
    urls: ({ world: which }) => ({
      ...world.urls,
      site: thrown.siteUrl,
      ...(which === 'thrown' && { supabase: thrown.supabaseUrl, supabaseManagement: managementWithSecret.url }),
    }),
    folder: ({ folder }) => (folder === undefined ? world.root : folders[folder]),
    programs,
    async ownManagement(secret) {
      const { service, url } = await further(`own-${(own += 1)}`, secret, () => undefined);
      return { url, value: () => service.store.state.secrets?.[emergency]?.value };
    },
    async close() {
      await Promise.all(servers.map((server) => server.close()));
      await thrown.close();
      await world.close();
    },
  };
}

function inStaging(value: string) {
  return ['staging', 'develop'].map((branch) => ({ context: 'branch' as const, context_parameter: branch, value }));
}

/** A good deploy of staging and a newer one, and two of production; yields the earlier one of these. */
async function layDeploys(world: World): Promise<string> {
  const good = await world.deploy('develop', 'good');
  await world.deploy('develop', 'newer');
  recorded(world, good, 'a'.repeat(40), ['success']);
  const earlier = await world.deploy('main', 'earlier');
  await world.deploy('main', 'later');
  world.log.length = 0;
  return earlier;
}

const oldBranch = () => ({
  ...{ id: 'b1', name: 'old', project_ref: 'o'.repeat(20), parent_project_ref: 'wnnjeqheqxxyrgsjmygy' },
  ...{ is_default: false, persistent: false, status: 'MIGRATIONS_PASSED' as const, with_data: false },
  ...{ created_at: '2026-01-01T00:00:00Z', updated_at: '2026-01-01T00:00:00Z' },
});

/** The project's folder, and copies of it in which something is otherwise. */
function layFolders({ root }: World): Readonly<Record<NonNullable<Case['folder']>, string>> {
  cpSync('package.json', join(root, 'package.json'));
  for (const shared of ['launch', 'node_modules']) symlinkSync(join(process.cwd(), shared), join(root, shared));
  execFileSync('git', ['init', '-q'], { cwd: root });
  writeFileSync(join(root, 'preview.json'), '{"steps":[]}');
  const migrations = join(root, 'checkout', 'supabase', 'migrations');
  mkdirSync(migrations, { recursive: true });
  writeFileSync(join(migrations, '29990101000000_x.sql'), 'create table x ();\n');
  const copy = (name: string) => {
    const folder = join(root, '..', name);
    cpSync(root, folder, { recursive: true });
    return folder;
  };
  // A site of staging's own: only there is something to unlock.
  const separate = copy('separate');
  const file = join(separate, 'Pulumi.staging.yaml');
  const own = 'mode: separate-site\n    productionSite: production-elsewhere';
  writeFileSync(file, readFileSync(file, 'utf8').replace('mode: shared-site', own));
  // A value that Edge Functions read, too.
  const edge = copy('edge');
  const edgeFile = join(edge, 'Pulumi.staging.yaml');
  const values = 'allincompassing:values:\n';
  const one = `${values}    EDGE_ONLY: {from: op://Platform/Supabase/url, edgeFunction: true}\n`;
  writeFileSync(edgeFile, readFileSync(edgeFile, 'utf8').replace(values, one));
  // Where an incident starts, it looks for drift in a process of its own; that look has rows of its own.
  const incident = copy('incident');
  rmSync(join(incident, 'launch'));
  mkdirSync(join(incident, 'launch'));
  writeFileSync(join(incident, 'launch', 'command.mjs'), `console.log('{"findings":[],"errors":[]}');\n`);
  // The emergency is written down in the stack's file.
  return { separate, incident, edge, emergency: copy('emergency') };
}

/** An incident that is under way. */
export function layIncident(folder: string): void {
  const incident: Incident = {
    ...{ id: 'x', title: 'x', severity: 'high', kind: 'deploy', lead: 'x', startedAt: '2026-01-01T00:00:00Z' },
    timeline: [],
  };
  saveIncident(folder, incident);
}

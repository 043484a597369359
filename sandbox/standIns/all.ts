import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { existingTeam } from '../stack/existingTeam.ts';
import { createGitHub, seedGitHub } from './github/index.ts';
import { hostingByPath } from './hosting/byPath.ts';
import { createHosting } from './hosting/netlify.ts';
import { createNetlify, seedNetlify } from './netlify/index.ts';
import type { NetlifyService } from './netlify/netlifyService.ts';
import { createOnePassword, type OnePassword } from './onepassword/index.ts';
import type { Service } from '../server/service.ts';
import { createSlack, type SlackService } from './slack/service.ts';
import { applicationMigrations } from './supabase/application.ts';
import { createSupabase, type SupabaseService } from './supabase/service.ts';
import { acceptedKeys } from './supabaseManagement/apiKeys.ts';
import { functionEnvironment, seedFunctionSecrets } from './supabaseManagement/secrets.ts';
import { createSupabaseManagement, type SupabaseManagement } from './supabaseManagement/service.ts';
import { openProject, people } from '../stack/supabaseProject.ts';

/** The services that the sandbox stands in for. */
export interface StandIns {
  readonly onepassword: OnePassword;
  readonly netlify: NetlifyService;
  readonly github: Service;
  /** Its database is opened by the first request for it: no other request waits for it. */
  readonly supabase: SupabaseService;
  readonly supabaseManagement: SupabaseManagement;
  readonly slack: SlackService;
  /** The deploys of the Netlify stand-in, each below its public host name. */
  readonly hosting: Service;
}

/** The environment in which a process of the sandbox's site reaches the stand-ins under their real names. */
export type Network = () => Promise<Readonly<Record<string, string>>>;

export type ServiceName = keyof StandIns;

/** In the order in which they are listed. */
export const serviceNames: readonly ServiceName[] = [
  'onepassword',
  'netlify',
  'github',
  'supabase',
  'supabaseManagement',
  'slack',
  'hosting',
];

/** All stand-ins on one state folder; a new folder gets what a team has before this project comes. */
export function createStandIns(stateDir: string, network?: Network): StandIns {
  const isNew = (name: ServiceName) => !existsSync(join(stateDir, `${name}.json`));
  const [newNetlify, newGitHub, newManagement] = [isNew('netlify'), isNew('github'), isNew('supabaseManagement')];
  const onepassword = createOnePassword({ stateDir });
  if (newGitHub) seedGitHub(stateDir, existingTeam(onepassword.vault).github);
  const standIns = {
    onepassword,
    netlify: createNetlify({ stateDir }),
    github: createGitHub({ stateDir }),
    ...supabaseAndSlack(stateDir, onepassword),
    hosting: hostingByPath(createHosting(stateDir, network)),
  };
  if (newManagement) seedFunctionSecrets(standIns.supabaseManagement, existingTeam(onepassword.vault).functionSecrets);
  if (newNetlify) {
    seedNetlify(standIns.netlify, existingTeam(onepassword.vault).netlify);
    acceptVaultToken(standIns);
  }
  return standIns;
}

/** Rotates a field as a team does: a token is first made at the service, then put into the vault. */
export function rotate(standIns: StandIns, label: string): void {
  standIns.onepassword.vault.rotate(label);
  if (label === 'netlify_auth_token') acceptVaultToken(standIns);
}

/** Netlify accepts the token that the vault holds, as it would in a team's account. */
function acceptVaultToken({ onepassword, netlify }: StandIns): void {
  const admin = onepassword.vault.read('netlify_auth_token');
  netlify.store.update((state) => {
    state.tokens = { ...state.tokens, admin };
  });
}

/**
 * The project's legacy keys: what the vault holds, as long as that is a legacy key. Supabase keeps them when the vault has
 * another one, until somebody disables them.
 */
function legacyKeys(store: SupabaseManagement['store'], held: (label: string) => string) {
  const inVault = { anon: held('anon_key'), service_role: held('service_role_key') };
  const known = store.state.legacyKeys ?? inVault;
  const now = {
    anon: isNewKey(inVault.anon) ? known.anon : inVault.anon,
    service_role: isNewKey(inVault.service_role) ? known.service_role : inVault.service_role,
  };
  const { anon, service_role } = store.state.legacyKeys ?? {};
  if (now.anon !== anon || now.service_role !== service_role)
    store.update((state) => {
      state.legacyKeys = now;
    });
  return now;
}

function isNewKey(value: string): boolean {
  return value.startsWith('sb_');
}

/** They accept what the vault holds now, so that a value that is rotated there is the one that works. */
function supabaseAndSlack(stateDir: string, { vault }: OnePassword) {
  const project = openProject(stateDir);
  const { application } = project.state;
  // What the vault does not hold opens nothing.
  const held = (label: string) =>
    vault.list().some((field) => field.label === label) ? vault.read(label) : randomUUID();
  const keys = () => {
    const { anon, service_role } = legacyKeys(supabaseManagement.store, held);
    return {
      jwtSecret: project.state.jwtSecret,
      anonKey: anon,
      serviceRoleKey: service_role,
      legacyDisabled: supabaseManagement.store.state.legacyDisabled === true,
      legacyRevoked: supabaseManagement.store.state.legacyRevoked === true,
      further: acceptedKeys(supabaseManagement.store),
    };
  };
  const webhookPath = () => held('slack_webhook_url').replace(/^https?:\/\/[^/]+/, '');
  const token = () => held('access_token');
  const supabaseManagement = createSupabaseManagement({
    ...{ stateDir, token },
    database: () => supabase.database(),
    logs: () => supabase.logs(),
  });
  const supabase: SupabaseService = createSupabase({
    folder: join(stateDir, `database-${application}`),
    keys,
    migrations: applicationMigrations(application),
    users: people(project.state, held('default_organization_id')),
    agent: { application, secrets: () => functionEnvironment(supabaseManagement.store) },
  });
  keys(); // a legacy key that is replaced in the vault before anybody asks is still known
  return { supabase, supabaseManagement, slack: createSlack({ stateDir, webhookPath }) };
}

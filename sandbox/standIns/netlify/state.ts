import { randomBytes } from 'node:crypto';
import { site } from '../../process/identity.ts';
import type { Context } from './contexts.ts';
import { defaultBehaviour, type Behaviour, type StoredBuild, type StoredDeploy } from './deploys/storedDeploy.ts';

/** Scopes as replies spell them; requests spell the last one `post-processing`. */
export const scopes = ['builds', 'functions', 'runtime', 'post_processing'] as const;
export type Scope = (typeof scopes)[number];

/** One context's value of a variable, as it is stored. */
export interface StoredValue {
  id: string;
  value: string;
  context: Context;
  context_parameter?: string;
}

export interface StoredVariable {
  key: string;
  scopes: Scope[];
  values: StoredValue[];
  is_secret: boolean;
  updated_at: string;
  /** A user's id. */
  updated_by: string;
}

export interface StoredUser {
  id: string;
  full_name: string;
  email: string;
}

export interface StoredAccount {
  id: string;
  slug: string;
  name: string;
  /** `free` cannot choose scopes for plain variables. */
  plan: 'free' | 'pro';
  created_at: string;
}

/** How Netlify builds the site from Git. */
type BuildSettings = Record<string, unknown>;

export interface StoredSite {
  id: string;
  name: string;
  account_id: string;
  /** Where production is served, e.g. `example.netlify.app`. */
  default_domain: string;
  custom_domain: string;
  build_settings: BuildSettings;
  processing_settings: { html: { pretty_urls: boolean } };
  prevent_non_git_prod_deploys: boolean;
  build_image: string;
  functions_region: string;
  created_at: string;
  updated_at: string;
  /** The deploy that production serves. Only production deploys and restores move it. */
  published_deploy_id?: string;
}

export interface NetlifyState {
  /** Accepted bearer tokens, made for this state: one that may do everything, one that may only read. */
  tokens: { admin: string; readOnly: string };
  /** The last time given out, in milliseconds: no two changes carry the same one. */
  clock: number;
  users: StoredUser[];
  accounts: StoredAccount[];
  sites: StoredSite[];
  /** By owner: `account:ID` or `site:ID`. */
  variables: Record<string, StoredVariable[]>;
  deploys: StoredDeploy[];
  builds: StoredBuild[];
  behaviour: Behaviour;
}

/** The user whose tokens the stand-in accepts. */
const owner: StoredUser = { id: '64b7f02ac1d95e0008f3a6b0', full_name: 'Sandbox Owner', email: 'owner@example.com' };

/** The team and the site of the playbook, with nothing configured yet. */
export function initialState(): NetlifyState {
  const born = new Date().toISOString();
  return {
    tokens: { admin: `nfp_${randomBytes(20).toString('hex')}`, readOnly: `nfp_${randomBytes(20).toString('hex')}` },
    clock: 0,
    users: [owner],
    accounts: [{ id: site.accountId, slug: site.accountSlug, name: 'AllIincompassing', plan: 'pro', created_at: born }],
    sites: [newSite({ id: site.id, name: site.name, account_id: site.accountId, subdomain: 'allincompassing' }, born)],
    variables: {},
    deploys: [],
    builds: [],
    behaviour: defaultBehaviour,
  };
}

/** A site as Netlify makes it, built from `main` with branch deploys of `develop` and `staging`. */
export function newSite(
  { subdomain, ...given }: Pick<StoredSite, 'id' | 'name' | 'account_id'> & { readonly subdomain: string },
  born: string,
): StoredSite {
  return {
    ...given,
    default_domain: `${subdomain}.netlify.app`,
    custom_domain: '',
    build_settings: {
      provider: 'github',
      repo_path: 'allincompassing/allincompassing',
      repo_url: 'https://github.com/allincompassing/allincompassing',
      repo_branch: 'main',
      allowed_branches: ['main', 'develop', 'staging'],
      cmd: 'npm run build',
      dir: 'dist',
      functions_dir: 'netlify/functions',
      installation_id: 1,
      private_logs: true,
      public_repo: false,
      skip_prs: false,
      stop_builds: false,
      env: {},
    },
    processing_settings: { html: { pretty_urls: true } },
    prevent_non_git_prod_deploys: false,
    build_image: 'noble',
    functions_region: 'us-east-2',
    created_at: born,
    updated_at: born,
  };
}

/** The current time, later than every time this state has given out: ISO 8601 with milliseconds. */
export function tick(state: NetlifyState): string {
  state.clock = Math.max(Date.now(), state.clock + 1);
  return new Date(state.clock).toISOString();
}

import { randomBytes } from 'node:crypto';
import { notFound } from '../apiError.ts';
import type { Context, NetlifyState, StoredSite } from '../state.ts';

/** The deploy contexts that a deploy itself can have. */
export type DeployContext = Extract<Context, 'production' | 'branch-deploy' | 'deploy-preview'>;

type DeployStatus = 'new' | 'enqueued' | 'building' | 'uploading' | 'prepared' | 'ready' | 'error';

export interface StoredDeploy {
  id: string;
  site_id: string;
  state: DeployStatus;
  context: DeployContext;
  branch: string;
  /** Drafts never become the site's live deploy by themselves. */
  draft: boolean;
  /** The part of its address before `--`; absent for the one that only its id reaches. */
  alias?: string;
  title: string;
  error_message: string;
  locked: boolean;
  build_id?: string;
  /** `cli`, `api` or `git`. */
  deploy_source: string;
  /** SHA-1 by path. */
  files: Record<string, string>;
  /** SHA-256 of the bundle by function name. */
  functions: Record<string, string>;
  /** Code digest by bundle format. */
  edge_functions: Record<string, string>;
  function_runtimes: Record<string, string>;
  /** What its functions read: fixed when the deploy is made, as on Netlify; later changes need a new deploy. */
  environment: Record<string, string>;
  created_at: string;
  updated_at: string;
  published_at?: string;
}

export interface StoredBuild {
  id: string;
  deploy_id: string;
  sha: string;
  done: boolean;
  error: string;
  created_at: string;
}

/** What the vendor's side decides and a test may want otherwise. */
export interface Behaviour {
  /** The context that the server gives a draft, which no request names: undocumented, so a test may choose. */
  draftContext: DeployContext;
  /** Whether a value for the branch applies to a deploy with an alias of the same name: also undocumented. */
  aliasIsBranch: boolean;
  /** How Netlify's own builds end. */
  buildOutcome: 'ready' | 'error' | 'never';
}

export const defaultBehaviour: Behaviour = {
  draftContext: 'deploy-preview',
  aliasIsBranch: true,
  buildOutcome: 'ready',
};

/** An id in Netlify's form. */
export function newId(): string {
  return randomBytes(12).toString('hex');
}

/** A deploy by its id, of that site when one is named. */
export function findDeploy(state: NetlifyState, id: string | undefined, siteId?: string): StoredDeploy {
  const deploy = state.deploys.find((one) => one.id === id && (siteId === undefined || one.site_id === siteId));
  if (!deploy) throw notFound();
  return deploy;
}

export function productionBranch({ build_settings: settings }: StoredSite): string {
  return typeof settings.repo_branch === 'string' ? settings.repo_branch : 'main';
}

/** The host names that reach a deploy: its own, its alias' or branch's, and the site's when it is the live one. */
export function hostsOf(site: StoredSite, deploy: StoredDeploy): string[] {
  return [
    `${deploy.id}--${site.default_domain}`,
    ...(deploy.alias === undefined ? [] : [`${aliasLabel(deploy.alias)}--${site.default_domain}`]),
    ...(site.published_deploy_id === deploy.id ? [site.default_domain] : []),
  ];
}

/** A branch as it stands in a host name: `feat/a` becomes `feat-a`. */
function aliasLabel(alias: string): string {
  return alias
    .toLowerCase()
    .replaceAll(/[^a-z0-9-]+/g, '-')
    .slice(0, 37);
}

/** The address of a deploy as replies give it. */
export function addressOf(site: StoredSite, deploy: StoredDeploy): string {
  const [own, alias] = hostsOf(site, { ...deploy, alias: deploy.alias ?? '' });
  return (deploy.alias === undefined ? own : alias) ?? '';
}

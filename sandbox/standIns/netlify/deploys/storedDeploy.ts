import type { Context } from '../contexts.ts';

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
  /** The commit that Netlify built; absent for what was uploaded. */
  commit_ref?: string;
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

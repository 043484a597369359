import { commitId } from '../../../process/commitId.ts';
import { resolveEnvironment } from './deployEnvironment.ts';
import type { DeployInput } from './deployInput.ts';
import { newId, productionBranch } from './deployState.ts';
import type { StoredDeploy } from './storedDeploy.ts';
import { tick, type NetlifyState, type StoredSite } from '../state.ts';

/** The server's choice: the production branch publishes, also as an alias; another branch or alias does not; drafts never do. */
export function contextOf(
  state: NetlifyState,
  site: StoredSite,
  { draft, branch }: DeployInput,
): StoredDeploy['context'] {
  if (draft === true) return state.behaviour.draftContext;
  return branch === undefined || branch === productionBranch(site) ? 'production' : 'branch-deploy';
}

/** A deploy with no parts yet; the environment of its functions is settled here. */
export function newDeploy(
  state: NetlifyState,
  site: StoredSite,
  input: DeployInput & { readonly title: string; readonly buildId?: string },
): StoredDeploy {
  const born = tick(state);
  const context = contextOf(state, site, input);
  const branch = input.branch ?? productionBranch(site);
  const branchApplies = input.source === 'git' || state.behaviour.aliasIsBranch;
  const alias = input.branch ?? (context === 'production' ? branch : undefined);
  const { repo_path: repository } = site.build_settings;
  const isBuilt = input.source === 'git' && typeof repository === 'string';
  return {
    id: newId(),
    site_id: site.id,
    state: 'new',
    context,
    branch,
    draft: input.draft ?? false,
    ...(alias !== undefined && { alias }),
    title: input.title,
    error_message: '',
    locked: false,
    ...(input.buildId !== undefined && { build_id: input.buildId }),
    ...(isBuilt && { commit_ref: commitId(repository, branch) }),
    deploy_source: input.source ?? 'api',
    files: {},
    functions: {},
    edge_functions: {},
    function_runtimes: {},
    environment: resolveEnvironment(
      state,
      site,
      { context, ...(input.branch !== undefined && branchApplies && { branch: input.branch }) },
      'functions',
    ),
    created_at: born,
    updated_at: born,
  };
}

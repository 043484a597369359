import { addressOf } from './deployState.ts';
import type { StoredDeploy } from './storedDeploy.ts';
import type { NetlifyState, StoredSite } from '../state.ts';
import { missingFiles, missingFunctions, missingEdgeFunctions } from './uploadStore.ts';

/** A deploy as replies show it, with what is still to upload. */
export function deployView(state: NetlifyState, site: StoredSite, deploy: StoredDeploy, filesDir: string): object {
  return {
    ...deploySummary(state, site, deploy),
    required: missingFiles(filesDir, deploy),
    required_functions: missingFunctions(filesDir, deploy),
    required_edge_functions: missingEdgeFunctions(filesDir, deploy),
  };
}

/** A deploy as other replies carry it. */
export function deploySummary(state: NetlifyState, site: StoredSite, deploy: StoredDeploy): object {
  const host = addressOf(site, deploy);
  return {
    id: deploy.id,
    site_id: site.id,
    user_id: state.users[0]?.id,
    build_id: deploy.build_id ?? '',
    state: deploy.state,
    name: site.name,
    url: `http://${site.default_domain}`,
    ssl_url: `https://${site.default_domain}`,
    admin_url: `https://app.netlify.com/projects/${site.name}`,
    deploy_url: `http://${host}`,
    deploy_ssl_url: `https://${host}`,
    links: { permalink: `https://${deploy.id}--${site.default_domain}`, alias: `https://${host}` },
    screenshot_url: '',
    draft: deploy.draft,
    error_message: deploy.error_message,
    branch: deploy.branch,
    ...(deploy.commit_ref !== undefined && { commit_ref: deploy.commit_ref }),
    context: deploy.context,
    title: deploy.title,
    locked: deploy.locked,
    skipped: false,
    framework: 'unknown',
    deploy_source: deploy.deploy_source,
    manual_deploy: deploy.deploy_source !== 'git',
    available_functions: Object.keys(deploy.functions).map((name) => ({ n: name })),
    function_schedules: [],
    summary: { status: deploy.state === 'error' ? 'error' : 'ready', messages: [] },
    created_at: deploy.created_at,
    updated_at: deploy.updated_at,
    ...(deploy.published_at !== undefined && { published_at: deploy.published_at }),
  };
}

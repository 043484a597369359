import type { ServiceReply } from '../../server/service.ts';
import { unprocessable } from './apiError.ts';
import { findAccount, findSite, isInput, objectBody, page, type Call, type Input, type Route } from './call.ts';
import { deploySummary } from './deploys/deployView.ts';
import { tick, type NetlifyState, type StoredSite } from './state.ts';

/** A site as the API shows it, with every member that Netlify's own Go client and its CLI insist on. */
function siteView(state: NetlifyState, site: StoredSite): object {
  const account = findAccount(state, site.account_id);
  const live = state.deploys.find(({ id }) => id === site.published_deploy_id);
  const domain = site.custom_domain === '' ? site.default_domain : site.custom_domain;
  return {
    id: site.id,
    site_id: site.id,
    name: site.name,
    state: 'current',
    plan: account.plan === 'free' ? 'nf_team_dev' : 'nf_team_pro',
    account_id: account.id,
    account_slug: account.slug,
    account_name: account.name,
    user_id: state.users[0]?.id,
    url: `http://${domain}`,
    ssl_url: `https://${domain}`,
    deploy_url: `http://main--${site.default_domain}`,
    admin_url: `https://app.netlify.com/projects/${site.name}`,
    screenshot_url: '',
    default_domain: site.default_domain,
    custom_domain: site.custom_domain,
    branch_deploy_custom_domain: '',
    deploy_preview_custom_domain: '',
    domain_aliases: [],
    id_domain: `${site.id}.netlify.app`,
    ssl: true,
    force_ssl: true,
    managed_dns: false,
    sso_login: false,
    sso_login_context: 'all',
    notification_email: '',
    deploy_hook: '',
    build_image: site.build_image,
    build_timelimit: 15,
    deploy_retention_in_days: 30,
    labels: [],
    capabilities: {},
    prerender: '',
    use_envelope: true,
    functions_region: site.functions_region,
    prevent_non_git_prod_deploys: site.prevent_non_git_prod_deploys,
    build_settings: site.build_settings,
    ...(live && { published_deploy: deploySummary(state, site, live) }),
    processing_settings: site.processing_settings,
    created_at: site.created_at,
    updated_at: site.updated_at,
  };
}

function listSites(call: Call, accountSlug?: string): ServiceReply {
  const { state } = call.store;
  const account = accountSlug === undefined ? undefined : findAccount(state, accountSlug);
  const name = (call.query.get('name') ?? '').toLowerCase();
  const found = state.sites.filter(
    (site) => (!account || site.account_id === account.id) && site.name.toLowerCase().includes(name),
  );
  return page(
    call,
    found.map((site) => siteView(state, site)),
  );
}

/** Members of a site that a PATCH changes, each with its check. */
const changeable: Readonly<Record<string, (value: unknown) => boolean>> = {
  name: (value) => typeof value === 'string' && value !== '',
  custom_domain: (value) => typeof value === 'string',
  build_image: (value) => typeof value === 'string' && value !== '',
  functions_region: (value) => typeof value === 'string' && value !== '',
  prevent_non_git_prod_deploys: (value) => typeof value === 'boolean',
  processing_settings: isInput,
};

/** `build_settings` and its older name `repo` are merged into what is there; members that are not listed are ignored. */
function updateSite(call: Call): ServiceReply {
  const body = objectBody(call);
  const found = findSite(call.store.state, call.params.site_id);
  for (const [member, isRight] of Object.entries(changeable)) {
    if (body[member] !== undefined && !isRight(body[member])) throw unprocessable(`${member} is invalid`);
  }
  const given: Input = {
    ...(isInput(body.repo) && body.repo),
    ...(isInput(body.build_settings) && body.build_settings),
  };
  // Requests name the production branch `branch`, replies `repo_branch`.
  const settings: Input = { ...given, ...(given.branch !== undefined && { repo_branch: given.branch }) };
  return call.store.update((state) => {
    const site = findSite(state, found.id);
    const effects = [
      ...assign(site, body, Object.keys(changeable), ''),
      ...assign(site.build_settings, settings, Object.keys(settings), 'build_settings.'),
    ];
    site.updated_at = tick(state);
    return { status: 200, body: siteView(state, site), effects };
  });
}

function assign(target: object, values: Input, members: readonly string[], prefix: string): string[] {
  return members.flatMap((member) => {
    const value = values[member];
    if (value === undefined) return [];
    if (JSON.stringify(Reflect.get(target, member)) === JSON.stringify(value)) return [];
    Reflect.set(target, member, value);
    return [`site ${prefix}${member} changed`];
  });
}

export const siteRoutes: readonly Route[] = [
  { method: 'GET', path: '/sites', handle: (call) => listSites(call) },
  {
    method: 'GET',
    path: '/sites/{site_id}',
    handle: ({ store, params }) => ({
      status: 200,
      body: siteView(store.state, findSite(store.state, params.site_id)),
    }),
  },
  { method: 'PATCH', path: '/sites/{site_id}', handle: updateSite },
  { method: 'PUT', path: '/sites/{site_id}', handle: updateSite },
  { method: 'GET', path: '/{account_slug}/sites', handle: (call) => listSites(call, call.params.account_slug) },
];

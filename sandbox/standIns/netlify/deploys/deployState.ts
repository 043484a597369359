import { randomBytes } from 'node:crypto';
import { notFound } from '../apiError.ts';
import type { NetlifyState, StoredSite } from '../state.ts';
import type { StoredDeploy } from './storedDeploy.ts';

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

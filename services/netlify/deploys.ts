import { z } from 'zod';
import { newestFirst } from '../../machine/times.ts';
import { call, ServiceError, type Api } from '../door/http.ts';
import { forStack } from '../../settings/stack/stackCommand.ts';

/** A deploy of the site. */
export interface LiveDeploy {
  readonly id: string;
  /** `ready`, `error`, or a step on the way. */
  readonly state: string;
  /** `production`, `branch-deploy`, `deploy-preview`. */
  readonly context: string;
  readonly branch: string;
  readonly title: string;
  /** ISO 8601. */
  readonly createdAt: string;
  readonly url: string;
  readonly errorMessage: string;
  readonly locked: boolean;
  /** The commit that it was built from; `undefined` where Netlify does not say: of an upload, for one. */
  readonly commit: string | undefined;
}

/** What decides which branches Netlify builds itself, and what it publishes. */
export interface SiteBuilds {
  /** The branch that is published; `undefined` for a site that is built from no repository. */
  readonly productionBranch: string | undefined;
  /** Branches that Netlify builds from Git; `undefined`: every branch. */
  readonly builtBranches: readonly string[] | undefined;
  readonly stopped: boolean;
  /** The deploy that production serves. */
  readonly publishedDeploy: string | undefined;
  readonly publishedLocked: boolean;
  readonly defaultDomain: string;
  /** How far Netlify's clock is ahead of this machine's, in whole seconds; negative when it is behind. */
  readonly clockAhead: number;
}

const deployAnswer = z
  .object({
    id: z.string(),
    state: z.string(),
    context: z.string().nullish(),
    branch: z.string().nullish(),
    title: z.string().nullish(),
    created_at: z.string(),
    deploy_ssl_url: z.string().nullish(),
    deploy_url: z.string().nullish(),
    error_message: z.string().nullish(),
    locked: z.boolean().nullish(),
    commit_ref: z.string().nullish(),
  })
  .transform((answer): LiveDeploy => ({
    id: answer.id,
    state: answer.state,
    context: answer.context ?? '',
    branch: answer.branch ?? '',
    title: answer.title ?? '',
    createdAt: answer.created_at,
    url: answer.deploy_ssl_url ?? answer.deploy_url ?? '',
    errorMessage: answer.error_message ?? '',
    locked: answer.locked === true,
    commit: answer.commit_ref === '' ? undefined : (answer.commit_ref ?? undefined),
  }));
const deployAnswers = z.array(deployAnswer);

const siteAnswer = z.object({
  build_settings: z
    .object({
      repo_branch: z.string().nullish(),
      allowed_branches: z.array(z.string()).nullish(),
      stop_builds: z.boolean().nullish(),
      repo_url: z.string().nullish(),
    })
    .nullish(),
  published_deploy: z.object({ id: z.string().nullish(), locked: z.boolean().nullish() }).nullish(),
  default_domain: z.string().nullish(),
});

const buildAnswer = z.object({ deploy_id: z.string().nullish() }).optional();

/** The newest deploys of a branch, the newest first. */
export async function listDeploys(api: Api, siteId: string, branch: string, count = 50): Promise<LiveDeploy[]> {
  const request = { path: `/sites/${siteId}/deploys`, query: { branch, per_page: String(count) } };
  return (await call(api, request, deployAnswers)).data
    .filter((deploy) => deploy.branch === branch)
    .sort((a, b) => newestFirst(a.createdAt, b.createdAt));
}

/** One deploy of the site. */
export async function readDeploy(api: Api, siteId: string, id: string): Promise<LiveDeploy> {
  return (await call(api, { path: `/sites/${siteId}/deploys/${encodeURIComponent(id)}` }, deployAnswer)).data;
}

/** How the site is built, and what production serves. */
export async function readBuilds(api: Api, siteId: string): Promise<SiteBuilds> {
  const { data, headers } = await call(api, { path: `/sites/${siteId}` }, siteAnswer);
  const here = Math.floor(Date.now() / 1000);
  const there = Date.parse(headers.get('date') ?? '') / 1000;
  const { build_settings: settings, published_deploy: published } = data;
  const allowed = settings?.allowed_branches ?? [];
  return {
    productionBranch: settings?.repo_branch ?? undefined,
    builtBranches: allowed.length > 0 ? allowed : undefined,
    stopped: settings?.stop_builds === true || (settings?.repo_url ?? undefined) === undefined,
    publishedDeploy: published?.id ?? undefined,
    publishedLocked: published?.locked === true,
    defaultDomain: data.default_domain ?? '',
    clockAhead: Number.isNaN(there) ? 0 : there - here,
  };
}

/** Starts Netlify's own build of a branch, and yields the deploy that it makes. */
export async function startBuild(api: Api, siteId: string, branch: string, title: string): Promise<string> {
  const audit = { action: 'start', writes: [{ place: 'build', name: branch }] };
  const request = { method: 'POST', path: `/sites/${siteId}/builds`, query: { branch, title }, audit } as const;
  const id = (await call(api, request, buildAnswer)).data?.deploy_id;
  if (!id)
    throw new ServiceError(`Netlify started a build and named no deploy. Look: ${forStack('npm run deploy:list')}`, 0);
  return id;
}

/** Stops the build of a deploy that is not ready yet. Netlify answers the same for one that has ended. */
export async function cancelDeploy(api: Api, id: string): Promise<void> {
  const audit = { action: 'cancel', writes: [{ place: 'deploy', name: id }] };
  await call(api, { method: 'POST', path: `/deploys/${encodeURIComponent(id)}/cancel`, audit });
}

/** Makes a deploy the one that the site's own address serves. On a site that carries production: production's. */
export async function restoreDeploy(api: Api, siteId: string, id: string): Promise<void> {
  await call(api, {
    method: 'POST',
    path: `/sites/${siteId}/deploys/${encodeURIComponent(id)}/restore`,
    audit: { action: 'publish', writes: [{ place: 'deploy', name: id }] },
  });
}

/** Locks or unlocks a deploy: a locked published one stays published whatever is deployed. */
export async function setDeployLock(api: Api, id: string, locked: boolean): Promise<void> {
  const action = locked ? 'lock' : 'unlock';
  await call(api, {
    method: 'POST',
    path: `/deploys/${encodeURIComponent(id)}/${action}`,
    audit: { action, writes: [{ place: 'deploy', name: id }] },
  });
}

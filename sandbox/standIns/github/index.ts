import { createHash, randomBytes } from 'node:crypto';
import type { Service, ServiceReply, ServiceRequest } from '../../server/service.ts';
import { authenticate, RateLimit } from './access.ts';
import { accountRoutes } from './accounts.ts';
import { branchRoutes } from './branches.ts';
import { activityRoutes } from './automation/activity.ts';
import { ApiError, notFound } from './call.ts';
import { checkRoutes } from './automation/checks.ts';
import { commentRoutes } from './automation/comments.ts';
import { deploymentRoutes } from './automation/deployments.ts';
import { environmentRoutes } from './environments.ts';
import { installationRoutes } from './apps/installations.ts';
import { requirePermission } from './apps/permissions.ts';
import { protectionRoutes } from './protection/protection.ts';
import { repositoryRoutes } from './repositories.ts';
import { Router } from './router.ts';
import { rulesetRoutes } from './protection/rulesets.ts';
import { sodiumReady } from './sealedBox.ts';
import { secretRoutes } from './secrets.ts';
import { openStore } from './state.ts';
import { variableRoutes } from './variables.ts';
import { workflowRoutes } from './automation/workflows.ts';

export {
  githubAppToken,
  githubSecrets,
  githubTokens,
  installGithubApp,
  githubVariables,
  seedGitHub,
  updateGitHub,
} from './seed.ts';
export type { GitHubSeed } from './seed.ts';

/** What of GitHub's API is here: `GET /repos/:owner/:repo` and so on. */
export const routes = {
  ...accountRoutes,
  ...installationRoutes,
  ...repositoryRoutes,
  ...branchRoutes,
  ...activityRoutes,
  ...secretRoutes,
  ...variableRoutes,
  ...environmentRoutes,
  ...protectionRoutes,
  ...rulesetRoutes,
  ...checkRoutes,
  ...workflowRoutes,
  ...deploymentRoutes,
  ...commentRoutes,
};
const router = new Router(routes);

/**
 * A stand-in for GitHub's REST API. Paths are taken with the prefix `/api/v3`, as clients of an Enterprise
 * Server send them, and without. State is in `stateDir`/github.json.
 */
export function createGitHub({ stateDir }: { stateDir: string }): Service {
  const rates = new RateLimit();
  return {
    name: 'github',
    async handle(request) {
      await sodiumReady();
      const key = request.headers.authorization ?? 'anonymous';
      const { exceeded, headers } = rates.count(key);
      const reply = exceeded ? errorReply(new ApiError(403, 'API rate limit exceeded')) : answer(request, stateDir);
      const complete = withHeaders(reply, headers);
      if (!isUnchanged(request, complete)) return complete;
      rates.refund(key);
      return { status: 304, headers: complete.headers ?? {} };
    },
  };
}

function answer(request: ServiceRequest, stateDir: string): ServiceReply {
  const path = request.path.replace(/^\/api\/v3(?=\/|$)/, '');
  const prefix = path === request.path ? '' : '/api/v3';
  const api = `http://${request.headers.host ?? '127.0.0.1'}${prefix}`;
  try {
    // Opened anew: a change by another process, or by a test through updateGitHub, is seen at once.
    const store = openStore(stateDir);
    const token = authenticate(request, store.state);
    const match = router.match(request.method, path);
    if (!match) throw notFound();
    requirePermission(token, request.method, match.path);
    const given = match.handler({ request, params: match.params, store, token, api });
    const ends = token.endsAt !== undefined && { 'github-authentication-token-expiration': token.endsAt };
    const reply = { ...given, headers: { ...given.headers, ...ends } };
    return request.method === 'GET'
      ? { ...reply, headers: { ...reply.headers, etag: etagOf(reply.body, api) } }
      : reply;
  } catch (error) {
    if (error instanceof ApiError) return errorReply(error);
    throw error;
  }
}

/** The same content has the same tag at whatever port it is served. */
function etagOf(body: unknown, api: string): string {
  const text = JSON.stringify(body ?? null).replaceAll(new URL(api).origin, '');
  return `W/"${createHash('sha256').update(text).digest('hex')}"`;
}

function isUnchanged(request: ServiceRequest, reply: ServiceReply): boolean {
  const known = request.headers['if-none-match'];
  return known !== undefined && reply.status === 200 && reply.headers?.etag === known;
}

function errorReply({ status, message, errors, headers }: ApiError): ServiceReply {
  const documentation_url = 'https://docs.github.com/rest';
  const body = { message, ...(errors && { errors }), documentation_url, status: String(status) };
  return { status, body, ...(headers && { headers }) };
}

function withHeaders(reply: ServiceReply, rate: Record<string, string>): ServiceReply {
  return {
    ...reply,
    headers: {
      ...(reply.body !== undefined && { 'content-type': 'application/json; charset=utf-8' }),
      'cache-control': 'private, max-age=60, s-maxage=60',
      'x-github-request-id': requestId(),
      'x-github-media-type': 'github.v3; format=json',
      'x-github-api-version-selected': '2022-11-28',
      ...rate,
      ...reply.headers,
    },
  };
}

/** In the form of GitHub's own: groups of hexadecimal digits. */
function requestId(): string {
  const hex = randomBytes(16).toString('hex').toUpperCase();
  return [hex.slice(0, 4), hex.slice(4, 9), hex.slice(9, 16), hex.slice(16, 23), hex.slice(23, 31)].join(':');
}

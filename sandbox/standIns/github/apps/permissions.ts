import { ApiError } from '../call.ts';
import type { Permission, Token } from '../records.ts';

/**
 * What GitHub asks of an app's token and of a fine-grained one, by how a path below a repository begins: its table
 * "Permissions required for GitHub Apps". The first that fits; where a third word is, it is for writes.
 */
const table: readonly (readonly [path: string, permission: Permission, forWrites?: Permission])[] = [
  ['/actions/secrets', 'secrets'],
  ['/actions/organization-secrets', 'secrets'],
  ['/actions/variables', 'actions_variables'],
  ['/actions/organization-variables', 'actions_variables'],
  ['/actions', 'actions'],
  ['/dependabot/secrets', 'dependabot_secrets'],
  ['/codespaces/secrets', 'codespaces_secrets'],
  ['/environments/:environment/secrets', 'environments'],
  ['/environments/:environment/variables', 'environments'],
  ['/environments', 'actions', 'administration'],
  ['/branches/:branch/protection', 'administration'],
  ['/branches', 'contents'],
  ['/rulesets', 'metadata', 'administration'],
  ['/commits/:ref/check-runs', 'checks'],
  ['/commits', 'contents'],
  ['/check-runs', 'checks'],
  ['/deployments', 'deployments'],
  ['/activity', 'contents'],
  ['/issues', 'issues'],
  ['', 'metadata'],
];

/** Refuses a token that lacks what GitHub asks of it for this route of a repository, with a header that names it. */
export function requirePermission(token: Token, method: string, route: string): void {
  const [below] = /(?<=^\/(repos\/:owner\/:repo|repositories\/:repositoryId))(\/.*)?$/.exec(route) ?? [];
  if (below === undefined || (token.signedBy !== undefined && below === '/installation')) return;
  const access = method === 'GET' ? 'read' : 'write';
  const [, permission, forWrites] = table.find(([path]) => below.startsWith(path)) ?? ['', 'metadata'];
  const wanted = access === 'write' && forWrites !== undefined ? forWrites : permission;
  const held = token.permissions?.[wanted];
  // Everybody has the right to read metadata.
  const isEnough = held === 'write' || held === access || (wanted === 'metadata' && access === 'read');
  const lacks =
    token.signedBy !== undefined ||
    token.lacks?.includes(wanted) === true ||
    (token.permissions !== undefined && !isEnough);
  if (!lacks) return;
  throw new ApiError(403, notAccessible(token), undefined, { 'x-accepted-github-permissions': `${wanted}=${access}` });
}

export function notAccessible({ appId }: Token): string {
  return `Resource not accessible by ${appId === undefined ? 'personal access token' : 'integration'}`;
}

import { ApiError, notFound, nodeId, param, webOf } from './call.ts';
import type { Call } from './call.ts';
import { notAccessible } from './apps/permissions.ts';
import type { Routes } from './router.ts';
import type { App, GitHubState, Team } from './records.ts';

const founded = '2024-01-15T09:00:00Z';

/** A user, bot or organization as it stands inside other objects. */
export function simpleUser(call: Call, login: string) {
  const { id, type } = account(call.store.state, login);
  const url = `${call.api}/users/${encodeURIComponent(login)}`;
  return {
    login,
    id,
    node_id: nodeId(type, id),
    avatar_url: `${webOf(call)}/avatars/u/${id}`,
    gravatar_id: '',
    url,
    html_url: `${webOf(call)}/${encodeURIComponent(login)}`,
    followers_url: `${url}/followers`,
    following_url: `${url}/following{/other_user}`,
    gists_url: `${url}/gists{/gist_id}`,
    starred_url: `${url}/starred{/owner}{/repo}`,
    subscriptions_url: `${url}/subscriptions`,
    organizations_url: `${url}/orgs`,
    repos_url: `${url}/repos`,
    events_url: `${url}/events{/privacy}`,
    received_events_url: `${url}/received_events`,
    type,
    site_admin: false,
  };
}

/** A team as it stands inside other objects. */
export function teamObject(call: Call, { id, slug }: Team) {
  const organization = call.store.state.organization;
  const url = `${call.api}/organizations/${organization.id}/team/${id}`;
  return {
    id,
    node_id: nodeId('Team', id),
    name: slug,
    slug,
    description: null,
    privacy: 'closed',
    notification_setting: 'notifications_enabled',
    permission: 'push',
    url,
    html_url: `${webOf(call)}/orgs/${organization.login}/teams/${slug}`,
    members_url: `${url}/members{/member}`,
    repositories_url: `${url}/repos`,
    type: 'organization',
    organization_id: organization.id,
    parent: null,
  };
}

/** An app as it stands inside other objects. */
export function appObject(call: Call, { id, slug, name }: App) {
  const owner = call.store.state.organization;
  return {
    id,
    slug,
    node_id: nodeId('App', id),
    owner: simpleUser(call, owner.login),
    name,
    description: '',
    external_url: webOf(call),
    html_url: `${webOf(call)}/apps/${slug}`,
    created_at: founded,
    updated_at: founded,
    permissions: { checks: 'write', contents: 'read', metadata: 'read' },
    events: ['check_run'],
  };
}

/** `GET /user`: whose token this is; an app's is no user's. */
function authenticatedUser(call: Call) {
  if (call.token.appId !== undefined) throw new ApiError(403, notAccessible(call.token));
  return {
    ...simpleUser(call, call.token.login),
    ...profile,
    name: null,
    company: null,
    blog: null,
    location: null,
    email: null,
    hireable: null,
    bio: null,
    private_gists: 0,
    total_private_repos: 1,
    owned_private_repos: 0,
    disk_usage: 0,
    collaborators: 0,
    two_factor_authentication: true,
    user_view_type: 'private',
  };
}

function publicUser(call: Call) {
  return {
    ...simpleUser(call, param(call, 'login')),
    ...profile,
    name: null,
    company: null,
    blog: null,
    location: null,
    email: null,
    hireable: null,
    bio: null,
    user_view_type: 'public',
  };
}

function organization(call: Call) {
  const { login, id } = call.store.state.organization;
  if (param(call, 'organization').toLowerCase() !== login || isUser(call.store.state, login)) throw notFound();
  const url = `${call.api}/orgs/${login}`;
  return {
    login,
    id,
    node_id: nodeId('Organization', id),
    url,
    repos_url: `${url}/repos`,
    events_url: `${url}/events`,
    hooks_url: `${url}/hooks`,
    issues_url: `${url}/issues`,
    members_url: `${url}/members{/member}`,
    public_members_url: `${url}/public_members{/member}`,
    avatar_url: `${webOf(call)}/avatars/u/${id}`,
    description: null,
    has_organization_projects: true,
    has_repository_projects: true,
    html_url: `${webOf(call)}/${login}`,
    type: 'Organization',
    archived_at: null,
    ...profile,
  };
}

const profile = {
  public_repos: 0,
  public_gists: 0,
  followers: 0,
  following: 0,
  created_at: founded,
  updated_at: founded,
};

/** Whether the name that the stand-in's repositories have as their owner is a user's. */
function isUser(state: GitHubState, login: string): boolean {
  return state.repositories.some(({ owner, ownedByUser }) => owner === login && ownedByUser === true);
}

function account(state: GitHubState, login: string): { id: number; type: 'User' | 'Bot' | 'Organization' } {
  if (login === state.organization.login) {
    return { id: state.organization.id, type: isUser(state, login) ? 'User' : 'Organization' };
  }
  const user = state.users.find((candidate) => candidate.login === login);
  if (!user) throw notFound();
  return { id: user.id, type: login.endsWith('[bot]') ? 'Bot' : 'User' };
}

/** Users, organizations and apps. */
export const accountRoutes: Routes = {
  'GET /user': (call) => ({ status: 200, body: authenticatedUser(call) }),
  'GET /users/:login': (call) => ({ status: 200, body: publicUser(call) }),
  'GET /orgs/:organization': (call) => ({ status: 200, body: organization(call) }),
  'GET /apps/:app': (call) => {
    const app = call.store.state.apps.find(({ slug }) => slug === param(call, 'app'));
    if (!app) throw notFound();
    return { status: 200, body: appObject(call, app) };
  },
};

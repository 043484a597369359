import { nodeId, pageOf, pageUrl, repositoryOf, repositoryUrl, webOf } from './call.ts';
import type { Call } from './call.ts';
import { simpleUser } from './accounts.ts';
import type { Routes } from './router.ts';
import type { Repository } from './records.ts';

/** What every link of a repository's object is called, and where under the repository's URL it leads. */
const links = {
  archive_url: '/{archive_format}{/ref}',
  assignees_url: '/assignees{/user}',
  blobs_url: '/git/blobs{/sha}',
  branches_url: '/branches{/branch}',
  collaborators_url: '/collaborators{/collaborator}',
  comments_url: '/comments{/number}',
  commits_url: '/commits{/sha}',
  compare_url: '/compare/{base}...{head}',
  contents_url: '/contents/{+path}',
  contributors_url: '/contributors',
  deployments_url: '/deployments',
  downloads_url: '/downloads',
  events_url: '/events',
  forks_url: '/forks',
  git_commits_url: '/git/commits{/sha}',
  git_refs_url: '/git/refs{/sha}',
  git_tags_url: '/git/tags{/sha}',
  hooks_url: '/hooks',
  issue_comment_url: '/issues/comments{/number}',
  issue_events_url: '/issues/events{/number}',
  issues_url: '/issues{/number}',
  keys_url: '/keys{/key_id}',
  labels_url: '/labels{/name}',
  languages_url: '/languages',
  merges_url: '/merges',
  milestones_url: '/milestones{/number}',
  notifications_url: '/notifications{?since,all,participating}',
  pulls_url: '/pulls{/number}',
  releases_url: '/releases{/id}',
  stargazers_url: '/stargazers',
  statuses_url: '/statuses/{sha}',
  subscribers_url: '/subscribers',
  subscription_url: '/subscription',
  tags_url: '/tags',
  teams_url: '/teams',
  trees_url: '/git/trees{/sha}',
};

/** A repository as it stands inside other objects. */
export function minimalRepository(call: Call, repository: Repository) {
  const url = repositoryUrl(call, repository);
  return {
    id: repository.id,
    node_id: nodeId('Repository', repository.id),
    name: repository.name,
    full_name: `${repository.owner}/${repository.name}`,
    private: repository.private,
    owner: simpleUser(call, repository.owner),
    html_url: pageUrl(call, repository),
    description: null,
    fork: false,
    url,
    ...Object.fromEntries(Object.entries(links).map(([name, path]) => [name, url + path])),
  };
}

/** A repository with all that GitHub says of it. */
export function fullRepository(call: Call, repository: Repository) {
  const page = pageUrl(call, repository);
  const issues = repository.issues.length;
  return {
    ...minimalRepository(call, repository),
    visibility: repository.private ? 'private' : 'public',
    git_url: `git://${new URL(webOf(call)).host}/${repository.owner}/${repository.name}.git`,
    ssh_url: `git@${new URL(webOf(call)).hostname}:${repository.owner}/${repository.name}.git`,
    clone_url: `${page}.git`,
    svn_url: page,
    mirror_url: null,
    homepage: null,
    language: 'TypeScript',
    default_branch: repository.defaultBranch,
    archived: repository.archived,
    disabled: false,
    license: null,
    has_issues: true,
    has_projects: true,
    has_wiki: false,
    has_downloads: true,
    has_pages: false,
    has_discussions: false,
    allow_squash_merge: true,
    allow_merge_commit: true,
    allow_rebase_merge: true,
    size: 0,
    forks: 0,
    forks_count: 0,
    network_count: 0,
    open_issues: issues,
    open_issues_count: issues,
    stargazers_count: 0,
    subscribers_count: 0,
    watchers: 0,
    watchers_count: 0,
    permissions: rolesOf(call),
    created_at: repository.createdAt,
    updated_at: repository.createdAt,
    pushed_at: repository.createdAt,
  };
}

/** What the caller's user may do in it; an app is no user, and has no role. */
function rolesOf({ token: { access, permissions } }: Call) {
  const writes = access === 'write' && permissions === undefined;
  return { admin: writes, push: writes, pull: permissions === undefined };
}

/** Who may write: the seeded people, else an organization's three; a user's own repository has its owner alone. */
function collaborators(call: Call) {
  const repository = repositoryOf(call);
  const logins = repository.writers ?? ['staging-bot', 'staging-reader', 'maintainer'];
  const permissions = { pull: true, triage: true, push: true, maintain: true, admin: true };
  const { items, headers } = pageOf(call, logins);
  return {
    status: 200,
    headers,
    body: items.map((login) => ({ ...simpleUser(call, login), permissions, role_name: 'admin' })),
  };
}

/** Repositories, read only: the stand-in's are seeded. */
export const repositoryRoutes: Routes = {
  'GET /repos/:owner/:repo': (call) => ({ status: 200, body: fullRepository(call, repositoryOf(call)) }),
  'GET /repos/:owner/:repo/collaborators': collaborators,
  'GET /repositories/:repositoryId': (call) => ({ status: 200, body: fullRepository(call, repositoryOf(call)) }),
};

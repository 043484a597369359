import { ApiError, branchOf, nodeId, pageOf, pageUrl, param, repositoryOf, repositoryUrl } from './call.ts';
import type { Call } from './call.ts';
import { protectionObject } from './protection/protectionObject.ts';
import type { Routes } from './router.ts';
import type { Branch, Repository } from './records.ts';

function shortBranch(call: Call, repository: Repository, branch: Branch) {
  return {
    name: branch.name,
    commit: { sha: branch.sha, url: `${repositoryUrl(call, repository)}/commits/${branch.sha}` },
    protected: branch.protection !== undefined,
  };
}

function branchObject(call: Call, repository: Repository, branch: Branch) {
  const self = `${repositoryUrl(call, repository)}/branches/${encodeURIComponent(branch.name)}`;
  return {
    ...shortBranch(call, repository, branch),
    commit: commitObject(call, repository, branch.sha),
    _links: { self, html: `${pageUrl(call, repository)}/tree/${branch.name}` },
    protection: branch.protection
      ? { ...protectionObject(call, repository, branch.name, branch.protection), enabled: true }
      : { enabled: false },
    protection_url: `${self}/protection`,
  };
}

/** A commit; the stand-in knows no contents, only that it exists. */
function commitObject(call: Call, repository: Repository, sha: string) {
  const url = `${repositoryUrl(call, repository)}/commits/${sha}`;
  const person = { name: 'Maintainer', email: 'maintainer@example.com', date: repository.createdAt };
  return {
    sha,
    node_id: nodeId('Commit', sha),
    url,
    html_url: `${pageUrl(call, repository)}/commit/${sha}`,
    comments_url: `${url}/comments`,
    commit: {
      url: `${repositoryUrl(call, repository)}/git/commits/${sha}`,
      author: person,
      committer: person,
      message: 'A commit',
      tree: { sha, url: `${repositoryUrl(call, repository)}/git/trees/${sha}` },
      comment_count: 0,
      verification: { verified: false, reason: 'unsigned', signature: null, payload: null, verified_at: null },
    },
    author: null,
    committer: null,
    parents: [],
  };
}

/** The commit that a branch's name or a whole SHA leads to, if there is one. */
export function shaOf(repository: Repository, ref: string): string | undefined {
  const name = ref.replace(/^(refs\/)?heads\//, '');
  const branch = repository.branches.find((candidate) => candidate.name === name);
  return branch?.sha ?? repository.branches.find(({ sha }) => sha === ref)?.sha ?? knownSha(repository, ref);
}

/** A commit that is no branch's head any more, but has runs. */
function knownSha(repository: Repository, sha: string): string | undefined {
  const seen = [...repository.checkRuns, ...repository.workflowRuns].some(({ headSha }) => headSha === sha);
  return seen ? sha : undefined;
}

/** Branches and commits. */
export const branchRoutes: Routes = {
  'GET /repos/:owner/:repo/branches': (call) => {
    const repository = repositoryOf(call);
    const only = call.request.query.get('protected');
    const branches = repository.branches.filter(
      (branch) => only === null || String(branch.protection !== undefined) === only,
    );
    const { items, headers } = pageOf(call, branches);
    return { status: 200, headers, body: items.map((branch) => shortBranch(call, repository, branch)) };
  },
  'GET /repos/:owner/:repo/branches/:branch': (call) => {
    const repository = repositoryOf(call);
    return { status: 200, body: branchObject(call, repository, branchOf(call, repository)) };
  },
  'GET /repos/:owner/:repo/commits/:ref': (call) => {
    const repository = repositoryOf(call);
    const sha = shaOf(repository, param(call, 'ref'));
    if (sha === undefined) throw new ApiError(422, `No commit found for SHA: ${param(call, 'ref')}`);
    return { status: 200, body: commitObject(call, repository, sha) };
  },
};

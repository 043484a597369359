import { z } from 'zod';
import type { ServiceReply } from '../../../server/service.ts';
import { simpleUser } from '../accounts.ts';
import { bodyOf, idParam, nodeId, notFound, pageOf, pageUrl, repositoryOf, repositoryUrl } from '../call.ts';
import type { Call } from '../call.ts';
import type { Routes } from '../router.ts';
import { after, now, takeId } from '../state.ts';
import type { Comment, Repository } from '../records.ts';

const commentBody = z.object({ body: z.string().min(1).max(65_536) });

function commentObject(call: Call, repository: Repository, comment: Comment) {
  return {
    id: comment.id,
    node_id: nodeId('IssueComment', comment.id),
    url: `${repositoryUrl(call, repository)}/issues/comments/${comment.id}`,
    html_url: `${pageUrl(call, repository)}/issues/${comment.issue}#issuecomment-${comment.id}`,
    issue_url: `${repositoryUrl(call, repository)}/issues/${comment.issue}`,
    body: comment.body,
    user: simpleUser(call, comment.login),
    created_at: comment.createdAt,
    updated_at: comment.updatedAt,
    author_association: 'MEMBER',
  };
}

function create(call: Call): ServiceReply {
  return call.store.update((state) => {
    const repository = repositoryOf(call, state);
    const issue = issueOf(call, repository);
    const createdAt = now();
    const { body } = bodyOf(call, commentBody);
    const comment: Comment = {
      id: takeId(state),
      issue,
      login: call.token.login,
      createdAt,
      updatedAt: createdAt,
      body,
    };
    repository.comments.push(comment);
    return { status: 201, body: commentObject(call, repository, comment), effects: [`comment ${comment.id}`] };
  });
}

function update(call: Call): ServiceReply {
  return call.store.update((state) => {
    const repository = repositoryOf(call, state);
    const comment = commentOf(call, repository);
    comment.body = bodyOf(call, commentBody).body;
    comment.updatedAt = after(comment.updatedAt);
    return { status: 200, body: commentObject(call, repository, comment), effects: [`comment ${comment.id}`] };
  });
}

function remove(call: Call): ServiceReply {
  return call.store.update((state) => {
    const repository = repositoryOf(call, state);
    const comment = commentOf(call, repository);
    repository.comments = repository.comments.filter((other) => other !== comment);
    return { status: 204, effects: [`comment ${comment.id} deleted`] };
  });
}

function issueOf(call: Call, repository: Repository): number {
  const issue = idParam(call, 'issue');
  if (!repository.issues.includes(issue)) throw notFound();
  return issue;
}

function commentOf(call: Call, repository: Repository): Comment {
  const comment = repository.comments.find(({ id }) => id === idParam(call, 'comment'));
  if (!comment) throw notFound();
  return comment;
}

const path = '/repos/:owner/:repo/issues';

/** Comments on issues and pull requests. */
export const commentRoutes: Routes = {
  [`GET ${path}/:issue/comments`]: (call) => {
    const repository = repositoryOf(call);
    const issue = issueOf(call, repository);
    const { items, headers } = pageOf(
      call,
      repository.comments.filter((comment) => comment.issue === issue),
    );
    return { status: 200, headers, body: items.map((comment) => commentObject(call, repository, comment)) };
  },
  [`POST ${path}/:issue/comments`]: create,
  [`PATCH ${path}/comments/:comment`]: update,
  [`DELETE ${path}/comments/:comment`]: remove,
};

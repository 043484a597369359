import { z } from 'zod';
import { requestTimeoutMs } from '../../services/http.ts';
import { fetchWhole, retry } from '../retry.ts';
import { marker } from './comment.ts';

export interface Destination {
  /** `https://api.github.com`, or a GitHub Enterprise Server's `/api/v3`. */
  readonly api: string;
  readonly token: string;
  /** `owner/name`. */
  readonly repository: string;
  readonly pullRequest: number;
}

const comments = z.array(
  z.object({
    id: z.number(),
    body: z.string().nullish(),
    user: z.object({ login: z.string(), type: z.string() }).nullish(),
  }),
);

/** Whose the comments of a job's own token are. No person can have this name: GitHub allows them no brackets. */
const bot = { login: 'github-actions[bot]', type: 'Bot' };

/** Whether a comment is this project's: the marker alone can be written by anybody who may comment. */
function isOurs({ body, user }: z.infer<typeof comments>[number]): boolean {
  return user?.login === bot.login && user.type === bot.type && body?.startsWith(marker) === true;
}

async function request(
  to: Destination,
  method: 'GET' | 'POST' | 'PATCH',
  path: string,
  body?: string,
): Promise<string> {
  // A lost answer to a POST may have been a comment: it is not sent twice.
  const attempts = method === 'POST' ? 1 : 4;
  const answer = await retry({ attempts, pauseMs: 1000, longestPauseMs: 60_000 }, () =>
    fetchWhole(`${to.api}/repos/${to.repository}${path}`, requestTimeoutMs(30_000), {
      method,
      headers: {
        authorization: `Bearer ${to.token}`,
        accept: 'application/vnd.github+json',
        'content-type': 'application/json',
      },
      ...(body !== undefined && { body: JSON.stringify({ body }) }),
    }),
  );
  if (answer.status < 300) return answer.text;
  throw new Error(
    `GitHub answers ${answer.status} to ${method} ${path}. The job needs the permission pull-requests: write.`,
  );
}

/** Updates this project's comment on the pull request, or makes it. */
export async function postComment(to: Destination, body: string): Promise<'created' | 'updated'> {
  for (let page = 1; ; page += 1) {
    const path = `/issues/${to.pullRequest}/comments?per_page=100&page=${page}`;
    const found = comments.parse(JSON.parse(await request(to, 'GET', path)));
    const ours = found.find(isOurs);
    if (ours) {
      await request(to, 'PATCH', `/issues/comments/${ours.id}`, body);
      return 'updated';
    }
    if (found.length < 100) break;
  }
  await request(to, 'POST', `/issues/${to.pullRequest}/comments`, body);
  return 'created';
}

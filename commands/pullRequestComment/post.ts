import { z } from 'zod';
import { movedRepository } from '../../services/github/moved.ts';
import { call, requestTimeoutMs, type Api } from '../../services/door/http.ts';
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

function apiOf({ api: baseUrl, token }: Destination): Api {
  const api: Api = {
    vendor: 'GitHub',
    baseUrl,
    headers: { authorization: `Bearer ${token}`, accept: 'application/vnd.github+json' },
    accessFix: 'The job needs the permission pull-requests: write.',
    addressSetting: 'GITHUB_API_URL',
  };
  return { ...api, moved: (location) => movedRepository(api, location) };
}

/** Updates this project's comment on the pull request, or makes it. */
export async function postComment(to: Destination, body: string): Promise<'created' | 'updated'> {
  const api = apiOf(to);
  const path = `/repos/${to.repository}/issues`;
  const timeoutMs = requestTimeoutMs(30_000);
  const audit = { action: 'comment', writes: [{ place: 'pullRequest', name: String(to.pullRequest) }] };
  const ofPullRequest = `${path}/${to.pullRequest}/comments`;
  for (let page = 1; ; page += 1) {
    const query = { per_page: '100', page: String(page) };
    const { data: found } = await call(api, { path: ofPullRequest, query, timeoutMs }, comments);
    const ours = found.find(isOurs);
    if (ours) {
      const update = { method: 'PATCH', path: `${path}/comments/${ours.id}`, body: { body }, audit } as const;
      await call(api, { ...update, repeatable: true, timeoutMs });
      return 'updated';
    }
    if (found.length < 100) break;
  }
  // A lost answer may have been a comment: it is not sent twice.
  await call(api, { method: 'POST', path: ofPullRequest, body: { body }, timeoutMs, audit });
  return 'created';
}

import { afterEach, describe, expect, it } from '@jest/globals';
import { serve, type Listening } from '../../../sandbox/server/serve.ts';
import { readClassic } from '../../../protection/github.ts';
import { hasExceptions as has } from '../../../protection/rule.ts';
import { githubApi } from '../../../services/github/github.ts';

let listening: Listening | undefined;
afterEach(() => listening?.close());

const nobody = { users: [], teams: [], apps: [] };
const somebody = { ...nobody, users: [{ login: 'octocat' }] };

describe('the protection of a branch as GitHub answers', () => {
  it.each<[string, Record<string, unknown>, boolean]>([
    ['nothing beside the reviews', {}, false],
    ['nobody who may dismiss a review', { dismissal_restrictions: nobody }, true],
    ['somebody who may', { dismissal_restrictions: somebody }, true],
    ['somebody who bypasses them', { bypass_pull_request_allowances: somebody }, true],
    ['nobody who bypasses them', { bypass_pull_request_allowances: nobody }, false],
  ])('with %s', async (_, reviews, hasExceptions) => {
    const required = { required_pull_request_reviews: { required_approving_review_count: 1, ...reviews } };
    listening = await serve({ name: 'github', handle: () => ({ status: 200, body: required }) });
    const api = githubApi({ GITHUB_TOKEN: 'made-up', GITHUB_BASE_URL: `${listening.url}/` });
    const name = { owner: 'o', repository: 'r' };
    const rule = await readClassic(api, name, 'develop');
    expect(rule && has(rule)).toBe(hasExceptions);
  });
});

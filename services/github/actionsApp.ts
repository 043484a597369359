import { z } from 'zod';
import { githubActionsAppId, requiredCheck } from '../../settings/names/requiredCheck.ts';
import { githubApi, isGithubCom } from './github.ts';
import { call, ServiceError } from '../door/http.ts';

/**
 * The id of GitHub Actions' app, which alone may report the required check. On github.com it is known without a request;
 * GitHub Enterprise and hosts with data residency have another one, and are asked. Throws a `ServiceError`.
 */
export async function actionsAppId(env: NodeJS.ProcessEnv = process.env): Promise<number> {
  if (isGithubCom(env)) return githubActionsAppId;
  const api = githubApi(env);
  const { json } = await call(api, { path: '/apps/github-actions' }).catch((error: unknown) => {
    if (!(error instanceof ServiceError) || error.status !== 404) throw error;
    throw new ServiceError(
      `The GitHub of GITHUB_BASE_URL has no app github-actions, so that nothing there can report ${requiredCheck}. ` +
        'Enable GitHub Actions on it, or correct GITHUB_BASE_URL.',
      404,
    );
  });
  return z.object({ id: z.int() }).parse(json).id;
}

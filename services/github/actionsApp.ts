import { z } from 'zod';
import { githubActionsAppId, requiredCheck } from '../../settings/names/requiredCheck.ts';
import { githubApi, isGithubCom, orMissing } from './github.ts';
import { github } from './route.ts';
import { ServiceError } from '../door/http.ts';

const app = z.object({ id: z.int() }).nullable();

/**
 * The id of GitHub Actions' app, which alone may report the required check. On github.com it is known without a request;
 * GitHub Enterprise and hosts with data residency have another one, and are asked. Throws a `ServiceError`.
 */
export async function actionsAppId(env: NodeJS.ProcessEnv = process.env): Promise<number> {
  if (isGithubCom(env)) return githubActionsAppId;
  const api = githubApi(env);
  const parameters = { app_slug: 'github-actions' };
  const answer = await orMissing(github(api, 'GET /apps/{app_slug}', parameters, app));
  if (!answer?.data) {
    throw new ServiceError(
      `The GitHub of GITHUB_BASE_URL has no app github-actions, so that nothing there can report ${requiredCheck}. ` +
        'Enable GitHub Actions on it, or correct GITHUB_BASE_URL.',
      404,
    );
  }
  return answer.data.id;
}

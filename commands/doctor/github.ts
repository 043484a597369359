import { z } from 'zod';
import { ofRepository, repositoryPath } from '../../services/github/github.ts';
import { github } from '../../services/github/route.ts';
import { call, isAnswer, ServiceError } from '../../services/door/http.ts';
import { placementsIn } from '../../settings/settings.ts';
import { nearEnd } from '../../secrets/expiry.ts';
import { tokenEnd } from '../../services/github/tokenEnd.ts';
import { broken, fine, warning, type Check } from './diagnosis.ts';
import { forStack } from '../../settings/stack/stackCommand.ts';

/** By the name that GitHub gives a right: what can be read with it. A 404 of the last is a branch without a rule. */
const rights = {
  Secrets: '/actions/secrets',
  Variables: '/actions/variables',
  Actions: '/actions/runs',
  Deployments: '/deployments',
  Environments: '/environments',
  Checks: '/commits/BRANCH/check-runs',
  Administration: '/branches/BRANCH/protection',
} as const;

const repositoryAnswer = z.object({ permissions: z.object({ admin: z.boolean() }).optional() });

/** The token reaches the repository with every right of the table, and is not one of those that reach all of them. */
export const githubToken: Check = async (staging) => {
  const { branch, settings } = staging;
  // A team without declared variables needs no right to them.
  const needed = Object.entries(rights).filter(
    ([right]) => right !== 'Variables' || placementsIn(settings, 'actionsVariable').length > 0,
  );
  const { api, name } = staging.github();
  const base = repositoryPath(name);
  const { data, headers } = await github(api, 'GET /repos/{owner}/{repo}', ofRepository(name), repositoryAnswer);
  const lacking = await Promise.all(
    needed.map(async ([right, path]) => {
      try {
        await call(api, { path: base + path.replace('BRANCH', encodeURIComponent(branch)), query: { per_page: '1' } });
        return [];
      } catch (error) {
        if (error instanceof ServiceError && error.kind === 'plan') throw error;
        if (!isAnswer(error, 403, 404)) throw error;
        return error.status === 404 && (right === 'Administration' || right === 'Checks') ? [] : [right];
      }
    }),
  );
  if (lacking.flat().length > 0) {
    return broken(`lacks ${lacking.flat().join(', ')}: give it these rights of the repository (doctor -- --tokens)`);
  }
  const ends = tokenEnd(api, headers);
  const near = ends && nearEnd(ends.end, Date.now());
  const granted = headers.get('x-oauth-scopes')?.trim() ?? '';
  const warnings = [
    near && `${near.text}: make its successor at ${ends.page}`,
    granted !== '' &&
      `is a classic token (${granted}): it reaches every repository. Use a fine-grained one of this repository`,
    data.permissions?.admin === false &&
      `does not administer the repository: enough to look and deploy, not for ${forStack('pulumi up')}`,
  ].filter((each) => typeof each === 'string');
  if (warnings.length > 0) return warning(warnings.join('; '));
  return fine(`administers the repository${ends ? `; ends on ${ends.end.toISOString().slice(0, 10)}` : ''}`);
};

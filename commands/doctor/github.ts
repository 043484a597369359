import { z } from 'zod';
import type { StagingServices } from '../../deploys/stagingServices.ts';
import { environmentsIn } from '../../places/live.ts';
import { isInstallation, ofRepository, repositoryPath } from '../../services/github/github.ts';
import { github } from '../../services/github/route.ts';
import { call, isAnswer, ServiceError, type Api } from '../../services/door/http.ts';
import { placementsIn } from '../../settings/settings.ts';
import { nearEnd } from '../../secrets/expiry.ts';
import { tokenEnd } from '../../services/github/tokenEnd.ts';
import { broken, fine, warning, type Diagnosis } from './diagnosis.ts';
import { counted } from '../../machine/counted.ts';
import { forStack } from '../../settings/stack/stackCommand.ts';

type Asked = Pick<StagingServices, 'branch' | 'settings' | 'github'>;
const repositoryAnswer = z.object({ permissions: z.object({ admin: z.boolean() }).optional() });
const reachAnswer = z.object({ total_count: z.number() });

/** The token reaches the repository with every right of the table, and is not one of those that reach all of them. */
export async function githubToken(staging: Asked): Promise<Omit<Diagnosis, 'name'>> {
  const { api, name } = staging.github();
  const byApp = isInstallation(api);
  const base = repositoryPath(name);
  const { data, headers } = await github(api, 'GET /repos/{owner}/{repo}', ofRepository(name), repositoryAnswer);
  const lacking = await Promise.all(
    probes(staging, byApp).map(async ([right, path, may404]) =>
      (await reads(api, base + path, may404)) ? [] : [right],
    ),
  );
  if (lacking.flat().length > 0) {
    const where = byApp
      ? 'give the App these rights, and accept them where it is installed'
      : 'give it these rights of the repository';
    return broken(`lacks ${lacking.flat().join(', ')}: ${where} (doctor -- --tokens)`);
  }
  return byApp ? ofApp(api) : ofPerson(api, headers, data.permissions?.admin);
}

/** By the name that GitHub gives a right: what can be read with it, and whether a 404 is an answer too: there is no such thing. */
function probes({ branch, settings }: Asked, byApp: boolean): readonly (readonly [string, string, boolean?])[] {
  const at = encodeURIComponent(branch);
  const [environment] = environmentsIn(settings);
  return [
    ['Secrets', '/actions/secrets'],
    // A team without declared variables, or environments, needs no right to them.
    ...(placementsIn(settings, 'actionsVariable').length > 0 ? ([['Variables', '/actions/variables']] as const) : []),
    ['Actions', '/actions/runs'],
    // No job deploys or runs a job again by this project's commands.
    ...(byApp ? [] : ([['Deployments', '/deployments']] as const)),
    ...(environment === undefined
      ? []
      : ([['Environments', `/environments/${encodeURIComponent(environment)}/secrets`, true]] as const)),
    ['Contents', '/branches'],
    ['Checks', `/commits/${at}/check-runs`, true],
    ['Administration', `/branches/${at}/protection`, true],
  ];
}

async function reads(api: Api, path: string, may404 = false): Promise<boolean> {
  try {
    await call(api, { path, query: { per_page: '1' } });
    return true;
  } catch (error) {
    if (error instanceof ServiceError && error.kind === 'plan') throw error;
    if (!isAnswer(error, 403, 404)) throw error;
    return error.status === 404 && may404;
  }
}

/** An App's token is for the one repository; no user is behind it, so that GitHub says no role, and no end: it is an hour. */
async function ofApp(api: Api) {
  const { data } = await github(api, 'GET /installation/repositories', { per_page: 1 }, reachAnswer);
  if (data.total_count > 1) {
    return warning(
      `is an App’s token that reaches ${counted(data.total_count - 1, 'other repository', 'other repositories')} too: ask for this one alone, and install the App in it alone`,
    );
  }
  return fine(
    'is an App’s token, for an hour at most, and reads the repository; GitHub does not say whether it may write',
  );
}

function ofPerson(api: Api, headers: Headers, admin: boolean | undefined) {
  const ends = tokenEnd(api, headers);
  const near = ends && nearEnd(ends.end, Date.now());
  const granted = headers.get('x-oauth-scopes')?.trim() ?? '';
  const warnings = [
    near && `${near.text}: make its successor at ${ends.page}`,
    granted !== '' &&
      `is a classic token (${granted}): it reaches every repository. Use a fine-grained one of this repository`,
    process.env.GITHUB_ACTIONS === 'true' &&
      'is a person’s token in a job, and stays valid after it: sign in as an App (docs/github_actions.md#signing-in)',
    admin === false &&
      `does not administer the repository: enough to look and deploy, not for ${forStack('pulumi up')}`,
  ].filter((each) => typeof each === 'string');
  if (warnings.length > 0) return warning(warnings.join('; '));
  return fine(`administers the repository${ends ? `; ends on ${ends.end.toISOString().slice(0, 10)}` : ''}`);
}

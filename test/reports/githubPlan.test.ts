import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { updateGitHub, githubTokens } from '../../sandbox/standIns/github/index.ts';
import { githubApi } from '../../services/github/github.ts';
import { createClosedEnvironment } from '../../services/github/environments.ts';
import { owner, repo, startWorld, type World } from '../sandbox/standIns/github/world.ts';

/** Rules of an environment that the owner's plan does not have: GitHub makes the environment without them. */

let world: World;
beforeEach(async () => {
  world = await startWorld({ freePlan: true });
});
afterEach(() => world.close());

const api = () => githubApi({ GITHUB_BASE_URL: world.url, GITHUB_TOKEN: githubTokens(world.stateDir).write });
const make = () => createClosedEnvironment(api(), { owner, repository: repo }, 'staging', 'develop');

it('an environment whose rules the plan refuses is an error that says that it may be there, open, and how to go on', async () => {
  await expect(make()).rejects.toMatchObject({
    kind: 'plan',
    status: 422,
    message: expect.stringMatching(
      /The token is not the cause.* GitHub may have made staging all the same, open to every branch: nothing is sealed into it\. Delete it on GitHub, or set its rules there/,
    ),
  });
  let made: unknown;
  updateGitHub(world.stateDir, ({ repositories: [first] }) => {
    made = first?.environments.map(({ name, deploymentBranchPolicy, secrets }) => [
      name,
      deploymentBranchPolicy,
      secrets,
    ]);
  });
  expect(made).toEqual([['staging', null, []]]);
});

it('a body that GitHub refuses for another cause is not taken for the plan', async () => {
  const message = 'Failed to create the environment protection rule. Please ensure that reviewers exist.';
  world.faults.set([{ method: 'PUT', status: 422, body: JSON.stringify({ message }), path: '/environments/staging$' }]);
  await expect(make()).rejects.toMatchObject({ kind: 'status', status: 422 });
});

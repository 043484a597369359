import { afterAll, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { deployCheck } from '../../commands/drift/checks/deployCheck.ts';
import { strengthened } from '../../commands/drift/reconcile/protection.ts';
import { protection } from '../../commands/drift/checks/protection.ts';
import { requiredDeployCheck } from '../../policies/staging/requiredDeployCheck.ts';
import { githubTokens, updateGitHub } from '../../sandbox/standIns/github/index.ts';
import { actionsAppId } from '../../services/github/actionsApp.ts';
import { declaredRule } from '../../protection/declared.ts';
import { rulesetBody } from '../../protection/ruleset.ts';
import { fileSettings } from '../../settings/stack/file.ts';
import { enterProgram } from '../policies/support/program.ts';
import { stackViolations } from '../policies/support/run.ts';
import { keyed, protection as declared, workflow } from '../policies/support/staging.ts';
import { startWorld, type World } from '../sandbox/standIns/github/world.ts';
import { checkOf } from '../../protection/rule.ts';
import { ruleOf } from '../protection/rules.ts';
import { fixtureRoot } from '../support/fixture.ts';

/** A GitHub that is not github.com: its app of GitHub Actions has another id, which it is asked for. */

const appId = 9001;
const environment = { ...process.env };
const settings = fileSettings(fixtureRoot).github.protection;
let world: World;
jest.setTimeout(60_000);
beforeAll(async () => {
  world = await startWorld();
});
beforeEach(() => {
  world.faults.set([]);
  updateGitHub(world.stateDir, (state) => {
    state.apps = state.apps.map((app) => (app.slug === 'github-actions' ? { ...app, id: appId } : app));
  });
  process.env = {
    ...environment,
    GITHUB_BASE_URL: `${world.url}/`,
    GITHUB_TOKEN: githubTokens(world.stateDir).write,
  };
});
afterAll(async () => {
  process.env = environment;
  await world.close();
});

describe('the app that must report the check', () => {
  it('is asked for where the GitHub is not github.com', async () => {
    await expect(actionsAppId()).resolves.toBe(appId);
  });

  it.each([undefined, 'https://api.github.com', 'https://api.github.com/'])(
    'is known on github.com (%s), without a request or a token',
    async (address) => {
      world.log.length = 0;
      const env = address === undefined ? {} : { GITHUB_BASE_URL: address };
      await expect(actionsAppId(env)).resolves.toBe(15368);
      expect(world.log).toEqual([]);
    },
  );

  it('is an error where GitHub Actions is not enabled, and the error says so', async () => {
    world.faults.set([{ status: 404, path: '/apps/github-actions$' }]);
    await expect(actionsAppId()).rejects.toThrow(
      'The GitHub of GITHUB_BASE_URL has no app github-actions, so that nothing there can report deploy-staging. ' +
        'Enable GitHub Actions on it, or correct GITHUB_BASE_URL.',
    );
  });

  it('is an error where the answer holds no id', async () => {
    world.faults.set([{ status: 200, body: '{}', path: '/apps/github-actions$' }]);
    await expect(actionsAppId()).rejects.toThrow();
  });
});

describe('with another app', () => {
  const classic = (app: number) =>
    ruleOf({
      checks: ['deploy-staging:' + String(app), 'build'].map(checkOf),
      strict: true,
      bindsAdmins: true,
      blocksForcePush: true,
      blocksDeletion: true,
      reviews: {
        dismissStaleReviews: true,
        requireCodeOwnerReviews: true,
        requireLastPushApproval: true,
        requiredApprovingReviewCount: 6,
      },
    });
  const live = (app: number) => ({ branchExists: true, actionsAppId: appId, classic: classic(app), rulesets: [] });
  const bare = { ...settings, form: 'classic' as const, otherChecks: ['build'] };
  const report = (app: number) => ({
    latest: { id: 1, appId: app, status: 'completed', conclusion: 'success', at: undefined, url: undefined },
    actionsAppId: appId,
    annotations: [],
  });

  it('drift is content with its id, and finds github.com’s', () => {
    expect(protection(bare, live(appId))).toEqual([]);
    expect(protection(bare, live(15368)).map(({ kind }) => kind)).toEqual(['required-check-other-app']);
    expect(deployCheck('develop', report(appId), undefined, Date.now())).toEqual([]);
    expect(deployCheck('develop', report(15368), undefined, Date.now()).map(({ kind }) => kind)).toEqual([
      'check-forged',
    ]);
  });

  it('the fix pins the check to it, in both forms', () => {
    const rule = declaredRule(bare, appId);
    expect(strengthened(ruleOf({}), rule).checks[0]).toEqual({ context: 'deploy-staging', appId });
    expect(rulesetBody(rule, 'develop').rules.find(({ type }) => type === 'required_status_checks')).toMatchObject({
      parameters: { required_status_checks: [{ context: 'deploy-staging', integration_id: appId }, {}] },
    });
  });

  it('the policy wants its id', async () => {
    const { leave } = enterProgram(keyed(), { '.github/workflows/ci.yml': workflow });
    const pinned = (app: number) => declared({ requiredStatusChecks: { checks: [`deploy-staging:${app}`] } });
    await expect(stackViolations(requiredDeployCheck, [pinned(appId)])).resolves.toEqual([]);
    await expect(stackViolations(requiredDeployCheck, [pinned(15368)])).resolves.toEqual([
      expect.stringContaining(`Require deploy-staging:${appId} there`),
    ]);
    leave();
  });
});

import { github } from '../identity.ts';
import { updateGitHub } from '../github/index.ts';
import { plainEnvironment } from '../github/environments.ts';
import type { Protection } from '../github/protectionState.ts';
import type { CheckRun, GitHubState, Repository } from '../github/records.ts';
import { after, now, takeId } from '../github/state.ts';
import type { Injection, World } from './injection.ts';

const branchName = 'develop';
const requiredCheck = 'deploy-staging';
const anotherApp = 424242;
const day = 86_400_000;

function edit({ stateDir }: World, change: (repository: Repository, state: GitHubState) => void): void {
  updateGitHub(stateDir, (state) => {
    const repository = state.repositories.find(
      ({ owner, name }) => owner === github.owner && name === github.repository,
    );
    if (!repository) throw new Error('There is no repository to break. Provision first: npm start');
    change(repository, state);
  });
}

/** Changes the classic protection of develop. */
function protect(change: (protection: Protection) => Partial<Protection>) {
  return (world: World) =>
    edit(world, ({ branches }) => {
      const branch = branches.find(({ name }) => name === branchName);
      if (!branch?.protection) throw new Error('develop is not protected. Provision first: npm start');
      branch.protection = { ...branch.protection, ...change(branch.protection) };
    });
}

type Checks = NonNullable<Protection['statusChecks']>;

function checks(change: (checks: Checks) => Partial<Checks>) {
  return protect(({ statusChecks }) => {
    const known = statusChecks ?? { strict: false, checks: [] };
    return { statusChecks: { ...known, ...change(known) } };
  });
}

function pin(appId: number | null) {
  return checks(({ checks: list }) => ({
    checks: list.map((check) => (check.context === requiredCheck ? { ...check, app_id: appId } : check)),
  }));
}

/** Changes the last report of deploy-staging on develop. */
function report(change: (run: CheckRun) => CheckRun | undefined) {
  return (world: World) =>
    edit(world, (repository) => {
      repository.checkRuns = repository.checkRuns.flatMap((run) => {
        if (run.name !== requiredCheck) return [run];
        const changed = change(run);
        return changed ? [changed] : [];
      });
    });
}

/** What people do on GitHub. */
export const githubInjections: Readonly<Record<string, Injection>> = {
  'github-secret-missing': {
    title: 'delete the Actions secret SLACK_WEBHOOK_URL',
    touches: ['secret/SLACK_WEBHOOK_URL'],
    inject: (world) =>
      edit(world, (repository) => {
        repository.secrets = repository.secrets.filter(({ name }) => name !== 'SLACK_WEBHOOK_URL');
      }),
  },
  'github-secret-changed': {
    title: 'change the Actions secret NETLIFY_STAGING_SITE_ID',
    touches: ['secret/NETLIFY_STAGING_SITE_ID'],
    inject: (world) =>
      edit(world, ({ secrets }) => {
        const secret = secrets.find(({ name }) => name === 'NETLIFY_STAGING_SITE_ID');
        if (secret) Object.assign(secret, { value: 'another site', updatedAt: after(secret.updatedAt) });
      }),
  },
  'github-secret-undeclared': {
    title: 'add the Actions secret LEFTOVER',
    touches: ['secret/LEFTOVER'],
    inject: (world) =>
      edit(world, ({ secrets }) => {
        // A little later than the update: both count in seconds.
        const createdAt = after(new Date(Date.now() + 3000).toISOString());
        secrets.push({ name: 'LEFTOVER', value: 'of nobody', createdAt, updatedAt: createdAt });
      }),
  },
  'github-secret-shadowed': {
    title: 'give the environment staging a DEFAULT_ORGANIZATION_ID of its own',
    touches: ['environment'],
    inject: (world) =>
      edit(world, ({ environments }, state) => {
        const at = now();
        const secret = { name: 'DEFAULT_ORGANIZATION_ID', value: 'another one', createdAt: at, updatedAt: at };
        environments.push({ ...plainEnvironment(takeId(state), 'staging'), secrets: [secret] });
      }),
  },
  'branch-missing': {
    title: 'delete the branch develop',
    touches: ['protection', 'check'],
    inject: (world) =>
      edit(world, (repository) => {
        repository.branches = repository.branches.filter(({ name }) => name !== branchName);
      }),
  },
  'protection-missing': {
    title: 'remove the protection of develop',
    touches: ['protection'],
    inject: (world) =>
      edit(world, ({ branches }) => {
        delete branches.find(({ name }) => name === branchName)?.protection;
      }),
  },
  'required-check-missing': {
    title: 'require deploy-staging no more',
    touches: ['protection/deploy-staging', 'protection/strict', 'protection/admins'],
    inject: checks(({ checks: list }) => ({ checks: list.filter(({ context }) => context !== requiredCheck) })),
  },
  'required-check-unpinned': {
    title: 'let any app report deploy-staging',
    touches: ['protection/deploy-staging'],
    inject: pin(null),
  },
  'required-check-other-app': {
    title: 'require deploy-staging from another app',
    touches: ['protection/deploy-staging'],
    inject: pin(anotherApp),
  },
  'required-check-not-strict': {
    title: 'allow merges that are not up to date',
    touches: ['protection/strict'],
    inject: checks(() => ({ strict: false })),
  },
  'other-check-missing': {
    title: 'require build no more',
    touches: ['protection/build'],
    inject: checks(({ checks: list }) => ({ checks: list.filter(({ context }) => context !== 'build') })),
  },
  'check-undeclared': {
    title: 'require a check that nobody reports',
    touches: ['protection/ghost'],
    inject: checks(({ checks: list }) => ({ checks: [...list, { context: 'ghost', app_id: null }] })),
  },
  'admins-exempt': {
    title: 'exempt administrators',
    touches: ['protection/admins'],
    inject: protect(() => ({ enforceAdmins: false })),
  },
  'force-push-allowed': {
    title: 'allow force pushes',
    touches: ['protection/force'],
    inject: protect(() => ({ allowForcePushes: true })),
  },
  'deletion-allowed': {
    title: 'allow the deletion of develop',
    touches: ['protection/deletion'],
    inject: protect(() => ({ allowDeletions: true })),
  },
  'reviews-missing': {
    title: 'require no review',
    touches: ['protection/reviews'],
    inject: protect(() => ({ reviews: null })),
  },
  'reviews-weaker': {
    title: 'keep stale reviews',
    touches: ['protection/reviews/stale'],
    inject: protect(({ reviews }) => ({ reviews: reviews && { ...reviews, dismissStale: false } })),
  },
  'review-bypass': {
    title: 'let the maintainer bypass reviews',
    touches: ['protection/reviews/bypass'],
    inject: protect(({ reviews }) => ({
      reviews: reviews && { ...reviews, bypass: { users: ['maintainer'], teams: [], apps: [] } },
    })),
  },
  'branch-locked': {
    title: 'lock develop',
    touches: ['protection/lock'],
    inject: protect(() => ({ lockBranch: true })),
  },
  'check-never-reported': {
    title: 'push a commit on which deploy-staging never reported',
    touches: ['check/report'],
    inject: report(() => undefined),
  },
  'check-silent': {
    title: 'let three weeks pass without a report',
    touches: ['check/report'],
    inject: report((run) => ({ ...run, completedAt: new Date(Date.now() - 21 * day).toISOString() })),
  },
  'check-failing': {
    title: 'let deploy-staging fail',
    touches: ['check/report'],
    inject: report((run) => ({ ...run, conclusion: 'failure' })),
  },
  'github-organization-differs': {
    title: 'let deploy-staging find another organisation in its secret than the site serves',
    touches: ['check/report'],
    inject: (world) =>
      edit(world, ({ secrets, checkRuns }) => {
        const secret = secrets.find(({ name }) => name === 'DEFAULT_ORGANIZATION_ID');
        const run = checkRuns.find(({ name }) => name === requiredCheck);
        if (!secret || !run) throw new Error('There is nothing to compare. Provision first: npm start');
        // As soon as the secret was there: it is older than any other write of it.
        Object.assign(run, { conclusion: 'failure', completedAt: secret.updatedAt });
        run.annotations = [
          { level: 'failure', title: 'Smoke: wrong-organization', message: 'DEFAULT_ORGANIZATION_ID' },
        ];
      }),
  },
  'check-skipped': {
    title: 'let deploy-staging be skipped',
    touches: ['check/report'],
    inject: report((run) => ({ ...run, conclusion: 'skipped' })),
  },
  'check-forged': {
    title: 'report deploy-staging from another app',
    touches: ['check/report'],
    inject: (world) =>
      edit(world, ({ checkRuns }, state) => {
        state.apps.push({ id: anotherApp, slug: 'forger', name: 'Forger' });
        const run = checkRuns.find(({ name }) => name === requiredCheck);
        if (!run) throw new Error('deploy-staging never reported.');
        const at = new Date(Date.now() + 60_000).toISOString();
        checkRuns.push({ ...run, id: takeId(state), appId: anotherApp, startedAt: at, completedAt: at });
      }),
  },
  'check-not-on-pull-requests': {
    title: 'run deploy-staging on pushes only',
    touches: ['check/pull-request'],
    inject: (world) =>
      edit(world, ({ workflowRuns }) => {
        for (const run of workflowRuns) run.jobs = run.jobs.filter(({ name }) => name !== requiredCheck);
      }),
  },
};

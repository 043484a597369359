import { requiredCheck } from '../../settings/names/requiredCheck.ts';
import { plainEnvironment } from '../standIns/github/environments.ts';
import type { CheckRun } from '../standIns/github/records.ts';
import { after, now, takeId } from '../standIns/github/state.ts';
import type { Injection, World } from './injection.ts';
import { protectionInjections } from './protection.ts';
import { branchName, editRepository as edit } from './repository.ts';

const anotherApp = 424242;
const day = 86_400_000;

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

/** Which values of a kind somebody deletes, changes, and hides by one of the environment `staging`. */
interface Touched {
  readonly missing: string;
  readonly changed: readonly [name: string, value: string];
  readonly shadowed: string;
}

/** What people do to Actions secrets, or to Actions variables; `below` is where these are in what an injection touches. */
function ofValues(
  kind: 'secret' | 'variable',
  below: string,
  { missing, changed: [changed, value], shadowed }: Touched,
): Readonly<Record<string, Injection>> {
  const list = `${kind}s` as const;
  return {
    [`github-${kind}-missing`]: {
      title: `delete the Actions ${kind} ${missing}`,
      touches: [`${below}/${missing}`],
      inject: (world) =>
        edit(world, ({ [list]: values }) => {
          const index = values.findIndex(({ name }) => name === missing);
          if (index !== -1) values.splice(index, 1);
        }),
    },
    [`github-${kind}-changed`]: {
      title: `change the Actions ${kind} ${changed}`,
      touches: [`${below}/${changed}`],
      inject: (world) =>
        edit(world, ({ [list]: values }) => {
          const one = values.find(({ name }) => name === changed);
          if (one) Object.assign(one, { value, updatedAt: after(one.updatedAt) });
        }),
    },
    [`github-${kind}-undeclared`]: {
      title: `add the Actions ${kind} LEFTOVER`,
      touches: [`${below}/LEFTOVER`],
      inject: (world) =>
        edit(world, ({ [list]: values }) => {
          // A little later than the update: both count in seconds.
          const createdAt = after(new Date(Date.now() + 3000).toISOString());
          values.push({ name: 'LEFTOVER', value: 'of nobody', createdAt, updatedAt: createdAt });
        }),
    },
    [`github-${kind}-shadowed`]: {
      title: `give the environment staging a ${shadowed} of its own`,
      touches: ['environment'],
      inject: (world) =>
        edit(world, ({ environments }, state) => {
          const at = now();
          const own = { name: shadowed, value: 'another one', createdAt: at, updatedAt: at };
          environments.push({ ...plainEnvironment(takeId(state), 'staging'), [list]: [own] });
        }),
    },
  };
}

/** What people do on GitHub. */
export const githubInjections: Readonly<Record<string, Injection>> = {
  'github-token-expires': {
    title: 'let GITHUB_TOKEN end in 12 days',
    touches: ['token'],
    inject: (world) =>
      edit(world, (_, { tokens }) => {
        const end = new Date(Date.now() + 12.5 * day).toISOString();
        for (const token of tokens.filter(({ login }) => login === 'staging-bot'))
          token.endsAt = `${end.slice(0, 10)} ${end.slice(11, 19)} UTC`;
      }),
  },
  ...ofValues('secret', 'secret', {
    missing: 'SLACK_WEBHOOK_URL',
    changed: ['NETLIFY_STAGING_SITE_ID', 'another site'],
    shadowed: 'DEFAULT_ORGANIZATION_ID',
  }),
  ...ofValues('variable', 'actions-variable', {
    missing: 'SUPABASE_PROJECT_ID',
    changed: ['SLACK_ALERTS_CHANNEL', '#elsewhere'],
    shadowed: 'SUPABASE_PROJECT_ID',
  }),
  'branch-missing': {
    title: 'delete the branch develop',
    touches: ['protection', 'check'],
    inject: (world) =>
      edit(world, (repository, state) => {
        const gone = repository.branches.find(({ name }) => name === branchName);
        if (!gone) throw new Error('There is no branch develop.');
        repository.branches = repository.branches.filter((branch) => branch !== gone);
        const deletion = { ref: `refs/heads/${branchName}`, type: 'branch_deletion', sha: gone.sha } as const;
        const by = { login: 'maintainer', timestamp: now() };
        repository.activity = [...(repository.activity ?? []), { id: takeId(state), ...deletion, ...by }];
      }),
  },
  ...protectionInjections,
  'check-never-reported': {
    title: `push a commit on which ${requiredCheck} never reported`,
    touches: ['check/report'],
    inject: report(() => undefined),
  },
  'check-silent': {
    title: 'let three weeks pass without a report',
    touches: ['check/report'],
    inject: report((run) => ({ ...run, completedAt: new Date(Date.now() - 21 * day).toISOString() })),
  },
  'check-failing': {
    title: `let ${requiredCheck} fail`,
    touches: ['check/report'],
    inject: report((run) => ({ ...run, conclusion: 'failure' })),
  },
  'github-organization-differs': {
    title: `let ${requiredCheck} find another organisation in its secret than the site serves`,
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
    title: `let ${requiredCheck} be skipped`,
    touches: ['check/report'],
    inject: report((run) => ({ ...run, conclusion: 'skipped' })),
  },
  'check-forged': {
    title: `report ${requiredCheck} from another app`,
    touches: ['check/report'],
    inject: (world) =>
      edit(world, ({ checkRuns }, state) => {
        state.apps.push({ id: anotherApp, slug: 'forger', name: 'Forger' });
        const run = checkRuns.find(({ name }) => name === requiredCheck);
        if (!run) throw new Error(`${requiredCheck} never reported.`);
        const at = new Date(Date.now() + 60_000).toISOString();
        checkRuns.push({ ...run, id: takeId(state), appId: anotherApp, startedAt: at, completedAt: at });
      }),
  },
  'check-not-on-pull-requests': {
    title: `run ${requiredCheck} on pushes only`,
    touches: ['check/pull-request'],
    inject: (world) =>
      edit(world, ({ workflowRuns }) => {
        for (const run of workflowRuns) run.jobs = run.jobs.filter(({ name }) => name !== requiredCheck);
      }),
  },
};

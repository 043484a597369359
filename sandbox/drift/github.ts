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
  'github-variable-missing': {
    title: 'delete the Actions variable SUPABASE_PROJECT_ID',
    touches: ['actions-variable/SUPABASE_PROJECT_ID'],
    inject: (world) =>
      edit(world, (repository) => {
        repository.variables = repository.variables.filter(({ name }) => name !== 'SUPABASE_PROJECT_ID');
      }),
  },
  'github-variable-changed': {
    title: 'change the Actions variable SLACK_ALERTS_CHANNEL',
    touches: ['actions-variable/SLACK_ALERTS_CHANNEL'],
    inject: (world) =>
      edit(world, ({ variables }) => {
        const variable = variables.find(({ name }) => name === 'SLACK_ALERTS_CHANNEL');
        if (variable) Object.assign(variable, { value: '#elsewhere', updatedAt: after(variable.updatedAt) });
      }),
  },
  'github-variable-undeclared': {
    title: 'add the Actions variable LEFTOVER',
    touches: ['actions-variable/LEFTOVER'],
    inject: (world) =>
      edit(world, ({ variables }) => {
        // A little later than the update: both count in seconds.
        const createdAt = after(new Date(Date.now() + 3000).toISOString());
        variables.push({ name: 'LEFTOVER', value: 'of nobody', createdAt, updatedAt: createdAt });
      }),
  },
  'github-variable-shadowed': {
    title: 'give the environment staging a SUPABASE_PROJECT_ID of its own',
    touches: ['environment'],
    inject: (world) =>
      edit(world, ({ environments }, state) => {
        const at = now();
        const variable = { name: 'SUPABASE_PROJECT_ID', value: 'another one', createdAt: at, updatedAt: at };
        environments.push({ ...plainEnvironment(takeId(state), 'staging'), variables: [variable] });
      }),
  },
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

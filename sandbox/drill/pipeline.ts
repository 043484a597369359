import { updateGitHub } from '../standIns/github/index.ts';
import { now, openStore } from '../standIns/github/state.ts';
import { requiredCheck } from '../../settings/names/requiredCheck.ts';

/** What the deploy job records as a deploy's address: the deploy's own, which the workflow's own run is held to. */
export const recordedUrl = (deployId: string) => `https://${deployId}--allincompassing.netlify.app`;

/** What the deploy job leaves on GitHub: a run, and a deployment with the smoke test's outcome. */
export function record(stateDir: string, deployId: string, sha: string, outcome: 'success' | 'failure'): void {
  const at = new Date().toISOString();
  const creator = 'github-actions[bot]';
  updateGitHub(stateDir, ({ repositories }) => {
    const [repository] = repositories;
    if (!repository) return;
    const next = 9000 + repository.deployments.length * 10;
    const status = {
      description: '',
      environment: 'staging',
      environmentUrl: recordedUrl(deployId),
      logUrl: '',
      createdAt: at,
    };
    repository.deployments.push({
      ...{ id: next, ref: 'develop', sha, task: 'deploy', environment: 'staging', description: null, payload: {} },
      ...{ creator, transient: false, production: false, createdAt: at, updatedAt: at },
      statuses: [{ ...status, id: next + 1, state: outcome, creator }],
    });
    if (repository.workflowRuns.some(({ headSha }) => headSha === sha)) return;
    repository.workflowRuns.push({
      ...{ id: next + 2, workflow: '.github/workflows/ci.yml', number: next, event: 'push', headBranch: 'develop' },
      ...{ headSha: sha, createdAt: at, updatedAt: at, attempt: 1, status: 'completed', conclusion: outcome },
      jobs: [
        { id: next + 3, name: requiredCheck, status: 'completed', conclusion: outcome, startedAt: at, completedAt: at },
      ],
    });
  });
}

/**
 * GitHub's runners: whatever is started again deploys its commit by `deploy` and succeeds, a moment later.
 * The function that comes back ends them.
 */
export function startRunners(stateDir: string, deploy: (sha: string) => Promise<string>): () => Promise<void> {
  let work = Promise.resolve();
  const timer = setInterval(() => {
    work = work.then(() => workOff(stateDir, deploy));
  }, 500);
  return async () => {
    clearInterval(timer);
    await work;
  };
}

/** Runs what is started and not finished: deploys its commit by `deploy` and records it; a deploy that throws fails the run. */
export async function workOff(stateDir: string, deploy: (sha: string) => Promise<string>): Promise<void> {
  for (const sha of openRuns(stateDir)) {
    try {
      record(stateDir, await deploy(sha), sha, 'success');
      complete(stateDir, sha, 'success');
    } catch {
      complete(stateDir, sha, 'failure');
    }
  }
}

function openRuns(stateDir: string): string[] {
  const runs = openStore(stateDir).state.repositories[0]?.workflowRuns ?? [];
  return [...new Set(runs.filter(({ status }) => status !== 'completed').map(({ headSha }) => headSha))];
}

function complete(stateDir: string, sha: string, conclusion: 'success' | 'failure'): void {
  updateGitHub(stateDir, ({ repositories }) => {
    for (const run of repositories[0]?.workflowRuns ?? []) {
      if (run.headSha !== sha || run.status === 'completed') continue;
      Object.assign(run, { status: 'completed', conclusion });
      for (const job of run.jobs) Object.assign(job, { status: 'completed', conclusion, completedAt: now() });
    }
  });
}

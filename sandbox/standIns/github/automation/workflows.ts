import { z } from 'zod';
import type { ServiceReply } from '../../../server/service.ts';
import { shaOf } from '../branches.ts';
import { ApiError, bodyOf, countedPage, idParam, notFound, param, repositoryOf } from '../call.ts';
import type { Call, Handler } from '../call.ts';
import type { Routes } from '../router.ts';
import { after, now, takeId } from '../state.ts';
import type { Repository, Workflow, WorkflowRun } from '../records.ts';
import { jobObject, runObject, workflowObject } from './workflowObjects.ts';

function listRuns(call: Call, repository: Repository, runs: readonly WorkflowRun[]): ServiceReply {
  const query = call.request.query;
  const status = query.get('status');
  const found = runs
    .filter((run) => (query.get('branch') ?? run.headBranch) === run.headBranch)
    .filter((run) => (query.get('event') ?? run.event) === run.event)
    .filter((run) => (query.get('head_sha') ?? run.headSha) === run.headSha)
    .filter((run) => status === null || run.status === status || run.conclusion === status)
    .toReversed(); // the newest first
  return countedPage(call, 'workflow_runs', found, (run) => runObject(call, repository, run));
}

/** Runs all jobs again, or those only that did not succeed. */
function rerun(onlyFailed: boolean): Handler {
  return (call) =>
    call.store.update((state) => {
      const run = runOf(call, repositoryOf(call, state));
      if (run.status !== 'completed') throw new ApiError(403, 'The workflow run is already running');
      run.attempt += 1;
      run.updatedAt = after(run.updatedAt);
      Object.assign(run, { status: 'queued', conclusion: null });
      for (const job of run.jobs) {
        if (onlyFailed && job.conclusion === 'success') continue;
        Object.assign(job, { status: 'queued', conclusion: null, startedAt: now(), completedAt: null });
      }
      return { status: 201, body: {}, effects: [`workflow run ${run.id} attempt ${run.attempt}`] };
    });
}

const dispatchBody = z.object({ ref: z.string().min(1), inputs: z.record(z.string(), z.unknown()).optional() });

/** Starts a run that stays queued: nothing here executes jobs. */
function dispatch(call: Call): ServiceReply {
  return call.store.update((state) => {
    const repository = repositoryOf(call, state);
    const workflow = workflowOf(call, repository);
    const { ref } = bodyOf(call, dispatchBody);
    const headSha = shaOf(repository, ref);
    if (headSha === undefined) throw new ApiError(422, `No ref found for: ${ref}`);
    const createdAt = now();
    const run: WorkflowRun = {
      id: takeId(state),
      workflow: workflow.path,
      number: repository.workflowRuns.length + 1,
      event: 'workflow_dispatch',
      headBranch: ref,
      headSha,
      createdAt,
      updatedAt: createdAt,
      attempt: 1,
      status: 'queued',
      conclusion: null,
      jobs: [],
    };
    repository.workflowRuns.push(run);
    return { status: 204, effects: [`workflow run ${run.id}`] };
  });
}

/** By id or by file name, as the API allows. */
function workflowOf(call: Call, repository: Repository): Workflow {
  const wanted = param(call, 'workflow');
  const workflow = repository.workflows.find(({ id, path }) => String(id) === wanted || path.endsWith(`/${wanted}`));
  if (!workflow) throw notFound();
  return workflow;
}

function runOf(call: Call, repository: Repository): WorkflowRun {
  const run = repository.workflowRuns.find(({ id }) => id === idParam(call, 'run'));
  if (!run) throw notFound();
  return run;
}

const path = '/repos/:owner/:repo/actions';

/** Workflows, their runs and jobs. */
export const workflowRoutes: Routes = {
  [`GET ${path}/workflows`]: (call) => {
    const repository = repositoryOf(call);
    return countedPage(call, 'workflows', repository.workflows, (each) => workflowObject(call, repository, each));
  },
  [`GET ${path}/workflows/:workflow`]: (call) => {
    const repository = repositoryOf(call);
    return { status: 200, body: workflowObject(call, repository, workflowOf(call, repository)) };
  },
  [`GET ${path}/workflows/:workflow/runs`]: (call) => {
    const repository = repositoryOf(call);
    const workflow = workflowOf(call, repository).path;
    return listRuns(
      call,
      repository,
      repository.workflowRuns.filter((run) => run.workflow === workflow),
    );
  },
  [`POST ${path}/workflows/:workflow/dispatches`]: dispatch,
  [`GET ${path}/runs`]: (call) => listRuns(call, repositoryOf(call), repositoryOf(call).workflowRuns),
  [`GET ${path}/runs/:run`]: (call) => {
    const repository = repositoryOf(call);
    return { status: 200, body: runObject(call, repository, runOf(call, repository)) };
  },
  [`GET ${path}/runs/:run/jobs`]: (call) => {
    const repository = repositoryOf(call);
    const run = runOf(call, repository);
    return countedPage(call, 'jobs', run.jobs, (job) => jobObject(call, repository, run, job));
  },
  [`POST ${path}/runs/:run/rerun`]: rerun(false),
  [`POST ${path}/runs/:run/rerun-failed-jobs`]: rerun(true),
};

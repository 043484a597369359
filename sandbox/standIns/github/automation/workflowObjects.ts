import { simpleUser } from '../accounts.ts';
import { nodeId, pageUrl, repositoryUrl } from '../call.ts';
import type { Call } from '../call.ts';
import { minimalRepository } from '../repositories.ts';
import type { Job, Repository, Workflow, WorkflowRun } from '../records.ts';

const bot = 'github-actions[bot]';

/** A workflow file. */
export function workflowObject(call: Call, repository: Repository, workflow: Workflow) {
  return {
    id: workflow.id,
    node_id: nodeId('Workflow', workflow.id),
    name: workflow.name,
    path: workflow.path,
    state: 'active',
    created_at: repository.createdAt,
    updated_at: repository.createdAt,
    url: `${repositoryUrl(call, repository)}/actions/workflows/${workflow.id}`,
    html_url: `${pageUrl(call, repository)}/blob/${repository.defaultBranch}/${workflow.path}`,
    badge_url: `${pageUrl(call, repository)}/workflows/${encodeURIComponent(workflow.name)}/badge.svg`,
  };
}

/** A run of a workflow. */
export function runObject(call: Call, repository: Repository, run: WorkflowRun) {
  const url = `${repositoryUrl(call, repository)}/actions/runs/${run.id}`;
  const workflow = repository.workflows.find(({ path }) => path === run.workflow);
  return {
    id: run.id,
    name: workflow?.name ?? run.workflow,
    node_id: nodeId('WorkflowRun', run.id),
    check_suite_id: run.id,
    check_suite_node_id: nodeId('CheckSuite', run.id),
    head_branch: run.headBranch,
    head_sha: run.headSha,
    path: run.workflow,
    display_title: 'A commit',
    run_number: run.number,
    run_attempt: run.attempt,
    event: run.event,
    status: run.status,
    conclusion: run.conclusion,
    workflow_id: workflow?.id ?? 0,
    url,
    html_url: `${pageUrl(call, repository)}/actions/runs/${run.id}`,
    pull_requests: [],
    created_at: run.createdAt,
    updated_at: run.updatedAt,
    run_started_at: run.createdAt,
    actor: simpleUser(call, bot),
    triggering_actor: simpleUser(call, bot),
    jobs_url: `${url}/jobs`,
    logs_url: `${url}/logs`,
    check_suite_url: `${repositoryUrl(call, repository)}/check-suites/${run.id}`,
    artifacts_url: `${url}/artifacts`,
    cancel_url: `${url}/cancel`,
    rerun_url: `${url}/rerun`,
    previous_attempt_url: run.attempt > 1 ? `${url}/attempts/${run.attempt - 1}` : null,
    workflow_url: `${repositoryUrl(call, repository)}/actions/workflows/${workflow?.id ?? 0}`,
    head_commit: null,
    repository: minimalRepository(call, repository),
    head_repository: minimalRepository(call, repository),
    head_repository_id: repository.id,
  };
}

/** A job of a run. */
export function jobObject(call: Call, repository: Repository, run: WorkflowRun, job: Job) {
  const url = repositoryUrl(call, repository);
  return {
    id: job.id,
    run_id: run.id,
    run_url: `${url}/actions/runs/${run.id}`,
    run_attempt: run.attempt,
    node_id: nodeId('CheckRun', job.id),
    head_sha: run.headSha,
    head_branch: run.headBranch,
    url: `${url}/actions/jobs/${job.id}`,
    html_url: `${pageUrl(call, repository)}/actions/runs/${run.id}/job/${job.id}`,
    status: job.status,
    conclusion: job.conclusion,
    created_at: run.createdAt,
    started_at: job.startedAt,
    completed_at: job.completedAt,
    name: job.name,
    steps: [],
    check_run_url: `${url}/check-runs/${job.id}`,
    labels: ['ubuntu-latest'],
    runner_id: null,
    runner_name: null,
    runner_group_id: null,
    runner_group_name: null,
    workflow_name: run.workflow,
  };
}

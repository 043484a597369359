import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { updateGitHub } from '../../../../sandbox/standIns/github/index.ts';
import { owner, refusal, repo, startWorld } from './world.ts';
import type { World } from './world.ts';

const repository = { owner, repo };

let world: World;

beforeEach(async () => {
  world = await startWorld({
    checks: { develop: { build: 'success' } },
    workflows: { '.github/workflows/ci.yml': 'CI' },
    issues: [7],
  });
});

afterEach(async () => {
  await world.close();
  expect(world.violations()).toEqual([]);
});

async function headOf(branch: string): Promise<string> {
  const { data } = await world.octokit.request('GET /repos/{owner}/{repo}/branches/{branch}', {
    ...repository,
    branch,
  });
  return data.commit.sha;
}

describe('check runs', () => {
  it('are written by apps, and the last of each name is listed', async () => {
    const head_sha = await headOf('develop');
    const run = { ...repository, name: 'deploy-staging', head_sha };
    const { data } = await world.actions.request('POST /repos/{owner}/{repo}/check-runs', {
      ...run,
      status: 'in_progress',
    });
    await world.actions.request('PATCH /repos/{owner}/{repo}/check-runs/{check_run_id}', {
      ...repository,
      check_run_id: Number(data.id),
      conclusion: 'failure',
      output: { title: 'Smoke test failed', summary: 'One page did not answer' },
    });
    await world.actions.request('POST /repos/{owner}/{repo}/check-runs', { ...run, conclusion: 'success' });
    const path = 'GET /repos/{owner}/{repo}/commits/{ref}/check-runs';
    const { data: latest } = await world.octokit.request(path, { ...repository, ref: 'develop' });
    expect(latest.check_runs.map(({ name, conclusion, app }) => [name, conclusion, app?.id])).toEqual([
      ['build', 'success', 15368],
      ['deploy-staging', 'success', 15368],
    ]);
    const filter = { ref: head_sha, check_name: 'deploy-staging', filter: 'all' as const };
    const { data: all } = await world.octokit.request(path, { ...repository, ...filter });
    expect(all.check_runs.map(({ conclusion }) => conclusion)).toEqual(['failure', 'success']);
  });

  it('keep what a job said of its failure', async () => {
    updateGitHub(world.stateDir, ({ repositories }) => {
      const run = repositories[0]?.checkRuns.find(({ name }) => name === 'build');
      if (run) run.annotations = [{ level: 'failure', title: 'Smoke: unreachable', message: 'no answer' }];
    });
    const { data } = await world.octokit.request('GET /repos/{owner}/{repo}/commits/{ref}/check-runs', {
      ...repository,
      ref: 'develop',
      check_name: 'build',
    });
    expect(data.check_runs[0]?.output.annotations_count).toBe(1);
    const path = 'GET /repos/{owner}/{repo}/check-runs/{check_run_id}/annotations';
    const { data: said } = await world.octokit.request(path, {
      ...repository,
      check_run_id: Number(data.check_runs[0]?.id),
    });
    expect(said.map(({ annotation_level: level, title }) => [level, title])).toEqual([
      ['failure', 'Smoke: unreachable'],
    ]);
  });

  it('are not written by people, nor for a commit that is not there', async () => {
    const path = 'POST /repos/{owner}/{repo}/check-runs';
    const run = { ...repository, name: 'deploy-staging', head_sha: await headOf('develop') };
    expect(await refusal(world.octokit.request(path, run))).toMatchObject({ status: 403 });
    expect(await refusal(world.actions.request(path, { ...run, head_sha: 'f'.repeat(40) }))).toMatchObject({
      status: 422,
    });
    expect(await refusal(world.actions.request(path, { ...run, status: 'completed' }))).toMatchObject({ status: 422 });
  });
});

describe('workflow runs', () => {
  it('are started, listed, and run again once completed', async () => {
    const { data: workflows } = await world.octokit.request('GET /repos/{owner}/{repo}/actions/workflows', repository);
    expect(workflows.workflows.map(({ path }) => path)).toEqual(['.github/workflows/ci.yml']);
    await world.octokit.request('POST /repos/{owner}/{repo}/actions/workflows/{workflow_id}/dispatches', {
      ...repository,
      workflow_id: 'ci.yml',
      ref: 'develop',
    });
    const { data } = await world.octokit.request('GET /repos/{owner}/{repo}/actions/workflows/{workflow_id}/runs', {
      ...repository,
      workflow_id: 'ci.yml',
      branch: 'develop',
    });
    const target = { ...repository, run_id: Number(data.workflow_runs[0]?.id) };
    const rerun = 'POST /repos/{owner}/{repo}/actions/runs/{run_id}/rerun-failed-jobs';
    expect(await refusal(world.octokit.request(rerun, target))).toMatchObject({ status: 403 });
    complete();
    await world.octokit.request(rerun, target);
    const { data: run } = await world.octokit.request('GET /repos/{owner}/{repo}/actions/runs/{run_id}', target);
    expect(run).toMatchObject({ run_attempt: 2, status: 'queued', conclusion: null });
    const { data: jobs } = await world.octokit.request('GET /repos/{owner}/{repo}/actions/runs/{run_id}/jobs', target);
    expect(jobs.jobs.map(({ name, conclusion }) => [name, conclusion])).toEqual([
      ['build', 'success'],
      ['deploy-staging', null],
    ]);
    const listed = await world.octokit.request('GET /repos/{owner}/{repo}/actions/runs', {
      ...repository,
      status: 'success',
    });
    expect(listed.data.total_count).toBe(0);
  });

  /** What runners would do. */
  function complete(): void {
    updateGitHub(world.stateDir, (state) => {
      const run = state.repositories[0]?.workflowRuns[0];
      if (!run) throw new Error('no run to complete');
      Object.assign(run, { status: 'completed', conclusion: 'failure' });
      const job = { status: 'completed' as const, startedAt: run.createdAt, completedAt: run.createdAt };
      run.jobs = [
        { ...job, id: 1, name: 'build', conclusion: 'success' },
        { ...job, id: 2, name: 'deploy-staging', conclusion: 'failure' },
      ];
    });
  }
});

describe('deployments', () => {
  const path = '/repos/{owner}/{repo}/deployments';

  it('make their environment, take statuses, and retire the one before', async () => {
    const deploy = { ...repository, ref: 'develop', environment: 'staging', description: 'A try' };
    const first = await deployed(deploy);
    const second = await deployed(deploy);
    const { data: all } = await world.octokit.request(`GET ${path}`, { ...repository, environment: 'staging' });
    expect(all.map(({ id }) => id)).toEqual([second, first]);
    const { data } = await world.octokit.request(`GET ${path}/{deployment_id}/statuses`, {
      ...repository,
      deployment_id: first,
    });
    expect(data.map(({ state }) => state)).toEqual(['inactive', 'success']);
    const { data: environments } = await world.octokit.request('GET /repos/{owner}/{repo}/environments', repository);
    expect(environments.environments?.map(({ name }) => name)).toEqual(['staging']);
  });

  it('answer 409 while a check has not succeeded, and 422 to a branch that is not there', async () => {
    const deploy = { ...repository, ref: 'develop' };
    const blocked = world.octokit.request(`POST ${path}`, {
      ...deploy,
      required_contexts: ['build', 'deploy-staging'],
    });
    expect(await refusal(blocked)).toMatchObject({ status: 409 });
    expect(await refusal(world.octokit.request(`POST ${path}`, { ...deploy, ref: 'nowhere' }))).toMatchObject({
      status: 422,
    });
    const { status } = await world.octokit.request(`POST ${path}`, { ...deploy, required_contexts: ['build'] });
    expect(status).toBe(201);
  });

  async function deployed(deploy: { owner: string; repo: string; ref: string }): Promise<number> {
    const { data } = await world.octokit.request(`POST ${path}`, deploy);
    if (!('id' in data)) throw new Error('the deployment was put off');
    await world.octokit.request(`POST ${path}/{deployment_id}/statuses`, {
      ...repository,
      deployment_id: Number(data.id),
      state: 'success',
      environment_url: 'https://staging.example.com',
      log_url: 'https://example.com/log',
    });
    return Number(data.id);
  }
});

describe('comments', () => {
  it('are written, changed, listed and deleted', async () => {
    const issue = { ...repository, issue_number: 7 };
    const path = '/repos/{owner}/{repo}/issues';
    const { data } = await world.octokit.request(`POST ${path}/{issue_number}/comments`, { ...issue, body: 'first' });
    const comment = { ...repository, comment_id: Number(data.id) };
    await world.octokit.request(`PATCH ${path}/comments/{comment_id}`, { ...comment, body: 'second' });
    const { data: all } = await world.octokit.request(`GET ${path}/{issue_number}/comments`, issue);
    expect(all.map(({ body }) => body)).toEqual(['second']);
    await world.octokit.request(`DELETE ${path}/comments/{comment_id}`, comment);
    const missing = world.octokit.request(`POST ${path}/{issue_number}/comments`, {
      ...issue,
      issue_number: 8,
      body: 'x',
    });
    expect(await refusal(missing)).toMatchObject({ status: 404 });
  });
});

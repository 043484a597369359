import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { owner, refusal, repo, startWorld } from './world.ts';
import type { World } from './world.ts';

const target = { owner, repo, environment_name: 'staging' };
const path = '/repos/{owner}/{repo}/environments/{environment_name}';
const chosenBranches = { protected_branches: false, custom_branch_policies: true };

let world: World;

beforeEach(async () => {
  world = await startWorld();
});

afterEach(async () => {
  await world.close();
  expect(world.violations()).toEqual([]);
});

describe('environments', () => {
  it('are made by PUT, and a second PUT resets what it leaves out', async () => {
    const { data: user } = await world.octokit.request('GET /user');
    const { data } = await world.octokit.request(`PUT ${path}`, {
      ...target,
      wait_timer: 5,
      prevent_self_review: true,
      reviewers: [{ type: 'User', id: Number(user.id) }],
      deployment_branch_policy: chosenBranches,
    });
    expect(data.protection_rules?.map(({ type }) => type)).toEqual([
      'wait_timer',
      'required_reviewers',
      'branch_policy',
    ]);
    expect(data.deployment_branch_policy).toEqual(chosenBranches);
    const { data: reset } = await world.octokit.request(`PUT ${path}`, target);
    expect(reset).toMatchObject({ id: data.id, protection_rules: [], deployment_branch_policy: null });
  });

  it('take whether administrators may pass, which Terraform’s provider sends though no description has it', async () => {
    await world.octokit.request(`PUT ${path}`, { ...target, can_admins_bypass: false });
    const { data } = await world.octokit.request(`GET ${path}`, target);
    expect(data).toMatchObject({ can_admins_bypass: false });
  });

  it('keep the branches that may deploy', async () => {
    await world.octokit.request(`PUT ${path}`, { ...target, deployment_branch_policy: chosenBranches });
    const policies = `${path}/deployment-branch-policies` as const;
    const { data } = await world.octokit.request(`POST ${policies}`, { ...target, name: 'develop' });
    const policy = { ...target, branch_policy_id: data.id ?? 0 };
    expect((await world.octokit.request(`GET ${policies}`, target)).data).toMatchObject({
      total_count: 1,
      branch_policies: [{ name: 'develop', type: 'branch' }],
    });
    await world.octokit.request(`PUT ${policies}/{branch_policy_id}`, { ...policy, name: 'release/*' });
    const { data: read } = await world.octokit.request(`GET ${policies}/{branch_policy_id}`, policy);
    expect(read.name).toBe('release/*');
    await world.octokit.request(`DELETE ${policies}/{branch_policy_id}`, policy);
    expect((await world.octokit.request(`GET ${policies}`, target)).data.total_count).toBe(0);
  });

  it('take branch policies only where branches are chosen one by one', async () => {
    await world.octokit.request(`PUT ${path}`, target);
    const call = world.octokit.request(`POST ${path}/deployment-branch-policies`, { ...target, name: 'develop' });
    expect(await refusal(call)).toMatchObject({ status: 404 });
  });

  it.each([
    [
      'two answers to one question',
      { deployment_branch_policy: { protected_branches: true, custom_branch_policies: true } },
    ],
    ['a wait that is too long', { wait_timer: 43_201 }],
    ['a reviewer who does not exist', { reviewers: [{ type: 'User', id: 1 }] }],
  ])('refuses %s', async (_what, body) => {
    const call = world.octokit.request(`PUT ${path}`, { ...target, ...(body as object) });
    expect((await refusal(call)).status).toBe(422);
    expect(await refusal(world.octokit.request(`GET ${path}`, target))).toMatchObject({ status: 404 });
  });

  it('go with their secrets', async () => {
    await world.octokit.request(`PUT ${path}`, target);
    await world.octokit.request(`DELETE ${path}`, target);
    expect(await refusal(world.octokit.request(`DELETE ${path}`, target))).toMatchObject({ status: 404 });
    const { data } = await world.octokit.request('GET /repos/{owner}/{repo}/environments', { owner, repo });
    expect(data.total_count).toBe(0);
  });
});

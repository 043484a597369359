import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { rulesetApplies } from '../../../../sandbox/standIns/github/protection/refPattern.ts';
import { owner, refusal, repo, startWorld } from './world.ts';
import type { World } from './world.ts';

const repository = { owner, repo };
const path = '/repos/{owner}/{repo}/rulesets';

const requiredDeploy = {
  type: 'required_status_checks' as const,
  parameters: {
    strict_required_status_checks_policy: true,
    required_status_checks: [{ context: 'deploy-staging', integration_id: 15368 }],
  },
};
const staging = {
  name: 'staging',
  target: 'branch' as const,
  enforcement: 'active' as const,
  bypass_actors: [{ actor_id: 5, actor_type: 'RepositoryRole' as const, bypass_mode: 'pull_request' as const }],
  conditions: { ref_name: { include: ['refs/heads/develop'], exclude: [] } },
  rules: [requiredDeploy, { type: 'non_fast_forward' as const }, { type: 'deletion' as const }],
};

let world: World;

beforeEach(async () => {
  world = await startWorld({ rulesets: [{ name: 'existing', rules: [{ type: 'required_linear_history' }] }] });
});

afterEach(async () => {
  await world.close();
  expect(world.violations()).toEqual([]);
});

async function create(body: object = {}) {
  const { data } = await world.octokit.request(`POST ${path}`, { ...repository, ...staging, ...body });
  return data;
}

async function effective(branch: string) {
  const { data } = await world.octokit.request('GET /repos/{owner}/{repo}/rules/branches/{branch}', {
    ...repository,
    branch,
  });
  return data;
}

describe('rulesets', () => {
  it('are created, read with GitHub’s defaults, changed in part, and deleted', async () => {
    const { id } = await create();
    const target = { ...repository, ruleset_id: id };
    const { data } = await world.octokit.request(`GET ${path}/{ruleset_id}`, target);
    expect(data).toMatchObject({
      source: `${owner}/${repo}`,
      bypass_actors: staging.bypass_actors,
      rules: [{ parameters: { do_not_enforce_on_create: false } }, { type: 'non_fast_forward' }, { type: 'deletion' }],
    });
    const { data: changed } = await world.octokit.request(`PUT ${path}/{ruleset_id}`, {
      ...target,
      enforcement: 'disabled',
    });
    expect(changed).toMatchObject({ name: 'staging', enforcement: 'disabled', rules: data.rules });
    await world.octokit.request(`DELETE ${path}/{ruleset_id}`, target);
    expect(await refusal(world.octokit.request(`GET ${path}/{ruleset_id}`, target))).toMatchObject({ status: 404 });
    expect(world.log.flatMap(({ effects }) => effects)).toEqual([
      `ruleset ${id}`,
      `ruleset ${id}`,
      `ruleset ${id} deleted`,
    ]);
  });

  it('bind the branches that they name, all of them together, only while active', async () => {
    const { id } = await create();
    expect((await effective('develop')).map(({ type }) => type)).toEqual([
      'required_linear_history',
      'required_status_checks',
      'non_fast_forward',
      'deletion',
    ]);
    expect((await effective('develop')).at(-1)).toMatchObject({ ruleset_id: id, ruleset_source: `${owner}/${repo}` });
    expect(await effective('main')).toEqual([]);
    await world.octokit.request(`PUT ${path}/{ruleset_id}`, { ...repository, ruleset_id: id, enforcement: 'evaluate' });
    expect(await effective('develop')).toHaveLength(1);
  });

  it('show who may bypass to those only who may write', async () => {
    const { id } = await create();
    const { data } = await world.reader.request(`GET ${path}/{ruleset_id}`, { ...repository, ruleset_id: id });
    expect(data).not.toHaveProperty('bypass_actors');
  });

  it('are listed without their rules', async () => {
    const { data } = await world.octokit.request(`GET ${path}`, repository);
    expect(data.map(({ name, rules }) => [name, rules])).toEqual([['existing', undefined]]);
  });

  it.each([
    ['a name that is taken', { name: 'existing' }],
    ['an unknown rule', { rules: [{ type: 'no_such_rule' }] }],
    ['a rule without its parameters', { rules: [{ type: 'required_status_checks' }] }],
    ['an unknown enforcement', { enforcement: 'sometimes' }],
    ['an unknown kind of actor', { bypass_actors: [{ actor_id: 1, actor_type: 'Somebody' }] }],
  ])('refuses %s', async (_what, body) => {
    expect((await refusal(create(body))).status).toBe(422);
    expect((await world.octokit.request(`GET ${path}`, repository)).data).toHaveLength(1);
  });
});

describe('rulesetApplies', () => {
  it.each([
    ['~ALL', 'any/thing', true],
    ['~DEFAULT_BRANCH', 'main', true],
    ['~DEFAULT_BRANCH', 'develop', false],
    ['refs/heads/develop', 'develop', true],
    ['refs/heads/dev', 'develop', false],
    ['refs/heads/feat/*', 'feat/a', true],
    ['refs/heads/feat/*', 'feat/a/b', false],
    ['refs/heads/**/*', 'feat/a/b', true],
    ['refs/heads/v1.0', 'v1x0', false],
  ])('%s holds for %s: %s', (pattern, branch, expected) => {
    expect(rulesetApplies({ ref_name: { include: [pattern], exclude: [] } }, branch, 'main')).toBe(expected);
  });

  it('lets an exclusion win', () => {
    const conditions = { ref_name: { include: ['~ALL'], exclude: ['refs/heads/main'] } };
    expect([rulesetApplies(conditions, 'main', 'main'), rulesetApplies(conditions, 'develop', 'main')]).toEqual([
      false,
      true,
    ]);
  });
});

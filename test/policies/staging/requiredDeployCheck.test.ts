import { afterEach, describe, expect, it } from '@jest/globals';
import { requiredDeployCheck as policy } from '../../../policies/staging/requiredDeployCheck.ts';
import { enterProgram } from '../support/program.ts';
import { NotApplicable, stackViolations, unknown } from '../support/run.ts';
import { keyed, protection, ruleset, workflow } from '../support/staging.ts';

let leave: () => void = () => undefined;
afterEach(() => leave());

const enter = (text = workflow) => ({ leave } = enterProgram(keyed(), { '.github/workflows/ci.yml': text }));
const fix = 'Require deploy-staging:15368 there, for administrators too.';
const job = 'Take the job from pipeline/.';

describe('deploy-check-required', () => {
  it.each([protection(), ruleset()])('accepts the check as RequiredDeployCheck declares it', async (rule) => {
    enter();
    await expect(stackViolations(policy, [rule])).resolves.toEqual([]);
  });

  it('accepts one sound rule beside another: GitHub enforces both', async () => {
    enter();
    await expect(stackViolations(policy, [protection({ enforceAdmins: false }), ruleset()])).resolves.toEqual([]);
  });

  it.each([
    ['no rule at all', [], 'develop is not protected.'],
    ['another branch', [protection({ branch: 'main' })], 'develop is not protected.'],
    [
      'another check',
      [protection({ requiredStatusChecks: { checks: ['build'] } })],
      'The protection of develop does not require deploy-staging.',
    ],
    [
      'no checks',
      [protection({ requiredStatusChecks: undefined })],
      'The protection of develop does not require deploy-staging.',
    ],
    [
      'no app',
      [protection({ requiredStatusChecks: { checks: ['deploy-staging'] } })],
      'The protection of develop lets any app report deploy-staging.',
    ],
    [
      'another app',
      [protection({ requiredStatusChecks: { checks: ['deploy-staging:1'] } })],
      'The protection of develop lets any app report deploy-staging.',
    ],
    [
      'administrators',
      [protection({ enforceAdmins: false })],
      'The protection of develop lets administrators bypass it.',
    ],
    [
      'a wrong type',
      [protection({ requiredStatusChecks: 'deploy-staging:15368' })],
      'The protection of develop does not require deploy-staging.',
    ],
    [
      'an unknown value',
      [protection({ enforceAdmins: unknown })],
      'The protection of develop lets administrators bypass it.',
    ],
    ['a ruleset without app', [ruleset({}, 7)], 'The protection of develop lets any app report deploy-staging.'],
    [
      'a ruleset that only evaluates',
      [ruleset({ enforcement: 'evaluate' })],
      'The protection of develop is not active.',
    ],
    [
      'a ruleset with bypass',
      [ruleset({ bypassActors: [{ actorId: 5, actorType: 'RepositoryRole', bypassMode: 'always' }] })],
      'The protection of develop names actors that may bypass it.',
    ],
    [
      'a ruleset without the check',
      [ruleset({ rules: {} })],
      'The protection of develop does not require deploy-staging.',
    ],
    [
      'the GraphQL resource',
      [{ type: 'github:index/branchProtection:BranchProtection', props: { pattern: 'develop' } }],
      'The protection of develop cannot pin the check to an app (use BranchProtectionV3 or RepositoryRuleset).',
    ],
  ])('finds %s', async (_what, resources, problem) => {
    enter();
    await expect(stackViolations(policy, resources)).resolves.toEqual([`${problem} ${fix}`]);
  });

  it.each<[string, Record<string, string>]>([
    [
      'in a workflow of its own, beside one of the team’s',
      {
        'ci.yml': 'on: push\njobs: { build: { steps: [] } }\n',
        'deploy-staging.yaml': 'on: [push, pull_request, merge_group]\njobs: { deploy-staging: { steps: [] } }\n',
      },
    ],
    [
      'as the check beside the team’s own job',
      {
        'ci.yml': workflow
          .replace(
            'deploy-staging:',
            "deploy-staging: { name: 'deploy-staging (deploy)', steps: [] }\n  deploy-staging-check:",
          )
          .replace('needs: build', 'name: deploy-staging\n    needs: [build, deploy-staging]'),
      },
    ],
    ['for branches of a pattern', { 'ci.yml': workflow.replaceAll('[develop]', "['**', '!main']") }],
  ])('finds the job %s', async (_what, files) => {
    const workflows = Object.entries(files).map(([name, text]) => [`.github/workflows/${name}`, text] as const);
    ({ leave } = enterProgram(keyed(), Object.fromEntries(workflows)));
    await expect(stackViolations(policy, [protection()])).resolves.toEqual([]);
  });

  it.each([
    [
      'no such job',
      workflow.replace('deploy-staging:', 'deploy:'),
      'no workflow in .github/workflows or pipeline has a job of this name',
    ],
    [
      'a push-only job',
      'on: push\njobs: { deploy-staging: { steps: [] } }\n',
      'the job in .github/workflows/ci.yml does not run on pull_request, merge_group',
    ],
    [
      'a filter by path',
      workflow.replace('pull_request: { branches: [develop] }', 'pull_request: { paths: [src/**] }'),
      'the job in .github/workflows/ci.yml runs on pull_request only for some paths, and a check that does not report blocks for ever',
    ],
    [
      'a job that is skipped',
      workflow.replace('always()', 'success()'),
      'the job in .github/workflows/ci.yml is skipped when build fails, and GitHub counts a skipped check as passed',
    ],
    [
      'a job that says always() in a text alone',
      workflow.replace('${{ always() }}', "github.actor != 'always()'"),
      'the job in .github/workflows/ci.yml is skipped when build fails, and GitHub counts a skipped check as passed',
    ],
    [
      'a job that does not look at what it needs',
      workflow.replace('if: "needs.build.result != \'success\'", ', ''),
      'the job in .github/workflows/ci.yml runs when build failed, and does not look at how that ended',
    ],
    [
      'another branch',
      workflow.replaceAll('branches: [develop]', 'branches: [main]'),
      'the job in .github/workflows/ci.yml runs on push only for the branches main, and a check that does not report blocks for ever',
    ],
    [
      'the branch among those that are ignored',
      workflow.replace('push: { branches: [develop] }', "push: { branches-ignore: ['dev*'] }"),
      'the job in .github/workflows/ci.yml runs on push not for the branches dev*, and a check that does not report blocks for ever',
    ],
    [
      'a pull request that must have a label',
      workflow.replace('pull_request: { branches: [develop] }', 'pull_request: { types: [labeled] }'),
      'the job in .github/workflows/ci.yml runs on pull_request only when labeled, and a check that does not report blocks for ever',
    ],
    ['a broken workflow', 'on: [push\n', 'no workflow in .github/workflows or pipeline has a job of this name'],
  ])('finds %s in the workflows', async (_what, text, problem) => {
    enter(text);
    await expect(stackViolations(policy, [protection()])).resolves.toEqual([
      `deploy-staging cannot report: ${problem}. ${job}`,
    ]);
  });

  it('takes another check, branch and place of the workflow by configuration', async () => {
    ({ leave } = enterProgram({}));
    const rule = protection({ branch: 'main', requiredStatusChecks: { checks: ['verify:9'] } });
    await expect(
      stackViolations(policy, [rule], { check: 'verify', branch: 'main', appId: 9, workflow: 'elsewhere' }),
    ).resolves.toEqual([]);
  });

  it('does not apply to a program without GitHub', async () => {
    ({ leave } = enterProgram({}));
    await expect(stackViolations(policy, [])).rejects.toThrow(NotApplicable);
  });
});

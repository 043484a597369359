import { describe, expect, it } from '@jest/globals';
import { protection } from '../../../commands/drift/checks/protection.ts';
import { released, strengthened } from '../../../commands/drift/reconcile/protection.ts';
import { strongest } from '../../../protection/compare.ts';
import { declaredRule } from '../../../protection/declared.ts';
import { rulesetRule } from '../../../protection/ruleset.ts';
import { declaring, full, ruleOf } from '../../protection/rules.ts';

describe('the fix of a rule', () => {
  it('releases it from what is named alone', () => {
    expect(released(full, new Set())).toEqual(full);
    expect(released(full, new Set(['branch-locked']))).toEqual({
      ...full,
      others: ['required_linear_history', 'block_creations', 'allow_fork_syncing'],
    });
    const nobody = { dismissers: undefined, bypassers: undefined };
    expect(released(full, new Set(['review-bypass', 'admins-exempt']))).toEqual({ ...full, ...nobody });
  });

  it('takes nothing from a rule that is stronger than declared', () => {
    const declared = declaredRule(declaring({ otherChecks: ['build', 'audit'] }), 15368);
    const live = { ...full, strict: false, bindsAdmins: false, blocksForcePush: false, blocksDeletion: false };
    const checks = [...declared.checks, { context: 'lint', appId: 7 }];
    expect(strengthened(live, declared)).toEqual({ ...full, checks });
  });

  it('pins the declared checks to their apps, and keeps a pin that nobody declared', () => {
    const declared = declaredRule(declaring({ otherChecks: ['build', 'lint:7'] }), 15368);
    const apps = { 'deploy-staging': 42, build: 9, lint: 8 };
    const live = ruleOf({ checks: Object.entries(apps).map(([context, appId]) => ({ context, appId })) });
    expect(strengthened(live, declared).checks).toEqual([
      { context: 'deploy-staging', appId: 15368 },
      { context: 'build', appId: 9 },
      { context: 'lint', appId: 7 },
    ]);
  });

  it('keeps the people who may push, and restricts them where nobody is restricted', () => {
    const people = (...users: string[]) => ({ users, teams: [], apps: [] });
    const declared = declaredRule(declaring({ restrictions: people('hubot') }), 15368);
    expect(strengthened(ruleOf({ pushers: people('octocat') }), declared).pushers).toEqual(people('octocat'));
    expect(strengthened(ruleOf({}), declared).pushers).toEqual(people('hubot'));
  });

  it('takes nothing from a ruleset either', () => {
    const live = rulesetRule([{ type: 'required_linear_history' }, { type: 'required_signatures' }]);
    expect(strongest(declaredRule(declaring(), 15368), live)).toMatchObject({
      signatures: true,
      others: ['required_linear_history'],
    });
  });
});

describe('a finding of the protection', () => {
  const gone = { branchExists: true, classic: undefined, rulesets: [], actionsAppId: 15368 };
  it('names the branch, the rule and the command', () => {
    expect(protection(declaring(), { ...gone, branchExists: false })).toMatchObject([
      {
        id: 'branch-missing:develop',
        what: 'The branch develop is gone.',
        fix: { command: 'git push origin HEAD:develop' },
      },
    ]);
    expect(protection(declaring({ form: 'ruleset' }), gone)).toMatchObject([
      {
        id: 'ruleset-missing:develop',
        what: 'The ruleset "deploy-staging on develop" is gone.',
        fix: { command: 'npm run drift -- --fix --only ruleset-missing:develop' },
      },
    ]);
  });

  it.each([
    ['classic', 'npm run adopt', 'It writes the check down in the configuration.'],
    [
      'ruleset',
      "pulumi config set --path 'allincompassing:github.protection.otherChecks[1]' NAME",
      'With the check’s name for NAME; then pulumi up.',
    ],
  ] as const)('of one check names it, and how to declare it: %s', (form, command, note) => {
    const rule = {
      ...declaredRule(declaring(), 15368),
      checks: [...full.checks.slice(0, 1), { context: 'ghost', appId: 1 }],
    };
    const ruleset = {
      ...{ id: 1, name: 'deploy-staging on develop', enforcement: 'active', inForce: true },
      bypassActors: 0,
      rule,
    };
    const declared = declaring({ form, otherChecks: ['build'] });
    const live = {
      ...gone,
      classic: form === 'classic' ? rule : undefined,
      rulesets: form === 'ruleset' ? [ruleset] : [],
    };
    expect(protection(declared, live)).toMatchObject([
      { id: 'other-check-missing:develop/build', what: 'The check build is not required on develop any more.' },
      {
        id: 'check-undeclared:develop/ghost',
        what: 'The check ghost is required on develop, and nobody declared it: if it never reports, nothing can be merged.',
        fix: { command, note: `${note} If it is not wanted, remove it on GitHub.` },
      },
    ]);
  });
});

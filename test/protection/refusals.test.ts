import { describe, expect, it } from '@jest/globals';
import { lossOfClassic, lossOfRuleset, noBranch, unkeepable } from '../../protection/refusals.ts';
import { declaring, full, ruleOf } from './rules.ts';

describe('a write of the declared rule is refused', () => {
  it('where the branch is not there, with both ways out', () => {
    expect(noBranch(declaring(), 'app')).toBe(
      'GitHub has no branch develop in app, so that it cannot be protected. Create it, or correct ' +
        'allincompassing:github.protection.branch. A ruleset can be made before its branch: allincompassing:github.protection.form',
    );
  });

  it('where classic protection cannot keep what is there', () => {
    expect(unkeepable(declaring(), full)).toBe(
      'the protection of develop has settings that classic protection cannot keep (required linear history, block creations, ' +
        'lock branch, allow fork syncing, people who may dismiss or bypass reviews). Set allincompassing:github.protection.form ' +
        'to ruleset: it adds the check and leaves the rule as it is',
    );
    expect(unkeepable(declaring(), ruleOf({ signatures: true, reviews: full.reviews }))).toBeUndefined();
  });

  it('where a setting that is not declared would be lost', () => {
    const live = ruleOf({ checks: full.checks, signatures: true });
    expect(lossOfClassic(declaring(), live)).toBe(
      'the protection of develop has settings that are not declared and would be lost: the required check build, ' +
        'the required check lint:7, signed commits. Take them over: npm run adopt',
    );
    const declared = declaring({ otherChecks: ['build', 'lint:7'], requireSignedCommits: true });
    expect(lossOfClassic(declared, live)).toBeUndefined();
  });

  it('where this project’s ruleset has more than is declared, or binds more', () => {
    const rules = [{ type: 'required_signatures' }, { type: 'merge_queue' }];
    const conditions = { ref_name: { include: ['refs/heads/develop', 'refs/heads/main'], exclude: [] } };
    expect(lossOfRuleset(declaring(), { rules, conditions })).toBe(
      "this project's ruleset for develop has rules that are not declared and would be lost: signed commits, merge queue, " +
        'refs/heads/main. Declare them below allincompassing:github.protection, or move them to a ruleset of their own',
    );
    expect(lossOfRuleset(declaring({ requireSignedCommits: true }), { rules: rules.slice(0, 1) })).toBeUndefined();
  });
});

import { describe, expect, it } from '@jest/globals';
import { ownerProblems } from '../../protection/owner.ts';
import { declaring as protection, ruleOf } from './rules.ts';

describe('what is refused for the owner of the repository', () => {
  const alone = { owner: 'User', writers: 1 } as const;
  const ruleset = { form: 'ruleset' } as const;
  const one = { requiredPullRequestReviews: { requiredApprovingReviewCount: 1 } };
  const live = (bindsAdmins: boolean) => ruleOf({ bindsAdmins, reviews: { requiredApprovingReviewCount: 1 } });
  it.each([
    ['classic protection of a user', protection(), alone, undefined, ['form to ruleset']],
    [
      'restrictions of a user',
      protection({ ...ruleset, restrictions: { users: ['a'], teams: [], apps: [] } }),
      alone,
      undefined,
      ['Take out'],
    ],
    [
      'one maintainer and one approval',
      protection({ ...ruleset, ...one }),
      alone,
      undefined,
      ['requiredApprovingReviewCount to 0'],
    ],
    [
      'the same in an organization',
      protection(one),
      { owner: 'Organization', writers: 1 },
      undefined,
      ['one person may write'],
    ],
    [
      'two maintainers and two approvals',
      protection({ requiredPullRequestReviews: { requiredApprovingReviewCount: 2 } }),
      { owner: 'Organization', writers: 2 },
      undefined,
      ['requiredApprovingReviewCount to 1'],
    ],
    [
      'the approval of a rule that is there',
      protection(ruleset),
      alone,
      live(true),
      ['Lower it in the rule that is there'],
    ],
    ['nothing: administrators may go past that rule', protection(ruleset), alone, live(false), []],
    ['nothing: two maintainers', protection({ ...ruleset, ...one }), { owner: 'User', writers: 2 }, undefined, []],
    ['nothing: no approval', protection(ruleset), alone, undefined, []],
    ['nothing: an organization', protection(one), { owner: 'Organization', writers: 3 }, undefined, []],
    [
      'nothing: it cannot be counted',
      protection({ ...ruleset, ...one }),
      { owner: 'User', writers: undefined },
      undefined,
      [],
    ],
  ] as const)('%s', (_, given, ownership, existing, parts) => {
    const problems = ownerProblems(given, ownership, existing);
    expect(problems).toHaveLength(parts.length);
    parts.forEach((part, index) => expect(problems[index]).toContain(part));
  });

  it('is refused as archived before anything else is judged', () => {
    const problems = ownerProblems(protection(), { owner: 'User', writers: 1, archived: true }, undefined);
    expect(problems).toEqual([expect.stringContaining('archived')]);
  });
});

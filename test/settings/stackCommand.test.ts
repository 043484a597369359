import { afterEach, describe, expect, it } from '@jest/globals';
import { actOn, forStack } from '../../settings/stack/stackCommand.ts';

afterEach(() => actOn('staging'));

describe('a printed command', () => {
  it.each([
    ['npm run adopt', 'npm run adopt -- --stack qa'],
    ['npm run drift -- --fix --only some-kind:NAME', 'npm run drift -- --fix --only some-kind:NAME --stack qa'],
    ['STAGING_PRODUCTION_CHANGES=allow pulumi up', 'STAGING_PRODUCTION_CHANGES=allow pulumi up --stack qa'],
    ['pulumi up --stack qa', 'pulumi up --stack qa'],
    ['npm run adopt   # without a write', 'npm run adopt -- --stack qa   # without a write'],
    [
      'pulumi config rm --path x && npm run adopt',
      'pulumi config rm --path x --stack qa && npm run adopt -- --stack qa',
    ],
    ['npm run pipeline -- check PATH', 'npm run pipeline -- check PATH'],
    ['git push origin HEAD:develop', 'git push origin HEAD:develop'],
  ])('reaches the stack that the process acts on: %s', (line, expected) => {
    expect(forStack(line)).toBe(line);
    actOn('qa');
    expect(forStack(line)).toBe(expected);
    expect(forStack(expected)).toBe(expected);
  });

  it('names a stack in full where it was named so', () => {
    expect(forStack('pulumi up', 'organization/allincompassing/qa')).toBe(
      'pulumi up --stack organization/allincompassing/qa',
    );
  });
});

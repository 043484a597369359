import { describe, expect, it } from '@jest/globals';
import { whyNoBuild } from '../../../commands/rotate/whyNoBuild.ts';

const builds = { stopped: false, builtBranches: undefined, publishedLocked: false };
const [one, other] = ['a'.repeat(40), 'b'.repeat(40)];

describe('Netlify’s own build of production in a rotation', () => {
  it('is for the very commit that production serves', () => {
    expect(whyNoBuild(builds, 'main', one, one)).toBeUndefined();
    expect(whyNoBuild({ ...builds, builtBranches: ['main'] }, 'main', one, one)).toBeUndefined();
  });

  it.each([
    [
      'after a rollback, or with commits that are not published',
      builds,
      one,
      other,
      /aaaaaaaaa and main stands at bbbbbbbbb/,
    ],
    ['of an upload, which has no commit', builds, undefined, one, /Netlify does not say which commit/],
    ['without the branch’s commit', builds, one, undefined, /GitHub does not say which commit main/],
    ['of a site that is not built', { ...builds, stopped: true }, one, one, /does not build this site/],
    ['of another branch', { ...builds, builtBranches: ['develop'] }, one, one, /does not build main/],
    ['behind a lock', { ...builds, publishedLocked: true }, one, one, /is locked/],
  ])('is left to a person %s', (_, given, served, head, why) => {
    expect(whyNoBuild(given, 'main', served, head)).toMatch(why);
  });
});

import type { SiteBuilds } from '../../services/netlify/deploys.ts';

/**
 * Why Netlify's own build of production's branch would not do what a rotation needs: the code that production serves, with
 * the new value. `served`: the commit of production's deploy, `head`: the branch's, as far as they are known. `undefined`:
 * it may build.
 */
export function whyNoBuild(
  builds: Pick<SiteBuilds, 'stopped' | 'builtBranches' | 'publishedLocked'>,
  branch: string,
  served: string | undefined,
  head: string | undefined,
): string | undefined {
  if (builds.stopped) return 'Netlify does not build this site';
  if (builds.builtBranches?.includes(branch) === false) return `Netlify does not build ${branch} of this site`;
  if (builds.publishedLocked) return 'production’s deploy is locked';
  if (served === undefined)
    return 'Netlify does not say which commit production serves, so a build may release other code';
  if (head === undefined)
    return `GitHub does not say which commit ${branch} stands at, so a build may release other code`;
  if (served !== head)
    return `production serves ${short(served)} and ${branch} stands at ${short(head)}, so a build would release other code`;
  return undefined;
}

function short(commit: string): string {
  return commit.slice(0, 9);
}

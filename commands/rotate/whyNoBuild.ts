import { forStack } from '../../settings/stack/stackCommand.ts';
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

/** How long a build that was cancelled may take until it has ended, in milliseconds. */
export const stopMs = 60_000;

/** What became of a build that was cancelled: production serves it, it has ended unpublished, or nobody saw it end. */
export type Fate = 'published' | 'ended' | 'running';

/**
 * What is so where Netlify built another commit than production served when it was compared: one that landed on the branch in
 * between.
 */
export function otherCommit(branch: string, built: string | undefined, served: string | undefined, fate: Fate): string {
  const what =
    built === undefined
      ? `Netlify does not say which commit of ${branch} it built`
      : `${branch} got ${short(built)} after it was compared with production, which served ${short(served ?? '')}`;
  const list = forStack('npm run deploy:list');
  switch (fate) {
    case 'published':
      return `${what}, and PRODUCTION SERVES THAT BUILD NOW. Check it (${list}), or go back to the deploy before it in Netlify; where it is right:`;
    case 'ended':
      return `${what}: that build was cancelled, has ended, and is not published. Deploy production yourself, so that it reads what its places hold now.`;
    case 'running':
      return `${what}: that build was cancelled, and was not seen to end within ${stopMs / 1000} s: IT MAY STILL BE PUBLISHED. Watch it (${list}) until it has ended, then deploy production yourself, so that it reads what its places hold now.`;
  }
}

function short(commit: string): string {
  return commit.slice(0, 9);
}

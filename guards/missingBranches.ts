import * as pulumi from '@pulumi/pulumi';
import { githubApi } from '../services/github/github.ts';
import { readBranch } from '../services/github/checks.ts';
import { deployContext } from '../settings/names/names.ts';
import type { Settings } from '../settings/settings.ts';
import { githubOwner } from './githubOwner.ts';

/**
 * Warns of each of staging's contexts whose branch GitHub does not have: Netlify will never build it, and its name may be
 * misspelt. The deploy job's own context needs no branch: it is the name that the job deploys under.
 */
export async function warnOfMissingBranches({ netlify, github }: Settings): Promise<void> {
  const branches = netlify.contexts
    .filter((context) => context.startsWith('branch:') && context !== deployContext)
    .map((context) => context.slice('branch:'.length));
  const missing = await missingBranches(branches, github.repository);
  for (const branch of missing) {
    await pulumi.log.warn(
      `GitHub has no branch ${branch} in ${github.repository}, so Netlify never deploys the context branch:${branch}. ` +
        'Check its spelling in allincompassing:netlify.contexts.',
    );
  }
}

/** Those that GitHub has not; none where it cannot be asked: a warning must not stop a write. */
async function missingBranches(branches: readonly string[], repository: string): Promise<string[]> {
  try {
    const [api, name] = [githubApi(), { owner: githubOwner(), repository }];
    const found = await Promise.all(branches.map((branch) => readBranch(api, name, branch)));
    return branches.filter((_, index) => found[index] === undefined);
  } catch {
    return [];
  }
}

import * as pulumi from '@pulumi/pulumi';
import { githubApi, hasEnvironment } from '../services/github/github.ts';
import type { Judged } from './judged.ts';
import { githubOwner } from './githubOwner.ts';
import { refused } from './refusal.ts';
import { forStack } from '../settings/stack/stackCommand.ts';

/**
 * A hook that runs before a GitHub environment is created, in previews too, and throws when it exists: GitHub's API
 * would replace its reviewers, its wait timer and its branch rules by nothing.
 */
export function environmentGuard(judged: Judged): pulumi.ResourceHook {
  return new pulumi.ResourceHook(
    'environment-guard',
    judged.before(async ({ newInputs }) => {
      const { repository, environment } = newInputs as { repository: string; environment: string };
      if (await hasEnvironment(githubApi(), { owner: githubOwner(), repository }, environment)) {
        throw new Error(
          `${refused()}: the GitHub environment ${environment} exists, and its rules would be lost. ` +
            `Take it over without a write: ${forStack('npm run adopt')}`,
        );
      }
    }),
    { onDryRun: true },
  );
}

import * as pulumi from '@pulumi/pulumi';
import { githubApi, readProtection, type LiveProtection } from '../services/github.ts';
import { namespace, type Settings } from '../settings/settings.ts';
import { lostSettings, unkeepable } from './protectionRules.ts';

/**
 * A hook that runs before the classic protection is created or updated, in previews too, and throws when the write
 * would switch off a live setting that is not declared: GitHub's API replaces the whole rule. A ruleset only adds, so
 * it needs no guard.
 */
export function protectionGuard(protection: Settings['github']['protection']): pulumi.ResourceHook {
  return new pulumi.ResourceHook(
    'protection-guard',
    async ({ newInputs }) => {
      const { repository, branch } = newInputs as { repository: string; branch?: string };
      if (protection.form !== 'classic' || branch === undefined) return;
      const live = await readProtection(githubApi(), { owner: githubOwner(), repository }, branch);
      if (live) refuseLoss(protection, live);
    },
    { onDryRun: true },
  );
}

function refuseLoss(protection: Settings['github']['protection'], live: LiveProtection): void {
  const setting = `${namespace}:github.protection`;
  const beyond = unkeepable(live);
  if (beyond.length > 0) {
    throw new Error(
      `Refused before any write: the protection of ${protection.branch} has settings that classic protection cannot keep ` +
        `(${beyond.join(', ')}). Set ${setting}.form to ruleset: it adds the check and leaves the rule as it is.`,
    );
  }
  const lost = protection.removals === 'allow' ? [] : lostSettings(protection, live);
  if (lost.length > 0) {
    throw new Error(
      `Refused before any write: the protection of ${protection.branch} has settings that are not declared and would be lost: ` +
        `${lost.join(', ')}. Take them over: npm run adopt. If they are to go, set ${setting}.removals to allow for one run.`,
    );
  }
}

/** The repository's owner, as the GitHub provider has it. */
export function githubOwner(): string {
  const owner = new pulumi.Config('github').get('owner') ?? process.env.GITHUB_OWNER;
  if (!owner) throw new Error('github:owner is not set. Set it: pulumi config set github:owner OWNER');
  return owner;
}

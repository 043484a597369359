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
    async ({ newInputs, oldInputs }) => {
      const { repository, branch } = newInputs as { repository: string; branch?: string };
      if (protection.form !== 'classic' || branch === undefined) return;
      const live = await readProtection(githubApi(), { owner: githubOwner(), repository }, branch);
      if (live) refuseLoss(protection, live, oldInputs as PreviousInputs | undefined);
    },
    { onDryRun: true },
  );
}

/** The rule as the last update declared it, as far as a line that was taken out on purpose must be told from a loss. */
interface PreviousInputs {
  readonly requiredStatusChecks?: { readonly checks?: readonly string[] };
  readonly requiredPullRequestReviews?: object;
  readonly restrictions?: object;
  readonly requireSignedCommits?: boolean;
  readonly requireConversationResolution?: boolean;
}

function refuseLoss(
  protection: Settings['github']['protection'],
  live: LiveProtection,
  previous: PreviousInputs | undefined,
): void {
  const beyond = unkeepable(live);
  if (beyond.length > 0) {
    throw new Error(
      `Refused before any write: the protection of ${protection.branch} has settings that classic protection cannot keep ` +
        `(${beyond.join(', ')}). Set ${namespace}:github.protection.form to ruleset: it adds the check and leaves the rule as it is.`,
    );
  }
  const lost = lostSettings(protection, previous ? withoutDeclaredBefore(live, previous) : live);
  if (lost.length > 0) {
    throw new Error(
      `Refused before any write: the protection of ${protection.branch} has settings that are not declared and would be lost: ` +
        `${lost.join(', ')}. Take them over: npm run adopt`,
    );
  }
}

/** The live rule without what the last update declared itself: dropping that is the change that somebody asked for. */
function withoutDeclaredBefore(live: LiveProtection, previous: PreviousInputs): LiveProtection {
  const { reviews, restrictions, ...rest } = live;
  const declaredChecks = new Set(previous.requiredStatusChecks?.checks ?? []);
  const declaredSwitches = [
    ...(previous.requireSignedCommits === true ? ['required_signatures'] : []),
    ...(previous.requireConversationResolution === true ? ['required_conversation_resolution'] : []),
  ];
  return {
    ...rest,
    requiredChecks: live.requiredChecks.filter(
      ({ context, appId }) => !declaredChecks.has(context) && !declaredChecks.has(`${context}:${appId ?? ''}`),
    ),
    switches: live.switches.filter((name) => !declaredSwitches.includes(name)),
    ...(reviews && !previous.requiredPullRequestReviews && { reviews }),
    ...(restrictions && !previous.restrictions && { restrictions }),
  };
}

/** The repository's owner, as the GitHub provider has it. */
export function githubOwner(): string {
  const owner = new pulumi.Config('github').get('owner') ?? process.env.GITHUB_OWNER;
  if (!owner) throw new Error('github:owner is not set. Set it: pulumi config set github:owner OWNER');
  return owner;
}

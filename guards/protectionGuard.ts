import * as pulumi from '@pulumi/pulumi';
import {
  githubApi,
  listRulesets,
  readProtection,
  type LiveProtection,
  type RepositoryName,
} from '../services/github/github.ts';
import { readBranch } from '../services/github/checks.ts';
import { readOwnership } from '../services/github/owner.ts';
import { readRuleset, type RulesetContent } from '../services/github/rules.ts';
import type { Api } from '../services/door/http.ts';
import { allowedBy, commandThatAllows } from '../settings/allowances.ts';
import { namespace, type Settings } from '../settings/settings.ts';
import type { Judged } from './judged.ts';
import { ownerProblems } from './ownerRules.ts';
import { lostRules, lostSettings, unkeepable } from './protectionRules.ts';
import { refused } from './refusal.ts';

/**
 * A hook that runs before the rule is created or updated, in previews too, and throws when the write would switch off a
 * live setting that is not declared: GitHub's API replaces the whole rule, be it classic protection or this project's
 * ruleset.
 */
export function protectionGuard(protection: Settings['github']['protection'], judged: Judged): pulumi.ResourceHook {
  return new pulumi.ResourceHook(
    'protection-guard',
    judged.before(async ({ newInputs }) => {
      const { repository, branch, name } = newInputs as { repository: string; branch?: string; name?: string };
      const [api, place] = [githubApi(), { owner: githubOwner(), repository }];
      await refuseForOwner(protection, api, place);
      if (branch !== undefined) {
        await refuseWithoutBranch(api, place, branch);
        const live = await readProtection(api, place, branch);
        if (live) refuseLossOfClassic(protection, live);
      } else if (name !== undefined) {
        const there = (await listRulesets(api, place)).find((each) => each.name === name);
        if (there) refuseLossOfRuleset(protection, await readRuleset(api, place, there.id));
      }
    }),
    { onDryRun: true },
  );
}

async function refuseForOwner(protection: Settings['github']['protection'], api: Api, place: RepositoryName) {
  const [ownership, live] = await Promise.all([
    readOwnership(api, place),
    readProtection(api, place, protection.branch),
  ]);
  const problems = ownerProblems(protection, ownership, live);
  if (problems.length > 0) throw new Error(`${refused()}: ${problems.join('. And ')}.`);
}

const setting = `${namespace}:github.protection`;

/** Classic protection is a part of the branch: GitHub refuses it where there is none, after other writes have been made. */
async function refuseWithoutBranch(api: Api, place: RepositoryName, branch: string): Promise<void> {
  if ((await readBranch(api, place, branch)) !== undefined) return;
  throw new Error(
    `${refused()}: GitHub has no branch ${branch} in ${place.repository}, so that it cannot be protected. ` +
      `Create it, or correct ${setting}.branch. A ruleset can be made before its branch: ${setting}.form`,
  );
}

function refuseLossOfClassic(protection: Settings['github']['protection'], live: LiveProtection): void {
  const beyond = unkeepable(live);
  if (beyond.length > 0) {
    throw new Error(
      `${refused()}: the protection of ${protection.branch} has settings that classic protection cannot keep ` +
        `(${beyond.join(', ')}). Set ${setting}.form to ruleset: it adds the check and leaves the rule as it is.`,
    );
  }
  const lost = mayRemove(protection) ? [] : lostSettings(protection, live);
  if (lost.length > 0) {
    throw new Error(
      `${refused()}: the protection of ${protection.branch} has settings that are not declared and would be lost: ` +
        `${lost.join(', ')}. Take them over: npm run adopt. If they are to go: ${removalCommand()}`,
    );
  }
}

function refuseLossOfRuleset(protection: Settings['github']['protection'], live: RulesetContent): void {
  const lost = mayRemove(protection) ? [] : lostRules(protection, live);
  if (lost.length > 0) {
    throw new Error(
      `${refused()}: this project's ruleset for ${protection.branch} has rules that are not declared and would be lost: ` +
        `${lost.join(', ')}. Declare them below ${setting}, or move them to a ruleset of their own. If they are to go: ${removalCommand()}`,
    );
  }
}

function mayRemove({ removals }: Settings['github']['protection']): boolean {
  return allowedBy('github.protection.removals', removals) !== undefined;
}

function removalCommand(): string {
  return commandThatAllows('github.protection.removals', pulumi.getStack());
}

/** The repository's owner, as the GitHub provider has it. */
export function githubOwner(): string {
  const owner = new pulumi.Config('github').get('owner') ?? process.env.GITHUB_OWNER;
  if (!owner) throw new Error('github:owner is not set. Set it: pulumi config set github:owner OWNER');
  return owner;
}

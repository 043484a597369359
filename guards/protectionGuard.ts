import * as pulumi from '@pulumi/pulumi';
import { z } from 'zod';
import { listRulesets, readClassic, readRuleset } from '../protection/github.ts';
import { ownerProblems } from '../protection/owner.ts';
import { lossOfClassic, lossOfRuleset, noBranch, unkeepable } from '../protection/refusals.ts';
import type { Protection, Rule } from '../protection/rule.ts';
import { githubApi, type RepositoryName } from '../services/github/github.ts';
import { readBranch } from '../services/github/checks.ts';
import { readOwnership } from '../services/github/owner.ts';
import type { Api } from '../services/door/http.ts';
import { allowedBy, commandThatAllows } from '../settings/allowances.ts';
import { githubOwner } from './githubOwner.ts';
import type { Judged } from './judged.ts';
import { refused } from './refusal.ts';

type At = readonly [Api, RepositoryName];
const inputs = z.object({ repository: z.string(), branch: z.string().optional(), name: z.string().optional() });

/**
 * A hook before the rule is created or updated, in previews too. It throws when the write would switch off a live setting
 * that is not declared: GitHub's API replaces the whole rule, be it classic protection or this project's ruleset.
 */
export function protectionGuard(protection: Protection, judged: Judged): pulumi.ResourceHook {
  return new pulumi.ResourceHook(
    'protection-guard',
    judged.before(async ({ newInputs }) => {
      const { repository, branch, name } = inputs.parse(newInputs);
      const at: At = [githubApi(), { owner: githubOwner(), repository }];
      const [ownership, live] = await Promise.all([readOwnership(...at), readClassic(...at, protection.branch)]);
      const problems = ownerProblems(protection, ownership, live);
      if (problems.length > 0) throw new Error(`${refused()}: ${problems.join('. And ')}.`);
      const problem =
        branch === undefined ? await ofRuleset(protection, at, name) : await ofClassic(protection, at, live);
      if (problem !== undefined) throw new Error(`${refused()}: ${problem}`);
    }),
    { onDryRun: true },
  );
}

/** Classic protection is a part of the branch: GitHub refuses it where there is none, after other writes have been made. */
async function ofClassic(protection: Protection, at: At, live: Rule | undefined) {
  if (!(await readBranch(...at, protection.branch))) return noBranch(protection, at[1].repository);
  return live && (unkeepable(protection, live) ?? allowing(protection, lossOfClassic(protection, live)));
}

async function ofRuleset(protection: Protection, at: At, name: string | undefined) {
  const there = (await listRulesets(...at)).find((each) => each.name === name);
  return there && allowing(protection, lossOfRuleset(protection, await readRuleset(...at, there.id)));
}

/** The loss with the command that allows it; `undefined` where it is allowed. */
function allowing({ removals }: Protection, loss: string | undefined): string | undefined {
  const setting = 'github.protection.removals';
  const isAllowed = allowedBy(setting, removals) !== undefined;
  if (isAllowed || loss === undefined) return undefined;
  return `${loss}. If they are to go: ${commandThatAllows(setting, pulumi.getStack())}`;
}

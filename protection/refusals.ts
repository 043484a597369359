import { namespace } from '../settings/names/names.ts';
import { beyondClassic, lost } from './compare.ts';
import { declaredRule } from './declared.ts';
import type { Protection, Rule } from './rule.ts';
import { otherBranches, rulesetRule, type RulesetContent } from './ruleset.ts';
import { forStack } from '../settings/stack/stackCommand.ts';

/** Why the declared rule must not be written, with the fix; `undefined` where the write takes nothing away. */

const setting = `${namespace}:github.protection`;

/** For a branch that is not there. */
export function noBranch({ branch }: Protection, repository: string): string {
  return (
    `GitHub has no branch ${branch} in ${repository}, so that it cannot be protected. ` +
    `Create it, or correct ${setting}.branch. A ruleset can be made before its branch: ${setting}.form`
  );
}

/** For the branch's classic rule as it is: settings that no declaration keeps. */
export function unkeepable({ branch }: Protection, live: Rule): string | undefined {
  const beyond = beyondClassic(live);
  if (beyond.length === 0) return undefined;
  return (
    `the protection of ${branch} has settings that classic protection cannot keep (${beyond.join(', ')}). ` +
    `Set ${setting}.form to ruleset: it adds the check and leaves the rule as it is`
  );
}

/** For the branch's classic rule as it is: settings that this declaration does not keep. */
export function lossOfClassic(protection: Protection, live: Rule): string | undefined {
  const gone = lost(declaredRule(protection, undefined), live);
  if (gone.length === 0) return undefined;
  return (
    `the protection of ${protection.branch} has settings that are not declared and would be lost: ` +
    `${gone.join(', ')}. Take them over: ${forStack('npm run adopt')}`
  );
}

/** For this project's ruleset as it is. */
export function lossOfRuleset(protection: Protection, live: RulesetContent): string | undefined {
  const { branch } = protection;
  const gone = [...lost(declaredRule(protection, undefined), rulesetRule(live.rules)), ...otherBranches(live, branch)];
  if (gone.length === 0) return undefined;
  return (
    `this project's ruleset for ${branch} has rules that are not declared and would be lost: ${gone.join(', ')}. ` +
    `Declare them below ${setting}, or move them to a ruleset of their own`
  );
}

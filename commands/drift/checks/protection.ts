import { rulesetName } from '../../../protection/declared.ts';
import type { Protection } from '../../../protection/rule.ts';
import { weaknesses, type LiveRules, type WeaknessKind } from '../../../protection/weaknesses.ts';
import { requiredCheck as check } from '../../../settings/names/requiredCheck.ts';
import { finding, type Difference, type Finding } from '../finding.ts';
import { forStack } from '../../../settings/stack/stackCommand.ts';

/** Every way in which the branch is protected less, or otherwise, than declared, with the command that fixes it. */
export function protection(declared: Protection, live: LiveRules): Finding[] {
  return weaknesses(declared, live).map(({ kind, detail }) => {
    const ofOneCheck = kind === 'other-check-missing' || kind === 'check-undeclared';
    const subject = ofOneCheck ? `${declared.branch}/${detail}` : declared.branch;
    return finding({ kind, subject, what: sentences(declared.branch, detail)[kind], ...fixes(declared)[kind] });
  });
}

function sentences(branch: string, detail: string): Record<WeaknessKind, string> {
  const ruleset = `The ruleset "${rulesetName(branch)}"`;
  return {
    'branch-missing': `The branch ${branch} is gone.`,
    'protection-missing': `The protection of ${branch} is gone.`,
    'ruleset-missing': `${ruleset} is gone.`,
    'ruleset-disabled': `${ruleset} is not enforced (${detail}).`,
    'ruleset-other-branch': `${ruleset} does not cover ${branch}.`,
    'ruleset-bypass': `${detail} actors may bypass the ruleset "${rulesetName(branch)}".`,
    'required-check-missing': `${check} is not required on ${branch} any more: a broken staging can be merged.`,
    'required-check-other-app': `${check} must be reported by the app ${detail}, not by GitHub Actions.`,
    'required-check-unpinned': `Any app may report ${check}: it can be forged.`,
    'required-check-not-strict': `A branch may be merged into ${branch} without being up to date.`,
    'admins-exempt': `Administrators may merge into ${branch} without ${check}.`,
    'other-check-missing': `The check ${detail} is not required on ${branch} any more.`,
    'check-undeclared': `The check ${detail} is required on ${branch}, and nobody declared it: if it never reports, nothing can be merged.`,
    'force-push-allowed': `The history of ${branch} may be rewritten by a force push.`,
    'deletion-allowed': `${branch} may be deleted.`,
    'reviews-missing': `No review is required before a merge into ${branch}.`,
    'reviews-weaker': `Reviews before a merge into ${branch} are fewer or weaker than declared.`,
    'review-bypass': `Somebody may bypass or dismiss reviews on ${branch}.`,
    'signatures-missing': `Signed commits are not required on ${branch} any more.`,
    'conversations-missing': `Open conversations do not block a merge into ${branch} any more.`,
    'push-restriction-missing': `Everybody may push to ${branch} who may write.`,
    'branch-locked': `${branch} is locked: nothing can be merged.`,
  };
}

/** The commands that are not drift's own, and what a person must know. */
function fixes({ branch, form, otherChecks }: Protection): Partial<Record<WeaknessKind, Partial<Difference>>> {
  // Adoption reads the rule that this program replaces; a ruleset stands beside it.
  const adopt = { command: forStack('npm run adopt'), note: 'It writes the check down in the configuration.' };
  const path = `'allincompassing:github.protection.otherChecks[${otherChecks.length}]'`;
  const set = forStack(`pulumi config set --path ${path} NAME`);
  const declare = { command: set, note: `With the check’s name for NAME; then ${forStack('pulumi up')}.` };
  const { command, note } = form === 'classic' ? adopt : declare;
  return {
    'branch-missing': { command: `git push origin HEAD:${branch}`, note: 'Push it again from a clone that has it.' },
    'check-undeclared': { command, note: `${note} If it is not wanted, remove it on GitHub.` },
    'review-bypass': { note: 'It takes the exceptions away.' },
    'branch-locked': { note: 'It unlocks the branch. Ask first who locked it, and why.' },
  };
}

import { checkText } from '../../../guards/protectionRules.ts';
import type { LiveProtection } from '../../../services/github/github.ts';
import type { LiveRuleset } from '../../../services/github/rules.ts';
import { requiredCheck } from '../../../settings/names/requiredCheck.ts';
import type { Settings } from '../../../settings/settings.ts';
import { effectiveSources, type Source } from './effectiveRules.ts';
import { finding, type Difference, type Finding } from '../finding.ts';

type Protection = Settings['github']['protection'];

/** The branch's rules as they are on GitHub. */
export interface LiveRules {
  readonly branchExists: boolean;
  /** When a branch that is not there was deleted; `undefined` when it never was. */
  readonly branchDeletedAt?: string | undefined;
  readonly classic: LiveProtection | undefined;
  readonly rulesets: readonly LiveRuleset[];
  /** The id of GitHub Actions' app on this GitHub. */
  readonly actionsAppId: number;
}

/** The name of the ruleset that the program declares for a branch. */
export function rulesetName(branch: string): string {
  return `${requiredCheck} on ${branch}`;
}

/** Whether a branch that is not there was not there either when the stack got its rule: then nothing has changed. */
export function wasNeverThere(
  { branchExists, branchDeletedAt: at }: LiveRules,
  ruleSince: string | undefined,
): boolean {
  if (branchExists || at === 'unknown') return false;
  // GitHub's times are whole seconds.
  return (
    at === undefined || (ruleSince !== undefined && Date.parse(at) < Math.floor(Date.parse(ruleSince) / 1000) * 1000)
  );
}

/** Every way in which the branch is protected less, or otherwise, than declared: by classic protection and rulesets together. */
export function protection(declared: Protection, live: LiveRules): Finding[] {
  const { branch } = declared;
  const one = (kind: Difference['kind'], what: string, more: Partial<Difference> = {}) =>
    finding({ kind, subject: branch, what, ...more });
  if (!live.branchExists) {
    return [
      one('branch-missing', `The branch ${branch} is gone.`, {
        command: `git push origin HEAD:${branch}`,
        note: 'Push it again from a clone that has it.',
      }),
    ];
  }
  const gone = declared.form === 'classic' ? missingClassic(live, one, branch) : missingRuleset(live, one, branch);
  if (gone.length > 0) return gone;
  const sources = effectiveSources(live);
  return [
    ...requirement(sources, declared, live.actionsAppId, one),
    ...otherChecks(sources, declared),
    ...strength(sources, declared, live, one),
  ];
}

type One = (kind: Difference['kind'], what: string, more?: Partial<Difference>) => Finding;

function missingClassic(live: LiveRules, one: One, branch: string): Finding[] {
  return live.classic ? [] : [one('protection-missing', `The protection of ${branch} is gone.`)];
}

function missingRuleset({ rulesets }: LiveRules, one: One, branch: string): Finding[] {
  const declared = rulesets.find(({ name }) => name === rulesetName(branch));
  if (!declared) return [one('ruleset-missing', `The ruleset "${rulesetName(branch)}" is gone.`)];
  if (declared.enforcement !== 'active') {
    return [one('ruleset-disabled', `The ruleset "${declared.name}" is not enforced (${declared.enforcement}).`)];
  }
  if (!declared.inForce)
    return [one('ruleset-other-branch', `The ruleset "${declared.name}" does not cover ${branch}.`)];
  if ((declared.bypassActors ?? 0) > 0) {
    return [one('ruleset-bypass', `${declared.bypassActors ?? 0} actors may bypass the ruleset "${declared.name}".`)];
  }
  return [];
}

function requirement(sources: readonly Source[], { branch, form }: Protection, actions: number, one: One): Finding[] {
  const requiring = sources.filter(({ checks }) => checks.some(({ context }) => context === requiredCheck));
  if (requiring.length === 0) {
    return [
      one(
        'required-check-missing',
        `${requiredCheck} is not required on ${branch} any more: a broken staging can be merged.`,
      ),
    ];
  }
  const apps = requiring.flatMap(({ checks }) => checks.filter(({ context }) => context === requiredCheck));
  const findings: Finding[] = [];
  const other = apps.find(({ appId }) => appId !== null && appId !== actions);
  if (other) {
    findings.push(
      one(
        'required-check-other-app',
        `${requiredCheck} must be reported by the app ${other.appId ?? ''}, not by GitHub Actions.`,
      ),
    );
  } else if (!apps.some(({ appId }) => appId === actions)) {
    findings.push(one('required-check-unpinned', `Any app may report ${requiredCheck}: it can be forged.`));
  }
  if (!requiring.some(({ strict }) => strict)) {
    findings.push(one('required-check-not-strict', `A branch may be merged into ${branch} without being up to date.`));
  }
  if (form === 'classic' && !requiring.some(({ bindsAdmins }) => bindsAdmins)) {
    findings.push(one('admins-exempt', `Administrators may merge into ${branch} without ${requiredCheck}.`));
  }
  return findings;
}

function otherChecks(sources: readonly Source[], { branch, form, otherChecks: declared }: Protection): Finding[] {
  const live = sources.flatMap(({ checks }) => checks);
  const required = (check: string) => live.some((each) => checkText(each) === check || each.context === check);
  const missing = declared
    .filter((check) => !required(check))
    .map((check) =>
      finding({
        kind: 'other-check-missing',
        subject: `${branch}/${check}`,
        what: `The check ${check} is not required on ${branch} any more.`,
      }),
    );
  const known = new Set([requiredCheck, ...declared.map((check) => check.replace(/:\d+$/, ''))]);
  const undeclared = [...new Set(live.map(({ context }) => context))]
    .filter((context) => !known.has(context))
    .map((context) =>
      finding({
        kind: 'check-undeclared',
        subject: `${branch}/${context}`,
        what: `The check ${context} is required on ${branch}, and nobody declared it: if it never reports, nothing can be merged.`,
        // Adoption reads the rule that this program replaces; a ruleset stands beside it.
        ...(form === 'classic'
          ? {
              command: 'npm run adopt',
              note: 'It writes the check down in the configuration. If it is not wanted, remove it on GitHub.',
            }
          : {
              command: `pulumi config set --path 'allincompassing:github.protection.otherChecks[${declared.length}]' NAME`,
              note: 'With the check’s name for NAME; then pulumi up. If it is not wanted, remove it on GitHub.',
            }),
      }),
    );
  return [...missing, ...undeclared];
}

function strength(sources: readonly Source[], declared: Protection, { classic }: LiveRules, one: One): Finding[] {
  const { branch, requiredPullRequestReviews: reviews } = declared;
  const some = (holds: (source: Source) => boolean) => sources.some(holds);
  const findings: Finding[] = [];
  if (!some(({ blocksForcePush }) => blocksForcePush))
    findings.push(one('force-push-allowed', `The history of ${branch} may be rewritten by a force push.`));
  if (!some(({ blocksDeletion }) => blocksDeletion))
    findings.push(one('deletion-allowed', `${branch} may be deleted.`));
  if (reviews) {
    if (!some((source) => source.reviews !== undefined)) {
      findings.push(one('reviews-missing', `No review is required before a merge into ${branch}.`));
    } else if (
      !some(
        (source) =>
          (source.reviews?.count ?? -1) >= (reviews.requiredApprovingReviewCount ?? 0) &&
          (reviews.dismissStaleReviews !== true || source.reviews?.dismissStale === true) &&
          (reviews.requireCodeOwnerReviews !== true || source.reviews?.codeOwners === true) &&
          (reviews.requireLastPushApproval !== true || source.reviews?.lastPush === true),
      )
    ) {
      findings.push(one('reviews-weaker', `Reviews before a merge into ${branch} are fewer or weaker than declared.`));
    }
    if (classic?.reviews?.hasExceptions === true) {
      findings.push(
        one('review-bypass', `Somebody may bypass or dismiss reviews on ${branch}.`, {
          note: 'It takes the exceptions away.',
        }),
      );
    }
  }
  if (declared.requireSignedCommits && !some(({ signatures }) => signatures))
    findings.push(one('signatures-missing', `Signed commits are not required on ${branch} any more.`));
  if (declared.requireConversationResolution && !some(({ conversations }) => conversations))
    findings.push(one('conversations-missing', `Open conversations do not block a merge into ${branch} any more.`));
  if (declared.form === 'classic' && declared.restrictions && !classic?.restrictions)
    findings.push(one('push-restriction-missing', `Everybody may push to ${branch} who may write.`));
  if (classic?.switches.includes('lock_branch') === true)
    findings.push(
      one('branch-locked', `${branch} is locked: nothing can be merged.`, {
        note: 'It unlocks the branch. Ask first who locked it, and why.',
      }),
    );
  return findings;
}

/** Whether the declared rule is on GitHub already: the ruleset of its name, or the branch's classic protection. */
export function isRuleThere({ form, branch }: Protection, { classic, rulesets }: LiveRules): boolean {
  return form === 'ruleset' ? rulesets.some(({ name }) => name === rulesetName(branch)) : classic !== undefined;
}

import { requiredCheck } from '../settings/names/requiredCheck.ts';
import { covers, satisfies } from './compare.ts';
import { lock } from './classic.ts';
import { declaredRule, rulesetName } from './declared.ts';
import { checkText, hasExceptions, type Check, type Protection, type Rule } from './rule.ts';

/** A ruleset that binds a branch, or is meant to. */
export interface LiveRuleset {
  readonly id: number;
  readonly name: string;
  readonly enforcement: string;
  /** Whether it is in force for the branch that was asked for. */
  readonly inForce: boolean;
  /** How many may bypass it; `undefined` where GitHub hides it from this token. */
  readonly bypassActors: number | undefined;
  readonly rule: Rule;
}

/** Everything that binds the branch on GitHub. */
export interface LiveRules {
  readonly branchExists: boolean;
  /** When a branch that is not there was deleted; `undefined` when it never was, `unknown` where this token may not ask. */
  readonly branchDeletedAt?: string | undefined;
  readonly classic: Rule | undefined;
  readonly rulesets: readonly LiveRuleset[];
  /** The id of GitHub Actions' app on this GitHub. */
  readonly actionsAppId: number;
}

/** The ways in which a branch can be protected less, or otherwise, than declared. */
export type WeaknessKind =
  | 'branch-missing'
  | 'protection-missing'
  | 'ruleset-missing'
  | 'ruleset-disabled'
  | 'ruleset-other-branch'
  | 'ruleset-bypass'
  | 'required-check-missing'
  | 'required-check-other-app'
  | 'required-check-unpinned'
  | 'required-check-not-strict'
  | 'admins-exempt'
  | 'other-check-missing'
  | 'check-undeclared'
  | 'force-push-allowed'
  | 'deletion-allowed'
  | 'reviews-missing'
  | 'reviews-weaker'
  | 'review-bypass'
  | 'signatures-missing'
  | 'conversations-missing'
  | 'push-restriction-missing'
  | 'branch-locked';

/** One of them. */
export interface Weakness {
  readonly kind: WeaknessKind;
  /** The check, the app, the ruleset's state: what a sentence about it must name. */
  readonly detail: string;
}

/** Whether the declared rule is on GitHub: the ruleset of its name, or the branch's classic protection. */
export function isRuleThere({ form, branch }: Protection, { classic, rulesets }: LiveRules): boolean {
  return form === 'ruleset' ? rulesets.some(({ name }) => name === rulesetName(branch)) : classic !== undefined;
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

/**
 * Every way in which the branch is protected less, or otherwise, than declared. What is enough in one rule in force is
 * enough: GitHub enforces classic protection and rulesets together.
 */
export function weaknesses(protection: Protection, live: LiveRules): Weakness[] {
  if (!live.branchExists) return when(true, 'branch-missing');
  const gone =
    protection.form === 'classic' ? when(!live.classic, 'protection-missing') : ofOwnRuleset(protection, live);
  if (gone.length > 0) return gone;
  const declared = declaredRule(protection, live.actionsAppId);
  const inForce = [
    ...(live.classic ? [live.classic] : []),
    ...live.rulesets.filter((each) => each.inForce).map(({ rule }) => rule),
  ];
  return [
    ...ofRequiredCheck(protection, live, inForce),
    ...ofOtherChecks(declared, inForce),
    ...ofStrength(protection, declared, live, inForce),
  ];
}

function when(isSo: boolean, kind: WeaknessKind, detail: string | number = ''): Weakness[] {
  return isSo ? [{ kind, detail: String(detail) }] : [];
}

/** What is wrong with the ruleset itself; the first thing alone, because the others follow from it. */
function ofOwnRuleset({ branch }: Protection, { rulesets }: LiveRules): Weakness[] {
  const own = rulesets.find(({ name }) => name === rulesetName(branch));
  if (!own) return when(true, 'ruleset-missing');
  const { enforcement, inForce, bypassActors = 0 } = own;
  return [
    ...when(enforcement !== 'active', 'ruleset-disabled', enforcement),
    ...when(!inForce, 'ruleset-other-branch'),
    ...when(bypassActors > 0, 'ruleset-bypass', bypassActors),
  ].slice(0, 1);
}

function ofRequiredCheck({ form }: Protection, { actionsAppId }: LiveRules, inForce: readonly Rule[]): Weakness[] {
  const isOurs = ({ context }: Check) => context === requiredCheck;
  const requiring = inForce.filter(({ checks }) => checks.some(isOurs));
  if (requiring.length === 0) return when(true, 'required-check-missing');
  const apps = requiring.flatMap(({ checks }) => checks.filter(isOurs).map(({ appId }) => appId));
  const other = apps.find((app) => app !== undefined && app !== actionsAppId);
  const isPinned = other !== undefined || apps.includes(actionsAppId);
  return [
    ...when(other !== undefined, 'required-check-other-app', other),
    ...when(!isPinned, 'required-check-unpinned'),
    ...when(!requiring.some(({ strict }) => strict), 'required-check-not-strict'),
    ...when(form === 'classic' && !requiring.some(({ bindsAdmins }) => bindsAdmins), 'admins-exempt'),
  ];
}

function ofOtherChecks(declared: Rule, inForce: readonly Rule[]): Weakness[] {
  const live = inForce.flatMap(({ checks }) => checks);
  const others = declared.checks.filter(({ context }) => context !== requiredCheck);
  const known = new Set(declared.checks.map(({ context }) => context));
  return [
    ...others.flatMap((check) =>
      when(!live.some((each) => covers(each, check)), 'other-check-missing', checkText(check)),
    ),
    ...[...new Set(live.map(({ context }) => context))].flatMap((context) =>
      when(!known.has(context), 'check-undeclared', context),
    ),
  ];
}

function ofStrength(
  { form }: Protection,
  declared: Rule,
  { classic }: LiveRules,
  inForce: readonly Rule[],
): Weakness[] {
  const { reviews } = declared;
  const none = (holds: (rule: Rule) => boolean) => !inForce.some(holds);
  const hasNoReviews = none((rule) => rule.reviews !== undefined);
  return [
    ...when(
      none(({ blocksForcePush }) => blocksForcePush),
      'force-push-allowed',
    ),
    ...when(
      none(({ blocksDeletion }) => blocksDeletion),
      'deletion-allowed',
    ),
    ...(reviews
      ? [
          ...when(hasNoReviews, 'reviews-missing'),
          ...when(!hasNoReviews && none((rule) => satisfies(rule.reviews, reviews)), 'reviews-weaker'),
          ...when(classic !== undefined && hasExceptions(classic), 'review-bypass'),
        ]
      : []),
    ...when(declared.signatures && none(({ signatures }) => signatures), 'signatures-missing'),
    ...when(declared.conversations && none(({ conversations }) => conversations), 'conversations-missing'),
    ...when(form === 'classic' && declared.pushers !== undefined && !classic?.pushers, 'push-restriction-missing'),
    ...when(classic?.others.includes(lock) === true, 'branch-locked'),
  ];
}

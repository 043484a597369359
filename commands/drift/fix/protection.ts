import { githubApi } from '../../../services/github/github.ts';
import { actionsAppId } from '../../../services/github/actionsApp.ts';
import { readRuleset, type LiveRule, type RulesetContent } from '../../../services/github/rules.ts';
import {
  changeProtection,
  requireSignatures,
  writeRuleset,
  type ProtectionBody,
} from '../../../services/github/writes.ts';
import { requiredCheck } from '../../../settings/names/requiredCheck.ts';
import type { Settings } from '../../../settings/settings.ts';
import type { Finding } from '../finding.ts';
import type { Look, LookOptions } from '../look.ts';
import { rulesetName } from '../checks/protection.ts';
import type { Notes } from './applyFixes.ts';

type Protection = Settings['github']['protection'];

/** A ruleset as GitHub's API takes it. */
interface RulesetBody extends Readonly<Record<string, unknown>> {
  readonly conditions: {
    readonly ref_name: { readonly include: readonly string[]; readonly exclude: readonly string[] };
  };
  readonly rules: readonly LiveRule[];
}

/** Makes the branch's rule at least as strong as declared, in one request; what is stronger or undeclared stays. */
export async function fixProtection(
  { settings, repository }: LookOptions,
  { rules }: Look,
  findings: readonly Finding[],
  notes: Notes,
): Promise<void> {
  const api = githubApi();
  const { protection } = settings.github;
  const app = await actionsAppId();
  const named = new Set(findings.map(({ kind }) => kind));
  if (protection.form === 'ruleset') {
    // These two are read from classic protection, which may stand beside the ruleset.
    const ofClassic = findings.filter(({ kind }) => kind === 'branch-locked' || kind === 'review-bypass');
    if (ofClassic.length > 0) {
      await changeProtection(api, repository, protection.branch, (live) => released(live, named));
      notes.done.push(`${protection.branch}: the classic rule is released`);
    }
    if (ofClassic.length === findings.length) return;
    const id = rules?.rulesets.find(({ name }) => name === rulesetName(protection.branch))?.id;
    const declared = declaredRuleset(protection, app);
    const body =
      id === undefined ? declared : strengthenedRuleset(declared, await readRuleset(api, repository, id), named);
    const written = await writeRuleset(api, repository, id, body);
    if (written !== id) notes.writes.rulesetId = written;
    notes.done.push(`${protection.branch}: the ruleset is as declared`);
    return;
  }
  await changeProtection(api, repository, protection.branch, (live) => strengthened(live, protection, app, named));
  if (protection.requireSignedCommits) await requireSignatures(api, repository, protection.branch);
  notes.done.push(`${protection.branch}: protected as declared`);
}

/** A check in GitHub's terms; `-1` is any app. */
function checkOf(text: string): { context: string; app_id: number } {
  const [, context = text, appId] = /^(.+):(\d+)$/.exec(text) ?? [];
  return { context, app_id: appId === undefined ? -1 : Number(appId) };
}

/** The classic rule beside a ruleset, without the lock or the exceptions that a finding names; all else stays. */
export function released(live: ProtectionBody, named: ReadonlySet<Finding['kind']>): ProtectionBody {
  const reviews = live.required_pull_request_reviews;
  // Sent empty: GitHub keeps what is left out.
  const none = { users: [], teams: [], apps: [] };
  return {
    ...live,
    lock_branch: live.lock_branch && !named.has('branch-locked'),
    required_pull_request_reviews:
      reviews && named.has('review-bypass')
        ? { ...reviews, dismissal_restrictions: {}, bypass_pull_request_allowances: none }
        : reviews,
  };
}

/** The live ruleset with everything that is declared; other rules, checks and branches, and stronger settings, stay. */
export function strengthenedRuleset(
  declared: RulesetBody,
  live: RulesetContent,
  named: ReadonlySet<Finding['kind']>,
): RulesetBody {
  const include = declared.conditions.ref_name.include;
  const there = live.conditions?.ref_name;
  const conditions = there && {
    ref_name: named.has('ruleset-other-branch')
      ? { include: [...new Set([...there.include, ...include])], exclude: [] }
      : there,
  };
  const ofType = (type: string) => live.rules.find((rule) => rule.type === type)?.parameters ?? {};
  const rules = declared.rules.map((rule): LiveRule => (rule.parameters ? stronger(rule, ofType(rule.type)) : rule));
  const others = live.rules.filter(({ type }) => !rules.some((rule) => rule.type === type));
  return { ...declared, ...(conditions && { conditions }), rules: [...rules, ...others] };
}

/** A declared rule with what the live one of its type has beyond it. */
function stronger({ type, parameters = {} }: LiveRule, live: NonNullable<LiveRule['parameters']>): LiveRule {
  const merged = Object.entries({ ...live, ...parameters }).map(([key, value]: [string, unknown]) => {
    const other: unknown = live[key as keyof typeof live];
    if (typeof value === 'boolean') return [key, value || other === true];
    if (typeof value === 'number') return [key, typeof other === 'number' ? Math.max(value, other) : value];
    return [key, value];
  });
  const checks = parameters.required_status_checks;
  const beyond = (live.required_status_checks ?? []).filter(
    ({ context }) => !checks?.some((check) => check.context === context),
  );
  return {
    type,
    parameters: {
      ...(Object.fromEntries(merged) as LiveRule['parameters']),
      ...(checks && { required_status_checks: [...checks, ...beyond] }),
    },
  };
}

/** The live protection with everything that is declared. */
export function strengthened(
  live: ProtectionBody,
  declared: Protection,
  actionsApp: number,
  named: ReadonlySet<Finding['kind']>,
): ProtectionBody {
  const wanted = [{ context: requiredCheck, app_id: actionsApp }, ...declared.otherChecks.map(checkOf)];
  const others = (live.required_status_checks?.checks ?? []).filter(
    ({ context }) => !wanted.some((check) => check.context === context),
  );
  return {
    ...live,
    required_status_checks: { strict: true, checks: [...wanted, ...others] },
    enforce_admins: true,
    allow_force_pushes: false,
    allow_deletions: false,
    required_conversation_resolution: live.required_conversation_resolution || declared.requireConversationResolution,
    lock_branch: live.lock_branch && !named.has('branch-locked'),
    restrictions: live.restrictions ?? declared.restrictions ?? null,
    required_pull_request_reviews: reviews(live, declared, named.has('review-bypass')),
  };
}

function reviews(
  live: ProtectionBody,
  { requiredPullRequestReviews: declared }: Protection,
  withoutExceptions: boolean,
) {
  const there = live.required_pull_request_reviews;
  if (!declared) return there;
  const { dismissal_restrictions: dismissal, bypass_pull_request_allowances: bypass, ...rest } = there ?? {};
  const count = typeof rest.required_approving_review_count === 'number' ? rest.required_approving_review_count : 0;
  return {
    dismiss_stale_reviews: rest.dismiss_stale_reviews === true || declared.dismissStaleReviews === true,
    require_code_owner_reviews: rest.require_code_owner_reviews === true || declared.requireCodeOwnerReviews === true,
    require_last_push_approval: rest.require_last_push_approval === true || declared.requireLastPushApproval === true,
    required_approving_review_count: Math.max(count, declared.requiredApprovingReviewCount ?? 0),
    ...(!withoutExceptions && dismissal !== undefined && { dismissal_restrictions: dismissal }),
    ...(!withoutExceptions && bypass !== undefined && { bypass_pull_request_allowances: bypass }),
  };
}

/** The ruleset as the program declares it (components/requiredDeployCheck.ts), in the terms of GitHub's API. */
export function declaredRuleset(declared: Protection, actionsApp: number): RulesetBody {
  const { branch, otherChecks, requiredPullRequestReviews: reviews } = declared;
  const checks = [`${requiredCheck}:${actionsApp}`, ...otherChecks].map((text) => {
    const { context, app_id: appId } = checkOf(text);
    return { context, ...(appId !== -1 && { integration_id: appId }) };
  });
  return {
    name: rulesetName(branch),
    target: 'branch',
    enforcement: 'active',
    bypass_actors: [],
    conditions: { ref_name: { include: [`refs/heads/${branch}`], exclude: [] } },
    rules: [
      { type: 'deletion' },
      { type: 'non_fast_forward' },
      ...(declared.requireSignedCommits ? [{ type: 'required_signatures' }] : []),
      {
        type: 'required_status_checks',
        parameters: { strict_required_status_checks_policy: true, required_status_checks: checks },
      },
      ...(reviews
        ? [
            {
              type: 'pull_request',
              parameters: {
                dismiss_stale_reviews_on_push: reviews.dismissStaleReviews ?? false,
                require_code_owner_review: reviews.requireCodeOwnerReviews ?? false,
                require_last_push_approval: reviews.requireLastPushApproval ?? false,
                required_approving_review_count: reviews.requiredApprovingReviewCount ?? 0,
                required_review_thread_resolution: declared.requireConversationResolution,
              },
            },
          ]
        : []),
    ],
  };
}

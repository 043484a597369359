import { z } from 'zod';
import { rulesetName } from './declared.ts';
import type { Rule } from './rule.ts';

/** Rulesets in GitHub's REST API. */

const bool = z.boolean().nullish();
/** Of the status checks and of the reviews. An older GitHub leaves out what it does not know, or answers `null`. */
const parameters = z.looseObject({
  strict_required_status_checks_policy: bool,
  required_status_checks: z
    .array(z.looseObject({ context: z.string(), integration_id: z.number().nullish() }))
    .nullish(),
  dismiss_stale_reviews_on_push: bool,
  require_code_owner_review: bool,
  require_last_push_approval: bool,
  required_approving_review_count: z.number().nullish(),
  required_review_thread_resolution: bool,
});
const rulePart = z.looseObject({ type: z.string(), parameters: parameters.nullish() });
const names = z
  .array(z.string())
  .nullish()
  .transform((all) => all ?? []);

/** One rule of a ruleset, in GitHub's own form. */
export type RulePart = z.infer<typeof rulePart>;

/** What this project reads of GitHub's answer about a ruleset. */
export const rulesetAnswer = z.object({
  id: z.number(),
  name: z.string(),
  enforcement: z.string(),
  conditions: z
    .object({
      ref_name: z.object({ include: names, exclude: names }).nullish(),
    })
    .nullish(),
  rules: z
    .array(rulePart)
    .nullish()
    .transform((all) => all ?? []),
  /** Left out for a token that may not see it. */
  bypass_actors: z.array(z.unknown()).nullish(),
});

/** The parts in force for a branch, as GitHub lists them. */
export const rulesInForce = z.array(rulePart.extend({ ruleset_id: z.number().nullish() }));

/** The repository's rulesets, as GitHub lists them. */
export const rulesetList = z.array(rulesetAnswer.pick({ id: true, name: true }));

/** What a ruleset says, as far as a write must keep it. */
export type RulesetContent = Pick<z.infer<typeof rulesetAnswer>, 'conditions' | 'rules'>;

/** The rules that the model has a word for. */
const modelled = ['deletion', 'non_fast_forward', 'required_signatures', 'required_status_checks', 'pull_request'];

/** The rule that a ruleset's parts make; `bypassActors` is how many may bypass it. */
export function rulesetRule(parts: readonly RulePart[], bypassActors = 0): Rule {
  const partOf = (name: string) => parts.find(({ type }) => type === name);
  const has = (name: string) => partOf(name) !== undefined;
  const checks = partOf('required_status_checks')?.parameters;
  const pullRequest = partOf('pull_request');
  const reviews = pullRequest && (pullRequest.parameters ?? {});
  return {
    checks: (checks?.required_status_checks ?? []).map(({ context, integration_id: id }) => ({
      context,
      appId: id ?? undefined,
    })),
    strict: checks?.strict_required_status_checks_policy ?? false,
    bindsAdmins: bypassActors === 0,
    blocksForcePush: has('non_fast_forward'),
    blocksDeletion: has('deletion'),
    signatures: has('required_signatures'),
    conversations: reviews?.required_review_thread_resolution ?? false,
    reviews: reviews && {
      dismissStaleReviews: reviews.dismiss_stale_reviews_on_push ?? false,
      requireCodeOwnerReviews: reviews.require_code_owner_review ?? false,
      requireLastPushApproval: reviews.require_last_push_approval ?? false,
      requiredApprovingReviewCount: reviews.required_approving_review_count ?? 0,
    },
    ...{ dismissers: undefined, bypassers: undefined, pushers: undefined },
    others: parts.map(({ type }) => type).filter((type) => !modelled.includes(type)),
  };
}

/** The branches beyond this one that a ruleset binds. */
export function otherBranches({ conditions }: RulesetContent, branch: string): string[] {
  return (conditions?.ref_name?.include ?? []).filter((name) => name !== `refs/heads/${branch}`);
}

/**
 * The body that writes a rule as this project's ruleset for a branch: nobody may bypass it. Of the `live` ruleset stay the
 * branches, the rules and the parameters that the model has no word for. `cover`: bind the branch even where `live` does not.
 */
export function rulesetBody(
  rule: Rule,
  branch: string,
  { live = { rules: [] }, cover = false }: { readonly live?: RulesetContent; readonly cover?: boolean } = {},
) {
  const own = { include: [`refs/heads/${branch}`], exclude: [] };
  const there = live.conditions?.ref_name ?? own;
  const both = { include: [...new Set([...there.include, ...own.include])], exclude: [] };
  const parametersOf = (name: string) => live.rules.find(({ type }) => type === name)?.parameters;
  return {
    name: rulesetName(branch),
    target: 'branch',
    enforcement: 'active',
    bypass_actors: [],
    conditions: { ref_name: cover ? both : there },
    rules: [
      ...partsOf(rule).map(({ type, parameters }) =>
        parameters ? { type, parameters: { ...parametersOf(type), ...parameters } } : { type },
      ),
      ...live.rules.filter(({ type }) => !modelled.includes(type)),
    ],
  };
}

/** A rule's parts. A ruleset has no word for who may push, and resolves conversations with reviews alone. */
function partsOf(rule: Rule): RulePart[] {
  const { checks, strict, reviews } = rule;
  const status = {
    strict_required_status_checks_policy: strict,
    required_status_checks: checks.map(({ context, appId }) => ({
      context,
      ...(appId !== undefined && { integration_id: appId }),
    })),
  };
  const pullRequest = reviews && {
    dismiss_stale_reviews_on_push: reviews.dismissStaleReviews ?? false,
    require_code_owner_review: reviews.requireCodeOwnerReviews ?? false,
    require_last_push_approval: reviews.requireLastPushApproval ?? false,
    required_approving_review_count: reviews.requiredApprovingReviewCount ?? 0,
    required_review_thread_resolution: rule.conversations,
  };
  return [
    ...(rule.blocksDeletion ? [{ type: 'deletion' }] : []),
    ...(rule.blocksForcePush ? [{ type: 'non_fast_forward' }] : []),
    ...(rule.signatures ? [{ type: 'required_signatures' }] : []),
    ...(checks.length > 0 || strict ? [{ type: 'required_status_checks', parameters: status }] : []),
    ...(pullRequest ? [{ type: 'pull_request', parameters: pullRequest }] : []),
  ];
}

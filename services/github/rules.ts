import { z } from 'zod';
import { listRulesets, ofRepository, orMissing, type RepositoryName } from './github.ts';
import { github } from './route.ts';
import type { Api } from '../door/http.ts';

/** A ruleset that binds a branch, with what matters of its rules. */
export interface LiveRuleset {
  readonly id: number;
  readonly name: string;
  readonly enforcement: string;
  /** Whether it is in force for the branch that was asked for. */
  readonly inForce: boolean;
  readonly rules: readonly LiveRule[];
  /** How many may bypass it; `undefined` where GitHub hides it from this token. */
  readonly bypassActors: number | undefined;
}

/** One rule of a ruleset, in GitHub's own form. */
export interface LiveRule {
  readonly type: string;
  readonly parameters?: {
    readonly strict_required_status_checks_policy?: boolean;
    readonly required_status_checks?: readonly { readonly context: string; readonly integration_id?: number }[];
    readonly required_approving_review_count?: number;
    readonly dismiss_stale_reviews_on_push?: boolean;
    readonly require_code_owner_review?: boolean;
    readonly require_last_push_approval?: boolean;
    readonly required_review_thread_resolution?: boolean;
  };
}

/** What a ruleset says, as far as a write must keep it. */
export interface RulesetContent {
  readonly rules: readonly LiveRule[];
  readonly conditions?: {
    readonly ref_name?: { readonly include: readonly string[]; readonly exclude: readonly string[] };
  };
}

const integer = z.number();
/** Loose: what this project does not know of a rule is written back as it was. */
const rule = z.looseObject({
  type: z.string(),
  parameters: z
    .looseObject({
      strict_required_status_checks_policy: z.boolean().exactOptional(),
      required_status_checks: z
        .array(z.looseObject({ context: z.string(), integration_id: integer.exactOptional() }))
        .exactOptional(),
      required_approving_review_count: integer.exactOptional(),
      dismiss_stale_reviews_on_push: z.boolean().exactOptional(),
      require_code_owner_review: z.boolean().exactOptional(),
      require_last_push_approval: z.boolean().exactOptional(),
      required_review_thread_resolution: z.boolean().exactOptional(),
    })
    .exactOptional(),
});

const conditions = z.looseObject({
  ref_name: z
    .object({ include: z.array(z.string()).default([]), exclude: z.array(z.string()).default([]) })
    .exactOptional(),
});

const rulesetAnswer = z.object({
  id: integer,
  name: z.string(),
  enforcement: z.string(),
  rules: z.array(rule).default([]),
  conditions: conditions.nullish(),
  bypass_actors: z.array(z.unknown()).optional(),
});

/** A ruleset's rules and conditions as they are now. */
export async function readRuleset(api: Api, name: RepositoryName, id: number): Promise<RulesetContent> {
  const { rules, conditions: where } = await ruleset(api, name, id);
  return { rules, ...(where && { conditions: where }) };
}

async function ruleset(api: Api, name: RepositoryName, id: number) {
  const parameters = { ...ofRepository(name), ruleset_id: id };
  return (await github(api, 'GET /repos/{owner}/{repo}/rulesets/{ruleset_id}', parameters, rulesetAnswer)).data;
}

const branchRules = z.array(rule.extend({ ruleset_id: integer.optional() }));

/**
 * The rulesets that matter for a branch: those in force for it, and the one called `declared` wherever it applies.
 * One request for the rules in force, one for the list, and one for each of those rulesets.
 */
export async function branchRulesets(
  api: Api,
  name: RepositoryName,
  branch: string,
  declared: string | undefined,
): Promise<LiveRuleset[]> {
  const inForceAt = { ...ofRepository(name), branch, per_page: 100 };
  const [inForce, known] = await Promise.all([
    orMissing(github(api, 'GET /repos/{owner}/{repo}/rules/branches/{branch}', inForceAt, branchRules)),
    listRulesets(api, name),
  ]);
  const rules = inForce?.data ?? [];
  const ids = new Set(rules.flatMap(({ ruleset_id: id }) => id ?? []));
  const wanted = known.filter(({ id, name: title }) => ids.has(id) || title === declared);
  // A ruleset of the organisation is in force without being in this list's details: its rules are known all the same.
  const foreign = [...ids].filter((id) => !known.some((each) => each.id === id));
  const own = await Promise.all(wanted.map(async ({ id }) => ruleset(api, name, id)));
  return [
    ...own.map((each) => ({
      id: each.id,
      name: each.name,
      enforcement: each.enforcement,
      inForce: ids.has(each.id),
      rules: each.rules,
      bypassActors: each.bypass_actors?.length,
    })),
    ...foreign.map((id) => ({
      id,
      name: `ruleset ${id}`,
      enforcement: 'active',
      inForce: true,
      rules: rules.filter(({ ruleset_id: each }) => each === id),
      bypassActors: undefined,
    })),
  ];
}

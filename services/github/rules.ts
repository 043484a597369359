import { orMissing, repositoryPath, type RepositoryName } from './github.ts';
import { call, type Api } from '../door/http.ts';

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

/** A ruleset's rules and conditions as they are now. */
export async function readRuleset(api: Api, name: RepositoryName, id: number): Promise<RulesetContent> {
  const { json } = await call(api, { path: `${repositoryPath(name)}/rulesets/${id}` });
  const { rules = [], conditions } = json as Partial<RulesetContent>;
  return { rules, ...(conditions && { conditions }) };
}

interface RulesetAnswer {
  readonly id: number;
  readonly name: string;
  readonly enforcement: string;
  readonly rules?: readonly LiveRule[];
  readonly bypass_actors?: readonly unknown[];
}

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
  const base = repositoryPath(name);
  const [inForce, list] = await Promise.all([
    orMissing(call(api, { path: `${base}/rules/branches/${encodeURIComponent(branch)}`, query: { per_page: '100' } })),
    orMissing(call(api, { path: `${base}/rulesets`, query: { per_page: '100' } })),
  ]);
  const rules = (inForce?.json ?? []) as readonly (LiveRule & { readonly ruleset_id: number })[];
  const ids = new Set(rules.map(({ ruleset_id: id }) => id));
  const known = (list?.json ?? []) as readonly RulesetAnswer[];
  const wanted = known.filter(({ id, name: title }) => ids.has(id) || title === declared);
  // A ruleset of the organisation is in force without being in this list's details: its rules are known all the same.
  const foreign = [...ids].filter((id) => !known.some((each) => each.id === id));
  const own = await Promise.all(
    wanted.map(async ({ id }) => (await call(api, { path: `${base}/rulesets/${id}` })).json as RulesetAnswer),
  );
  return [
    ...own.map((ruleset) => ({
      id: ruleset.id,
      name: ruleset.name,
      enforcement: ruleset.enforcement,
      inForce: ids.has(ruleset.id),
      rules: ruleset.rules ?? [],
      bypassActors: ruleset.bypass_actors?.length,
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

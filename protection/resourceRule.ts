import { z } from 'zod';
import { ruleTypes } from './resource.ts';
import { checkOf, type Rule } from './rule.ts';

/** What decides whether a check can be bypassed, of a rule in somebody's program. */
export interface ResourceRule extends Pick<Rule, 'checks' | 'bindsAdmins'> {
  /** `graphql` is classic protection by a resource that cannot name a check's app. */
  readonly form: keyof typeof ruleTypes;
  /** Whether GitHub enforces it. */
  readonly isActive: boolean;
}

/** What is unknown in a preview, or of another type, is not required. */
const texts = z
  .array(z.unknown())
  .catch([])
  .transform((list) => list.filter((each) => typeof each === 'string'));

const classic = z.object({
  branch: z.unknown().optional(),
  enforceAdmins: z.unknown().optional(),
  requiredStatusChecks: z.object({ checks: texts, contexts: texts }).catch({ checks: [], contexts: [] }),
});

const checks = z
  .array(z.object({ context: z.string().catch(''), integrationId: z.number().optional().catch(undefined) }))
  .catch([]);
const ruleset = z.object({
  enforcement: z.unknown().optional(),
  bypassActors: z.array(z.unknown()).catch([]),
  conditions: z.object({ refName: z.object({ includes: texts }) }).catch({ refName: { includes: [] } }),
  rules: z
    .object({ requiredStatusChecks: z.object({ requiredChecks: checks }) })
    .catch({ requiredStatusChecks: { requiredChecks: [] } }),
});
const graphql = z.object({ pattern: z.unknown().optional() });

/** The rule of a resource for a branch; `undefined` for another branch, or another type of resource. */
export function resourceRule(type: string, props: unknown, branch: string): ResourceRule | undefined {
  if (type === ruleTypes.classic) {
    const { requiredStatusChecks: required, enforceAdmins, ...given } = classic.parse(props);
    const rule = { form: 'classic', bindsAdmins: enforceAdmins === true, isActive: true } as const;
    const all = [...required.checks, ...required.contexts].map(checkOf);
    return given.branch === branch ? { ...rule, checks: all } : undefined;
  }
  if (type === ruleTypes.ruleset) {
    const { enforcement, bypassActors, conditions, rules } = ruleset.parse(props);
    const { includes } = conditions.refName;
    if (!includes.includes(`refs/heads/${branch}`) && !includes.includes('~ALL')) return undefined;
    const all = rules.requiredStatusChecks.requiredChecks.map(({ context, integrationId: appId }) => ({
      context,
      appId,
    }));
    const bindsAdmins = bypassActors.length === 0;
    return { form: 'ruleset', checks: all, bindsAdmins, isActive: enforcement === 'active' };
  }
  return type === ruleTypes.graphql && graphql.parse(props).pattern === branch
    ? { form: 'graphql', checks: [], bindsAdmins: false, isActive: true }
    : undefined;
}

import { lock } from '../../../protection/classic.ts';
import { strongest } from '../../../protection/compare.ts';
import { declaredRule, rulesetName } from '../../../protection/declared.ts';
import { changeClassic, readRuleset, writeRuleset } from '../../../protection/github.ts';
import type { Rule } from '../../../protection/rule.ts';
import { rulesetBody, rulesetRule } from '../../../protection/ruleset.ts';
import { githubApi } from '../../../services/github/github.ts';
import { actionsAppId } from '../../../services/github/actionsApp.ts';
import type { Finding } from '../finding.ts';
import type { Look, LookOptions } from '../observed.ts';
import type { Notes } from './notes.ts';

type Kinds = ReadonlySet<Finding['kind']>;

/** Makes the branch's rule at least as strong as declared, in one request; what is stronger or undeclared stays. */
export async function fixProtection(
  { settings, repository }: LookOptions,
  { rules }: Look,
  findings: readonly Finding[],
  notes: Notes,
): Promise<void> {
  const api = githubApi();
  const { branch, form } = settings.github.protection;
  const declared = declaredRule(settings.github.protection, await actionsAppId());
  const named: Kinds = new Set(findings.map(({ kind }) => kind));
  if (form === 'classic') {
    await changeClassic(api, repository, branch, (live) => released(strengthened(live, declared), named));
    notes.done.push(`${branch}: protected as declared`);
    return;
  }
  // These two are read from classic protection, which may stand beside the ruleset.
  const ofClassic = findings.filter(({ kind }) => kind === 'branch-locked' || kind === 'review-bypass');
  if (ofClassic.length > 0) {
    await changeClassic(api, repository, branch, (live) => released(live, named));
    notes.done.push(`${branch}: the classic rule is released`);
  }
  if (ofClassic.length === findings.length) return;
  const id = rules?.rulesets.find(({ name }) => name === rulesetName(branch))?.id;
  const live = id === undefined ? { rules: [] } : await readRuleset(api, repository, id);
  const rule = strongest(declared, rulesetRule(live.rules));
  const body = rulesetBody(rule, branch, { live, cover: named.has('ruleset-other-branch') });
  const written = await writeRuleset(api, repository, id, body);
  if (written !== id) notes.writes.rulesetId = written;
  notes.done.push(`${branch}: the ruleset is as declared`);
}

/** The live rule with everything that is declared. Whom to add or remove among those who may push is for a person to decide. */
export function strengthened(live: Rule, declared: Rule): Rule {
  return { ...strongest(declared, live), pushers: live.pushers ?? declared.pushers };
}

/** A rule without the lock or the exceptions that a finding names. */
export function released(rule: Rule, named: Kinds): Rule {
  const others = named.has('branch-locked') ? rule.others.filter((name) => name !== lock) : rule.others;
  return { ...rule, others, ...(named.has('review-bypass') && { dismissers: undefined, bypassers: undefined }) };
}

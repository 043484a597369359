import { rulesetName, settingsKeeping } from '../protection/declared.ts';
import { lossOfClassic, unkeepable } from '../protection/refusals.ts';
import { ruleComponent, ruleResource, ruleTypes } from '../protection/resource.ts';
import type { Protection, Rule } from '../protection/rule.ts';
import type { Settings } from '../settings/settings.ts';
import type { Adoption, Existing } from './existing.ts';

/** The branch's rule, where the declared one is there: its classic protection, or the ruleset of this project's name. */
export function ruleAdoptions({ repository, protection }: Settings['github'], existing: Existing): Adoption[] {
  const { branch, form } = protection;
  const ruleset = existing.rulesets.find(({ name }) => name === rulesetName(branch));
  const id = form === 'ruleset' ? ruleset?.id : existing.protection && branch;
  if (id === undefined) return [];
  return [
    {
      type: ruleTypes[form],
      name: ruleResource(branch),
      parent: ruleComponent,
      id: `${repository}:${id}`,
      note: form === 'ruleset' ? 'ruleset' : 'all its settings are kept',
    },
  ];
}

/** The settings that keep the live rule, where the configuration does not have them all; or why none can. */
export function planProtection(declared: Protection, live: Rule | undefined) {
  if (!live || declared.form === 'ruleset') return { protection: undefined, problems: [] };
  const problem = unkeepable(declared, live);
  if (problem !== undefined) return { protection: undefined, problems: [problem] };
  const loses = lossOfClassic(declared, live) !== undefined;
  return { protection: loses ? settingsKeeping(declared, live) : undefined, problems: [] };
}

import { teamWide } from '../guards/teamWide.ts';
import { droppedContexts, effectiveScopes, otherScopes } from '../guards/siteRules.ts';
import { ownerProblems } from '../protection/owner.ts';
import type { Protection } from '../protection/rule.ts';
import type { LiveVariable } from '../services/netlify/netlify.ts';
import { planProtection, ruleAdoptions } from './protection.ts';
import { environmentsIn } from '../places/live.ts';
import { findNamed, type ManagedPlacement, managedPlacements, placeResources, placeRules } from '../places/places.ts';
import type { LivePlaced } from '../places/service.ts';
import { secretScopes } from '../places/netlify/setting.ts';
import { contextSetting, optionSetting } from '../settings/declared.ts';
import type { Settings, Variable } from '../settings/settings.ts';
import { netlifyResource, resourceTypes } from '../settings/names/resourceTypes.ts';
import { forStack } from '../settings/stack/stackCommand.ts';
import type { Adoption, Existing } from './existing.ts';

/** What adoption will do: resources to take over, settings to write down, and what must be settled first. */
export interface AdoptionPlan {
  readonly adoptions: readonly Adoption[];
  /**
   * Values outside staging's contexts that cannot be read back, `KEY in CONTEXT`: whether the vault's is the one that
   * is there, only a person can say. The next update writes the vault's.
   */
  readonly unverifiable: readonly string[];
  /** The protection's settings with everything kept that is live; `undefined` when the configuration has it all. */
  readonly protection: Protection | undefined;
  /** What a person should know of the team's own variables; missing where there is nothing. */
  readonly notes?: readonly string[];
  /** Why it cannot go on, each with the fix; empty when it can. */
  readonly problems: readonly string[];
}

/** Decides what to take over. `owned` has the logical names that the stack holds already. */
export function planAdoption(settings: Settings, existing: Existing, owned: ReadonlySet<string>): AdoptionPlan {
  const { protection, problems: protectionProblems } = planProtection(settings.github.protection, existing.protection);
  const adoptions = [
    ...variables(settings, existing),
    ...placed(settings, existing),
    ...ruleAdoptions(settings.github, existing),
  ].filter(({ name }) => !owned.has(name));
  const notes = teamWide(settings.netlify, existing.variables, existing.team);
  const adopted = new Set(adoptions.map(({ name }) => name));
  return {
    adoptions,
    unverifiable: settings.netlify.variables
      .filter(({ name }) => adopted.has(netlifyResource(name)))
      .flatMap((variable) => unverifiable(variable, settings, existing)),
    protection,
    ...(notes.length > 0 && { notes }),
    problems: [
      ...settings.netlify.variables.flatMap((variable) => variableProblems(variable, existing)),
      ...protectionProblems,
      ...(existing.ownership ? ownerProblems(settings.github.protection, existing.ownership, existing.protection) : []),
    ],
  };
}

function liveOf(existing: Existing, name: string): LiveVariable | undefined {
  return existing.variables.find(({ key }) => key === name);
}

function variables({ netlify }: Settings, existing: Existing): Adoption[] {
  return netlify.variables.flatMap(({ name }) => {
    const live = liveOf(existing, name);
    if (!live) return [];
    const contexts = live.values.map(({ context }) => context).join(', ');
    const note = live.secret
      ? `secret in ${contexts}; its value cannot be read back: the vault's is taken as what is there`
      : `plain in ${contexts}`;
    return [
      {
        type: resourceTypes.netlifyVariable,
        name: netlifyResource(name),
        parent: 'netlify',
        id: `${existing.teamId}:${existing.siteId}:${name}`,
        note,
      },
    ];
  });
}

function unverifiable({ name, values }: Variable, { netlify }: Settings, existing: Existing): string[] {
  const live = liveOf(existing, name);
  if (live?.secret !== true) return [];
  return values
    .map(({ context }) => context)
    .filter((context) => !netlify.contexts.includes(context) && live.values.some((value) => value.context === context))
    .map((context) => `${name} in ${context}`);
}

function variableProblems(variable: Variable, existing: Existing): string[] {
  const live = liveOf(existing, variable.name);
  if (!live) return [];
  const problems = droppedContexts(
    live,
    variable.values.map(({ context }) => context),
  ).map(
    (context) =>
      `${variable.name} has a value in ${context}. Declare it: ${contextSetting(variable, context)}, by its own reference`,
  );
  if (
    otherScopes(live, effectiveScopes(variable.scopes ?? (variable.secret ? secretScopes : undefined)), variable.secret)
  )
    problems.push(
      `${variable.name} has the scopes ${live.scopes.join(', ')}. Declare them: ${optionSetting(variable, 'scopes')}`,
    );
  if (live.secret && !variable.secret)
    problems.push(
      `${variable.name} is secret on Netlify, which cannot be undone. Set ${optionSetting(variable, 'secret')} to true`,
    );
  return problems;
}

function placed(settings: Settings, { places }: Existing): Adoption[] {
  const { repository } = settings.github;
  const ids = { repository, project: settings.supabase.project };
  const environments = environmentsIn(settings)
    .filter((name) => places.environments.has(name))
    .map((name) => ({
      type: resourceTypes.repositoryEnvironment,
      name: `github-${name}`,
      parent: 'github',
      id: `${repository}:${name}`,
      note: 'environment',
    }));
  const values = managedPlacements(settings.placements).flatMap((placement): Adoption[] => {
    const { place, environment, name } = placement;
    const live = findNamed(place, places.list(place, environment) ?? [], name);
    if (!live) return [];
    const resource = placeResources[place];
    return [
      {
        type: resource.typeOf(placement),
        name: resource.nameOf(placement),
        parent: resource.component,
        id: resource.importId(placement, ids),
        note: noteOf(placement, live),
        placement,
        ...(live.digest !== undefined && { digest: live.digest }),
      },
    ];
  });
  return [...environments, ...values];
}

function noteOf({ place }: ManagedPlacement, live: LivePlaced): string {
  if (live.value !== undefined) return `${placeRules[place].title}: its value is read`;
  if (live.digest !== undefined)
    return `${placeRules[place].title}: its digest shows whether the vault's value is the one that is there`;
  return `its value cannot be read back: the next \`${forStack('pulumi up')}\` seals the vault’s`;
}

import { contextOf, type Context } from '../../settings/context.ts';
import {
  type ManagedPlace,
  type ManagedPlacement,
  managedPlacements,
  findNamed,
  resourceName,
} from '../../places/places.ts';
import type { Settings, Source } from '../../settings/settings.ts';
import { githubSecrets, githubVariables } from '../standIns/github/index.ts';
import type { ValueRecord } from '../standIns/github/seed.ts';
import { openStore } from '../standIns/github/state.ts';
import { site } from '../process/identity.ts';
import { netlifyValues } from '../standIns/netlify/index.ts';
import { openVault } from '../standIns/onepassword/index.ts';
import { sandboxPaths } from '../process/paths.ts';
import { heldFunctionSecrets } from '../standIns/supabaseManagement/service.ts';

/** What comparing a declared value with the live one, byte for byte, has shown. */
type State = 'in place' | 'missing' | 'differs';

/** Compares what is declared with what the stand-ins hold, secrets too: past the APIs, and no value leaves here. */
export interface LiveState {
  variable(name: string, context: Context): State;
  /** A value in a place other than Netlify, by the logical name of its resource. */
  placed(resource: string): State;
  /** A required check, as `name` or `name:appId`. */
  check(branch: string, check: string): State;
}

/** Reads the stand-ins' state at each call. */
export function liveState(dir: string, settings: Settings): LiveState {
  const { services } = sandboxPaths(dir);
  const vault = openVault(services);
  const declared = (source: Source): string => {
    switch (source.kind) {
      case 'reference':
        return vault.read(source.reference.split('/').slice(4).join('/'));
      case 'literal':
        return source.value;
      case 'organizationId':
        return declared(settings.organizationId);
      case 'siteId':
        return site.id;
    }
  };
  const compared = (source: Source | undefined, live: { readonly value: string } | undefined): State => {
    if (!live) return 'missing';
    return source && declared(source) === live.value ? 'in place' : 'differs';
  };
  return {
    variable(name, context) {
      const variable = settings.netlify.variables.find((each) => each.name === name);
      const source = variable?.values.find((value) => value.context === context)?.source;
      const live = netlifyValues(services).find((value) => value.key === name && contextOf(value) === context);
      return compared(source, live);
    },
    placed(resource) {
      const placement = managedPlacements(settings.placements).find((each) => resourceName(each) === resource);
      return placement ? compared(placement.source, placedLive(services, placement)) : 'missing';
    },
    check(branch, check) {
      const required = requiredChecks(services, branch);
      if (required.includes(check)) return 'in place';
      return required.some((each) => each.split(':')[0] === check.split(':')[0]) ? 'differs' : 'missing';
    },
  };
}

/** What a stand-in holds for a placement. */
function placedLive(services: string, { place, name, environment }: ManagedPlacement) {
  const there = held[place](services).filter((each) => each.environment === environment);
  return findNamed(place, there, name);
}

interface Held {
  readonly name: string;
  readonly environment?: string | undefined;
  readonly value: string;
}

/** What the stand-ins hold in each place. */
const held: Readonly<Record<ManagedPlace, (services: string) => readonly Held[]>> = {
  actionsSecret: (services) => githubSecrets(services).map(ofGithub),
  actionsVariable: (services) => githubVariables(services).map(ofGithub),
  edgeFunction: (services) => heldFunctionSecrets(services),
};

function ofGithub(record: ValueRecord): Held {
  const { name, value } = record;
  return { name, value, environment: record.scope === 'environment' ? record.environment : undefined };
}

/** The checks that classic protection and active rulesets require, as `name` or `name:appId`. */
function requiredChecks(services: string, branch: string): string[] {
  const spelled = (name: string, app: number | null | undefined) => (typeof app === 'number' ? `${name}:${app}` : name);
  return openStore(services).state.repositories.flatMap(({ branches, rulesets }) => {
    const classic = branches.find(({ name }) => name === branch)?.protection?.statusChecks?.checks ?? [];
    const rules = rulesets
      .filter(({ enforcement, conditions }) => {
        return enforcement === 'active' && conditions.ref_name.include.includes(`refs/heads/${branch}`);
      })
      .flatMap(({ rules: each }) => each.filter(({ type }) => type === 'required_status_checks'))
      .flatMap(({ parameters }) => parameters?.required_status_checks as RulesetCheck[]);
    return [
      ...classic.map(({ context, app_id }) => spelled(context, app_id)),
      ...rules.map(({ context, integration_id }) => spelled(context, integration_id)),
    ];
  });
}

/** As a ruleset has it. */
interface RulesetCheck {
  readonly context: string;
  readonly integration_id?: number | null;
}

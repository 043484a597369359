import { placeRules, plainPlaces, type PlaceName } from '../../places/places.ts';
import type { Configuration } from '../../settings/schema.ts';
import { readConfiguration, SettingsError } from '../../settings/settings.ts';
import { masked } from '../shared/report.ts';
import { stackConfiguration } from '../shared/stackConfiguration.ts';

/** One placement of a value, as the stack's configuration declares it. */
export interface ConfiguredPlacement {
  /** The value's name in the configuration. */
  readonly value: string;
  readonly place: PlaceName;
  /** The name in the place. */
  readonly name: string;
  /** Whether the place keeps the value from readers. */
  readonly secret: boolean;
  /** The source; `undefined` for a literal. */
  readonly from: string | undefined;
  /** Sources in other contexts of Netlify's, production's among them. */
  readonly otherContexts: Readonly<Record<string, string>>;
}

/** What these policies need of the stack's configuration, by the program's own schema and with its defaults. */
export interface StagingSettings {
  /** Whether the stack is configured as a staging environment at all. */
  readonly configured: boolean;
  /** The one organisation id, or its reference. */
  readonly organizationId: string | undefined;
  readonly mode: Configuration['netlify']['mode'] | undefined;
  /** Whether staging has a site of its own, and production's is named beside it: its contexts are staging's then. */
  readonly isSeparateSite: boolean;
  /** Staging's contexts. */
  readonly contexts: readonly string[];
  /** Every value in every place. */
  readonly placements: readonly ConfiguredPlacement[];
  /** The protected branch. */
  readonly branch: string;
  readonly folder: string | undefined;
}

function placementsOf([value, given]: [string, Configuration['values'][string]], mode: string): ConfiguredPlacement[] {
  const { from, production, netlify = [] } = given;
  const ofProduction = mode === 'shared-site' && production !== undefined ? { production } : {};
  const onNetlify = netlify.map(({ as: name = value, secret, otherContexts }): ConfiguredPlacement => {
    return { value, place: 'netlify', name, secret, from, otherContexts: { ...ofProduction, ...otherContexts } };
  });
  const elsewhere = plainPlaces.flatMap((place) =>
    (given[place] ?? []).map(({ as: name = value }): ConfiguredPlacement => {
      const isShared = place === 'edgeFunction';
      // The Edge Functions of the shared project get production's, where it is another one.
      const source = isShared ? (production ?? from) : from;
      return { value, place, name, secret: placeRules[place].secret || isShared, from: source, otherContexts: {} };
    }),
  );
  return [...onNetlify, ...elsewhere];
}

/** Every source of a placement, by its key in the configuration. */
export function sourcesOf({ value, place, from, otherContexts }: ConfiguredPlacement): [string, string | undefined][] {
  const others = Object.entries(otherContexts).map(([context, other]): [string, string] => [
    context === 'production' ? `values.${value}.production` : `values.${value}.${place}.otherContexts.${context}`,
    other,
  ]);
  return [[`values.${value}.from`, from], ...others];
}

/** The placements of a name in a place. */
export function placedAs({ placements }: StagingSettings, place: PlaceName, name: string): ConfiguredPlacement[] {
  return placements.filter((each) => each.place === place && each.name === name);
}

/** What is below `<project>:` in the configuration of a stack of this program. */
const ours = ['organizationId', 'values', 'netlify', 'github', 'supabase'] as const;

/**
 * Reads `<project>:values`, `<project>:netlify` and what belongs to them from the configuration of the running stack. Throws
 * where the program would refuse a key of it, so that nothing is judged by another reading.
 */
export function stagingSettings(): StagingSettings {
  const { project, stack, values, folder } = stackConfiguration();
  const raw = Object.fromEntries(
    ours.flatMap((key) => {
      const given = values[`${project}:${key}`];
      return given === undefined ? [] : [[key, given] as const];
    }),
  );
  if (Object.keys(raw).length === 0) return { ...unconfigured, folder };
  const read = readConfiguration(raw);
  // What stands where a name is expected may be a value.
  if ('problems' in read) throw new SettingsError(read.problems.map(masked), `Pulumi.${stack}.yaml`);
  const { organizationId, values: declared, netlify, github } = read;
  const { mode, site, productionSite, contexts } = netlify;
  const isOther = productionSite !== undefined && productionSite.toLowerCase() !== site.toLowerCase();
  return {
    configured: true,
    organizationId,
    mode,
    isSeparateSite: mode === 'separate-site' && isOther,
    contexts,
    placements: Object.entries(declared).flatMap((one) => placementsOf(one, mode)),
    branch: github.protection.branch,
    folder,
  };
}

/** Of a stack of another program. */
const unconfigured = {
  configured: false,
  organizationId: undefined,
  mode: undefined,
  isSeparateSite: false,
  contexts: ['branch:staging', 'branch:develop'],
  placements: [],
  branch: 'develop',
} satisfies Partial<StagingSettings>;

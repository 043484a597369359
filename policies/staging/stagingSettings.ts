import { asList } from '../../places/form.ts';
import { placeNames, placeRules } from '../../places/places.ts';
import { stackConfiguration } from '../shared/stackConfiguration.ts';

/** One placement of a value, as the stack's configuration declares it. */
export interface ConfiguredPlacement {
  /** The value's name in the configuration. */
  readonly value: string;
  /** Its key there: `netlify`, `actionsSecret`, … */
  readonly place: string;
  /** The name in the place. */
  readonly name: string;
  /** Whether the place keeps the value from readers. */
  readonly secret: boolean;
  /** The source; `undefined` for a literal. */
  readonly from: string | undefined;
  /** Sources in other contexts of Netlify's, production's among them. */
  readonly otherContexts: Readonly<Record<string, string>>;
}

/** What these policies need of the stack's configuration. Lenient: the program itself checks the form. */
export interface StagingSettings {
  /** Whether the stack is configured as a staging environment at all. */
  readonly configured: boolean;
  /** The one organisation id, or its reference. */
  readonly organizationId: string | undefined;
  readonly mode: string | undefined;
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

function record(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

function placementsOf(value: string, given: unknown, carriesProduction: boolean): ConfiguredPlacement[] {
  const { from, production } = record(given);
  return placeNames.flatMap((place) => {
    const list = record(given)[place] === undefined ? [] : asList(record(given)[place]);
    return (Array.isArray(list) ? list : []).map((one): ConfiguredPlacement => {
      const options = record(one);
      const others = {
        ...(place === 'netlify' && carriesProduction && production !== undefined && { production }),
        ...record(options.otherContexts),
      };
      // The Edge Functions of the shared project get production's, where it is another one.
      const source = place === 'edgeFunction' ? (production ?? from) : from;
      return {
        value,
        place,
        name: text(options.as) ?? value,
        secret: placeRules[place].secret || place === 'edgeFunction' || String(options.secret) === 'true',
        from: text(source),
        otherContexts: Object.fromEntries(
          Object.entries(others).map(([context, other]) => [context, text(other) ?? '']),
        ),
      };
    });
  });
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
export function placedAs({ placements }: StagingSettings, place: string, name: string): ConfiguredPlacement[] {
  return placements.filter((each) => each.place === place && each.name === name);
}

/** Reads `<project>:values`, `<project>:netlify` and `<project>:github` from the configuration of the running stack. */
export function stagingSettings(): StagingSettings {
  const { project, values, folder } = stackConfiguration();
  const netlify = record(values[`${project}:netlify`]);
  const github = record(values[`${project}:github`]);
  const declared = record(values[`${project}:values`]);
  const contexts = Array.isArray(netlify.contexts)
    ? netlify.contexts.filter((one) => typeof one === 'string')
    : undefined;
  const mode = text(netlify.mode) ?? (Object.keys(netlify).length > 0 ? 'shared-site' : undefined);
  const [site, productionSite] = [text(netlify.site)?.toLowerCase(), text(netlify.productionSite)?.toLowerCase()];
  return {
    configured: Object.keys(declared).length > 0 || Object.keys(netlify).length > 0 || Object.keys(github).length > 0,
    organizationId: text(values[`${project}:organizationId`]),
    mode,
    isSeparateSite: mode === 'separate-site' && productionSite !== undefined && productionSite !== site,
    contexts: contexts ?? ['branch:staging', 'branch:develop'],
    placements: Object.entries(declared).flatMap(([name, given]) =>
      placementsOf(name, given, mode !== 'separate-site'),
    ),
    branch: text(record(github.protection).branch) ?? 'develop',
    folder,
  };
}

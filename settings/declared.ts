import type { Source } from '../places/place.ts';
import { placeResources, plainPlaces, type PlaceName, type Placement, type PlainPlace } from '../places/places.ts';
import type { scopes } from '../places/netlify/setting.ts';
import type { Context } from './context.ts';
import { namespace } from './names/names.ts';
import type { Configuration } from './schema.ts';
import { forStack } from './stack/stackCommand.ts';

/** One variable on Netlify, with its value in each context. */
export interface Variable {
  readonly name: string;
  /** The value's name in the configuration, where Netlify has it under another one. */
  readonly value: string;
  /** The key below that value which declares it: `netlify`, or `netlify[1]` in a list. */
  readonly key: string;
  /** Whether that is a short form (`true`, or a name), which has no options below it. */
  readonly isShort: boolean;
  readonly secret: boolean;
  readonly scopes?: readonly (typeof scopes)[number][];
  /** Staging's contexts first, in the configured order, then the others by name: the order is part of the declaration. */
  readonly values: readonly { readonly context: Context; readonly source: Source }[];
}

/** Netlify's variables, by name: one for each placement. */
export function variablesOf({ netlify, values }: Configuration): Variable[] {
  const { contexts, mode } = netlify;
  const found = Object.entries(values).flatMap(([value, given]) =>
    (given.netlify ?? []).map(({ as: name = value, secret, scopes, otherContexts }, index, all): Variable => {
      // On a site of its own the context `production` is staging's, and production's source has no business there.
      const production =
        given.production !== undefined && mode === 'shared-site' ? { production: given.production } : {};
      // One for all of staging's contexts: an error of the vault then names them together.
      const source = sourceOf(given);
      const others = Object.entries({ ...otherContexts, ...production }).sort(([a], [b]) => (a < b ? -1 : 1));
      return {
        name,
        value,
        key: all.length === 1 ? 'netlify' : `netlify[${index}]`,
        isShort: !secret && scopes === undefined && Object.keys(otherContexts).length === 0,
        secret,
        ...(scopes && { scopes }),
        values: [
          ...contexts.map((context) => ({ context, source })),
          ...others.map(([context, from]) => ({ context: context as Context, source: sourceOf({ from }) })),
        ],
      };
    }),
  );
  return found.sort(byName);
}

/** Every value in every place but Netlify, by place, then by name. */
export function placementsOf(configuration: Configuration): Placement[] {
  return plainPlaces.flatMap((place) =>
    Object.entries(configuration.values)
      .flatMap(([value, given]) =>
        (given[place] ?? []).flatMap((options): Placement[] => {
          const source = sourceOf(isOfProduction(place, given, configuration) ? { from: given.production } : given);
          const one: Placement = { place, value, name: options.as ?? value, source };
          const levels = environmentsOf(place, options, configuration);
          return levels.length === 0 ? [one] : levels.map((environment) => ({ ...one, environment }));
        }),
      )
      .sort(byName),
  );
}

/** Whether a place holds production's value: what is shared with production does, where that value is another one. */
function isOfProduction(place: PlainPlace, { production }: Value, { supabase }: Configuration): boolean {
  const isShared = place !== 'localFile' && placeResources[place].isProductions && supabase.mode === 'shared-project';
  return isShared && production !== undefined;
}

/** GitHub's environments that get it; none: the repository itself. */
function environmentsOf(place: PlainPlace, options: object, { github }: Configuration): readonly string[] {
  if (place === 'localFile' || !placeResources[place].hasEnvironments) return [];
  const { environments } = options as { readonly environments?: readonly string[] };
  return environments ?? (github.environment === undefined ? [] : [github.environment]);
}

/** A variable's own part of the configuration, as far as messages name it. */
export type Declared = Pick<Variable, 'name' | 'value' | 'key' | 'isShort'>;

/** The setting of a variable's value in a context that is not staging's, for messages. */
export function contextSetting({ value, key }: Declared, context: string): string {
  return context === 'production' ? setting(value, 'production') : setting(value, key, 'otherContexts', context);
}

/** The setting of an option of a variable, for messages. */
export function optionSetting({ value, key }: Declared, option: 'secret' | 'scopes'): string {
  return setting(value, key, option);
}

/**
 * The whole command that sets an option of a variable. Below a short form there is none, so that this goes first; in a list
 * that would move the others, and a person has to write it.
 */
export function commandThatSets(variable: Declared, path: string, text: string): string {
  const { name, value, key, isShort } = variable;
  const own = setting(value, key);
  const set = (at: string, to: string) => forStack(`pulumi config set --path '${at}' ${to}`);
  if (!isShort || !path.startsWith(`${own}.`)) return set(path, text);
  if (key.endsWith(']'))
    return `In the stack's file, give ${own} options: {as: ${name}, ${path.slice(own.length + 1)}: ${text}}`;
  const alias = name === value ? [] : [set(`${own}.as`, name)];
  return [forStack(`pulumi config rm --path '${own}'`), ...alias, set(path, text)].join(' && ');
}

/** The command that declares a value for a place, as a secret where the place knows a flag for that. */
export function commandThatDeclares(
  value: string,
  place: PlaceName,
  { isDeclared, secret = false }: { readonly isDeclared: boolean; readonly secret?: boolean },
): string {
  const set = (key: string, text: string) => forStack(`pulumi config set --path ${setting(value, key)} ${text}`);
  // One that is declared for another place has its source.
  const source = isDeclared ? [] : [set('from', 'op://VAULT/ITEM/FIELD')];
  return [...source, secret ? set(`${place}.secret`, 'true') : set(place, 'true')].join(' && ');
}

/** A path as `pulumi config set --path` takes it: a key with other signs in it stands in brackets. */
function setting(...keys: readonly string[]): string {
  return keys.reduce(
    (path, key) => (/[.\s"]/.test(key) ? `${path}["${key}"]` : `${path}.${key}`),
    `${namespace}:values`,
  );
}

type Value = Configuration['values'][string];

type Given = Pick<Value, 'from' | 'value'>;

function sourceOf({ from, value }: { readonly [Key in keyof Given]?: Given[Key] | undefined }): Source {
  if (value !== undefined) return { kind: 'literal', value };
  if (from === 'organizationId' || from === 'siteId') return { kind: from };
  return { kind: 'reference', reference: from ?? '' };
}

function byName(a: { readonly name: string }, b: { readonly name: string }): number {
  return a.name < b.name ? -1 : a.name > b.name ? 1 : 0;
}

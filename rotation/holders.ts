import { managedPlacements, placeResources, placeTitle, resourceName, type PlaceName } from '../places/places.ts';
import type { Context } from '../settings/context.ts';
import type { Settings, Source } from '../settings/settings.ts';
import { netlifyResource } from '../settings/names/resourceTypes.ts';

/** When a place's readers see another value. */
type Effect = 'next deploy' | 'at once' | 'next run' | 'env:local';

/** A declared place that takes its value from 1Password. */
export interface Holder {
  /** The value's name in the configuration. */
  readonly value: string;
  /** The name that it has there. */
  readonly name: string;
  readonly reference: string;
  readonly place: PlaceName;
  /** Netlify's context. */
  readonly context?: Context;
  /** GitHub's environment. */
  readonly environment?: string;
  /** For people: `Netlify variable, branch:staging`. */
  readonly title: string;
  /** Whether production reads it, alone or with staging. */
  readonly isProductions: boolean;
  /** The logical name of its resource in the stack; absent for a developer's own file. */
  readonly resource?: string;
  readonly effect: Effect;
}

const effects: Readonly<Record<PlaceName, Effect>> = {
  netlify: 'next deploy',
  actionsSecret: 'next run',
  actionsVariable: 'next run',
  edgeFunction: 'at once',
  localFile: 'env:local',
};

/** Every declared place whose source is a reference, in the order of the list of values. */
export function declaredHolders(settings: Pick<Settings, 'netlify' | 'placements' | 'supabase'>): Holder[] {
  const { netlify, placements, supabase } = settings;
  const isStagings = (context: Context) => netlify.contexts.includes(context);
  const onNetlify = netlify.variables.flatMap(({ name, value, values }) =>
    values.flatMap(({ context, source }): Holder[] =>
      referenceOf(source).map((reference) => ({
        ...{ value, name, reference, place: 'netlify', context },
        title: `Netlify variable, ${context}`,
        isProductions: !isStagings(context),
        resource: netlifyResource(name),
        effect: effects.netlify,
      })),
    ),
  );
  const managed = new Map<unknown, string>(managedPlacements(placements).map((each) => [each, resourceName(each)]));
  const elsewhere = placements.flatMap((placement): Holder[] => {
    const { value, name, place, source, environment } = placement;
    const resource = managed.get(placement);
    return referenceOf(source).map((reference) => ({
      ...{ value, name, reference, place },
      ...(environment !== undefined && { environment }),
      title: placeTitle(placement),
      isProductions: place !== 'localFile' && placeResources[place].isProductions && supabase.mode === 'shared-project',
      ...(resource !== undefined && { resource }),
      effect: effects[place],
    }));
  });
  return [...onNetlify, ...elsewhere];
}

function referenceOf(source: Source): string[] {
  return source.kind === 'reference' ? [source.reference] : [];
}

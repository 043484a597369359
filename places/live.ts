import { hasEnvironment, githubApi } from '../services/github/github.ts';
import { ServiceError } from '../services/door/http.ts';
import { managedPlacements, placeResources, type ManagedPlace } from './places.ts';
import type { LivePlaced, PlaceServices } from './service.ts';
import { placeServices } from './services.ts';
import type { Settings } from '../settings/settings.ts';
import { deployEnvironment } from '../settings/names/names.ts';

/** What stands in the places other than Netlify. */
export interface LivePlaces {
  /** What a place lists, of an environment where one is named; `undefined` where this check did not read that list. */
  readonly list: (place: ManagedPlace, environment?: string) => readonly LivePlaced[] | undefined;
  /** The declared environments that are on GitHub. */
  readonly environments: ReadonlySet<string>;
  /** Places that could not be read for want of a token, each with what it takes. */
  readonly notChecked: readonly string[];
}

type Attempt = <Result>(work: Promise<Result>) => Promise<Result | undefined>;

/** One list of a service: a place, and GitHub's environment. */
export interface PlaceList {
  readonly place: ManagedPlace;
  readonly environment: string | undefined;
}

/** Reads each of these lists once, and which environments there are; `attempt` may keep one failure from the rest. */
export async function readPlaces(
  settings: Settings,
  wanted: readonly PlaceList[],
  services: PlaceServices,
  attempt: Attempt = (work) => work,
): Promise<LivePlaces> {
  const lists = new Map<string, readonly LivePlaced[]>();
  const notChecked: string[] = [];
  const read = async ({ place, environment }: PlaceList): Promise<void> => {
    try {
      lists.set(keyOf(place, environment), await placeServices[place].list(services, environment));
    } catch (error) {
      // Who sees GitHub and Netlify need not have a token of Supabase's.
      const isOptional = placeResources[place].component === 'supabase';
      if (!isOptional || !(error instanceof ServiceError) || error.kind !== 'no-token') throw error;
      notChecked.push(`The Edge Function secrets: ${error.message}`);
    }
  };
  const names = environmentsIn(settings);
  const [found] = await Promise.all([attempt(existing(names, services)), ...wanted.map((list) => attempt(read(list)))]);
  return {
    list: (place, environment) => lists.get(keyOf(place, environment)),
    // What could not be read counts as there: nothing is called gone on a guess.
    environments: found ?? new Set(names),
    notChecked,
  };
}

/** GitHub's environments that the settings name. */
export function environmentsIn({ placements, github }: Settings): string[] {
  const named = managedPlacements(placements).flatMap(({ environment }) => environment ?? []);
  return [...new Set([...named, ...(github.environment === undefined ? [] : [github.environment])])].sort();
}

async function existing(names: readonly string[], { repository }: PlaceServices): Promise<ReadonlySet<string>> {
  if (names.length === 0) return new Set();
  const api = githubApi();
  const found = await Promise.all(names.map((name) => hasEnvironment(api, repository, name)));
  return new Set(names.filter((_, index) => found[index]));
}

/** The lists that hold the declared values, each once. */
export function declaredLists({ placements, github }: Settings): PlaceList[] {
  const declared = managedPlacements(placements).map(({ place, environment }) => ({ place, environment }));
  // Also where none is declared: one that somebody adds is drift.
  return unique([{ place: 'actionsSecret', environment: github.environment }, ...declared]);
}

/** The lists that could hide a declared value of the repository from the deploy job. */
export function hidingLists(lists: readonly PlaceList[]): PlaceList[] {
  const hidden = lists.filter(
    ({ place, environment }) => placeResources[place].hasEnvironments && environment === undefined,
  );
  return unique(hidden.map(({ place }) => ({ place, environment: deployEnvironment })));
}

/** Each list once. */
export function unique(lists: readonly PlaceList[]): PlaceList[] {
  return [...new Map(lists.map((each) => [keyOf(each.place, each.environment), each])).values()];
}

function keyOf(place: ManagedPlace, environment: string | undefined): string {
  return `${place}/${environment ?? ''}`;
}

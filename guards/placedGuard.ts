import * as pulumi from '@pulumi/pulumi';
import { type ManagedPlace, placeResources, placeRules } from '../places/places.ts';
import type { PlaceServices } from '../places/service.ts';
import { placeServices } from '../places/services.ts';
import { withoutSecretMarks } from '../secrets/wire.ts';
import { mostNames } from '../secrets/limits.ts';
import { emergencyVariable } from '../settings/names/names.ts';
import type { Judged } from './judged.ts';
import { refused } from './refusal.ts';
import { forStack } from '../settings/stack/stackCommand.ts';

/** A hook that makes the check of {@link placedCheck} before a value is created in a place, in previews too. */
export function placedGuard(place: ManagedPlace, services: () => PlaceServices, judged: Judged): pulumi.ResourceHook {
  const check = placedCheck(place, services);
  return new pulumi.ResourceHook(
    `${place}-guard`,
    judged.before(({ newInputs }) => check(newInputs)),
    { onDryRun: true },
  );
}

/**
 * A check of the inputs of a resource that is about to be created: it throws when the service has that name already, since
 * creating replaces what is there, which others may use. Asks the service once a run for each list of names, and only when
 * there is something to create. `services` is asked for at the first of them.
 */
export function placedCheck(place: ManagedPlace, services: () => PlaceServices): (inputs: unknown) => Promise<void> {
  const { thingIn } = placeResources[place];
  const { title, identity, refusal } = placeRules[place];
  // What a service sets itself is in its list, and does not count.
  const isOurs = (name: string) => refusal(name) === undefined || name === emergencyVariable;
  const lists = new Map<string | undefined, Promise<Set<string>>>();
  const namesIn = async (environment: string | undefined) => {
    const all = await placeServices[place].list(services(), environment);
    return new Set(
      all
        .map(({ name }) => name)
        .filter(isOurs)
        .map(identity),
    );
  };
  return async (inputs) => {
    const { name, environment } = thingIn((await withoutSecretMarks(inputs)) as Readonly<Record<string, unknown>>);
    // Not known yet: the environment is made by this run, and has nothing.
    if (environment !== undefined && typeof environment !== 'string') return;
    const names = lists.get(environment) ?? namesIn(environment);
    lists.set(environment, names);
    const there = await names;
    if (there.has(identity(name))) {
      throw new Error(
        `${refused()}: the ${title} ${name}${environment === undefined ? '' : ` of the environment ${environment}`} is ` +
          `there already, but not in this stack, and this write would replace its value. Take it over: ${forStack('npm run adopt')}`,
      );
    }
    // What this run creates counts for the next one.
    there.add(identity(name));
    const most = mostNames(place, environment);
    if (there.size > most) {
      throw new Error(
        `${refused()}: ${title} ${name} would be number ${there.size}${environment === undefined ? '' : ` of the environment ${environment}`}, ` +
          `and the service keeps ${most}. Remove what nobody reads: ${forStack('npm run readers')} shows it`,
      );
    }
  };
}

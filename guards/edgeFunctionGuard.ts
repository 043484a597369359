import * as pulumi from '@pulumi/pulumi';
import { functionSecretNames } from '../places/edgeFunction/setting.ts';
import { placeResources } from '../places/places.ts';
import type { LivePlaced, PlaceServices } from '../places/service.ts';
import { placeServices } from '../places/services.ts';
import { withoutSecretMarks } from '../secrets/wire.ts';
import { commandThatAllows } from '../settings/allowances.ts';
import type { Settings } from '../settings/settings.ts';
import { productionChange, refusal } from './edgeFunctionRules.ts';
import type { Judged } from './judged.ts';
import type { ProductionWrites } from './productionWrites.ts';
import { refused } from './refusal.ts';

type Inputs = Readonly<Record<string, unknown>>;

/**
 * A hook that runs before an Edge Function secret is updated, in previews too, and throws when that would change what
 * production's functions read, or delete other secrets of the project. Asks Supabase once a run, and only when there is an
 * update to judge.
 */
export function edgeFunctionGuard(
  { supabase }: Pick<Settings, 'supabase'>,
  services: () => PlaceServices,
  vaultWasRead: boolean,
  writes: ProductionWrites,
  judged: Judged,
): pulumi.ResourceHook {
  const { thingIn, valueIn } = placeResources.edgeFunction;
  let list: Promise<readonly LivePlaced[]> | undefined;
  return new pulumi.ResourceHook(
    'edge-function-update-guard',
    judged.before(async ({ newInputs, oldInputs, oldOutputs }) => {
      const [planned, before, outputs] = (await Promise.all(
        [newInputs, oldInputs, oldOutputs].map((each) => withoutSecretMarks(each)),
      )) as [Inputs, Inputs, Inputs | undefined];
      const { name } = thingIn(planned);
      list ??= placeServices.edgeFunction.list(services(), undefined);
      const there = (await list).find((each) => each.name === name);
      const write = {
        name,
        planned: vaultWasRead ? textOf(valueIn(planned)) : undefined,
        // What a refresh has seen to be another one is no longer in the outputs.
        previous: textOf(valueIn(outputs ?? before)),
        live: there,
        others: [...new Set([...functionSecretNames(before), ...functionSecretNames(outputs ?? {})])].filter(
          (each) => each !== name,
        ),
      };
      const never = refusal(write);
      if (never !== undefined) throw new Error(`${refused()}: ${never}.`);
      if (supabase.mode === 'separate-project') return;
      const change = productionChange(write, commandThatAllows('supabase.productionChanges', pulumi.getStack()));
      if (change === undefined) return;
      if (!writes.areAllowed) throw new Error(`${refused()}: ${change}.`);
      await writes.announce(name, [{ contexts: ['Edge Functions'] }]);
    }),
    { onDryRun: true },
  );
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

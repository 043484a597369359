import type * as pulumi from '@pulumi/pulumi';
import type { PlaceGuards } from '../guards/guards.ts';
import type { PlacedResource } from '../places/declare.ts';
import { placeResources, resourceName, type ManagedPlacement } from '../places/resources.ts';
import type { DeclaredValue, SecretOutput } from '../secrets/declaredValues.ts';

/** A value in a place, with what this run knows of it. */
export interface PlacedValue {
  readonly placement: ManagedPlacement;
  readonly declared: DeclaredValue;
}

/** One declared placement: its resource, and the value in it, which a run without the vault has from the state. */
export type Placed = PlacedResource & { readonly placement: ManagedPlacement };

/** How {@link declarePlaced} declares its resources. */
export interface PlacedOptions {
  readonly parent: pulumi.Resource;
  /** What happens on the service to a value that leaves the declaration. Default `retain`. */
  readonly onRemoval?: 'retain' | 'delete' | undefined;
  readonly guards?: PlaceGuards | undefined;
}

/** Makes the resource of one placement. */
type Make = (placement: ManagedPlacement, value: SecretOutput, options: pulumi.CustomResourceOptions) => PlacedResource;

/** Declares the resource of each value, by its logical name. */
export function declarePlaced(
  values: readonly PlacedValue[],
  make: Make,
  { parent, onRemoval = 'retain', guards }: PlacedOptions,
): ReadonlyMap<string, Placed> {
  return new Map(
    values.map(({ placement, declared }) => {
      const { secretOutputs, valueInput } = placeResources[placement.place];
      const hooks = guards?.[placement.place];
      const placed = make(placement, declared.value, {
        parent,
        protect: false,
        retainOnDelete: onRemoval === 'retain',
        additionalSecretOutputs: [...secretOutputs],
        ignoreChanges: declared.unread ? [valueInput] : [],
        ...(hooks && { hooks }),
      });
      return [resourceName(placement), { placement, ...placed }];
    }),
  );
}

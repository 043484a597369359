import * as pulumi from '@pulumi/pulumi';
import { managedPlaces, type ManagedPlace } from '../places/places.ts';
import type { Settings } from '../settings/settings.ts';
import { edgeFunctionGuard } from './edgeFunctionGuard.ts';
import { environmentGuard } from './environmentGuard.ts';
import { Judged } from './judged.ts';
import { githubOwner } from './githubOwner.ts';
import { protectionGuard } from './protectionGuard.ts';
import { placedGuard } from './placedGuard.ts';
import { ProductionWrites } from './productionWrites.ts';
import { emergencyDeletionGuard, siteGuard } from './siteGuard.ts';

/** The hooks that stand before every write which could harm production. */
export interface Guards {
  readonly site: pulumi.ResourceHook;
  /** Before the emergency variable is deleted. */
  readonly emergencyDeletion: pulumi.ResourceHook;
  readonly protection: pulumi.ResourceHook;
  readonly environment: pulumi.ResourceHook;
  /** Before a value is written in a place other than Netlify. */
  readonly placed: PlaceGuards;
}

/** The hooks of each place. */
export type PlaceGuards = Readonly<Record<ManagedPlace, pulumi.ResourceHookBinding>>;

/** The guards of one run. */
export interface RunGuards {
  readonly hooks: Guards;
  /** Says what the run did to production, once these variables are registered; `all` is what the run declares with them. */
  closeAfter(variables: readonly pulumi.Resource[], all: readonly pulumi.Resource[]): void;
}

/**
 * The guards for these settings; they read the live services only when there is a write to judge. `vaultWasRead`: whether
 * this run knows the values.
 */
export function productionGuards(settings: Settings, vaultWasRead: boolean): RunGuards {
  const { netlify, github, supabase } = settings;
  const writes = new ProductionWrites('netlify.productionChanges', netlify.productionChanges);
  const functionWrites = new ProductionWrites('supabase.productionChanges', supabase.productionChanges);
  const judged = new Judged();
  const services = () => ({
    repository: { owner: githubOwner(), repository: github.repository },
    project: supabase.project,
  });
  const created = Object.fromEntries(
    managedPlaces.map((place) => [place, { beforeCreate: [placedGuard(place, services, judged)] }]),
  ) as PlaceGuards;
  const functionUpdate = edgeFunctionGuard(settings, services, vaultWasRead, functionWrites, judged);
  return {
    hooks: {
      site: siteGuard(settings, vaultWasRead, writes, judged),
      emergencyDeletion: emergencyDeletionGuard(),
      protection: protectionGuard(github.protection, judged),
      environment: environmentGuard(judged),
      placed: { ...created, edgeFunction: { ...created.edgeFunction, beforeUpdate: [functionUpdate] } },
    },
    closeAfter(variables, all) {
      judged.expect(all);
      const close = (each: ProductionWrites) => each.close(pulumi.getStack(), vaultWasRead);
      pulumi.all(variables.map(({ urn }) => urn)).apply(() => close(writes));
      pulumi.all(all.map(({ urn }) => urn)).apply(() => close(functionWrites));
    },
  };
}

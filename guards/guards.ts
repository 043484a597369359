import * as pulumi from '@pulumi/pulumi';
import { allowedBy } from '../settings/allowances.ts';
import type { Settings } from '../settings/settings.ts';
import { environmentGuard } from './environmentGuard.ts';
import { Judged } from './judged.ts';
import { protectionGuard } from './protectionGuard.ts';
import { ProductionWrites } from './productionWrites.ts';
import { secretGuard } from './secretGuard.ts';
import { emergencyDeletionGuard, siteGuard } from './siteGuard.ts';

/** The hooks that stand before every write which could harm production. */
export interface Guards {
  readonly site: pulumi.ResourceHook;
  /** Before the emergency variable is deleted. */
  readonly emergencyDeletion: pulumi.ResourceHook;
  readonly protection: pulumi.ResourceHook;
  readonly environment: pulumi.ResourceHook;
  readonly secret: pulumi.ResourceHook;
}

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
  const { netlify, github } = settings;
  const writes = new ProductionWrites(allowedBy('netlify.productionChanges', netlify.productionChanges));
  const judged = new Judged();
  return {
    hooks: {
      site: siteGuard(settings, vaultWasRead, writes, judged),
      emergencyDeletion: emergencyDeletionGuard(),
      protection: protectionGuard(github.protection, judged),
      environment: environmentGuard(judged),
      secret: secretGuard(judged),
    },
    closeAfter(variables, all) {
      judged.expect(all);
      pulumi.all(variables.map(({ urn }) => urn)).apply(() => writes.close(pulumi.getStack(), vaultWasRead));
    },
  };
}

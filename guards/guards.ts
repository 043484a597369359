import type * as pulumi from '@pulumi/pulumi';
import type { Settings } from '../settings/settings.ts';
import { environmentGuard } from './environmentGuard.ts';
import { protectionGuard } from './protectionGuard.ts';
import { secretGuard } from './secretGuard.ts';
import { siteGuard } from './siteGuard.ts';

/** The hooks that stand before every write which could harm production. */
export interface Guards {
  readonly site: pulumi.ResourceHook;
  readonly protection: pulumi.ResourceHook;
  readonly environment: pulumi.ResourceHook;
  readonly secret: pulumi.ResourceHook;
}

/**
 * The guards for these settings; they read the live services only when there is a write to judge. `vaultWasRead`: whether
 * this run knows the values.
 */
export function productionGuards({ netlify, github }: Settings, vaultWasRead: boolean): Guards {
  return {
    site: siteGuard(netlify, vaultWasRead),
    protection: protectionGuard(github.protection),
    environment: environmentGuard(),
    secret: secretGuard(),
  };
}

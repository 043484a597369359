import * as pulumi from '@pulumi/pulumi';
import { commandThatTakesOut } from '../settings/allowances.ts';
import type { ProductionChange } from './siteRules.ts';

/** Says of a run that may change what production reads which keys it does change, and when the permission is in vain. */
export class ProductionWrites {
  readonly #allowedBy: 'run' | 'file' | undefined;
  readonly #keys: string[] = [];

  constructor(allowedBy: 'run' | 'file' | undefined) {
    this.#allowedBy = allowedBy;
  }

  /** Announces a write that is about to be made. */
  async announce(key: string, changes: readonly ProductionChange[]): Promise<void> {
    if (this.#allowedBy === undefined || changes.length === 0) return;
    this.#keys.push(key);
    const contexts = [...new Set(changes.flatMap((change) => change.contexts))].join(', ');
    const by = this.#allowedBy === 'run' ? 'this run’s environment' : 'netlify.productionChanges in the stack’s file';
    await pulumi.log.warn(`THIS RUN WRITES PRODUCTION: ${key} (${contexts}). Allowed by ${by}.`);
  }

  /** Called once all keys are judged: a permission in the stack's file must not stay for the next run. */
  async close(stack: string, vaultWasRead: boolean): Promise<void> {
    const takeOut = commandThatTakesOut('netlify.productionChanges', stack);
    if (this.#allowedBy !== 'file') return;
    if (this.#keys.length === 0) {
      // Without the vault nobody knows whether a value differs.
      if (vaultWasRead)
        await pulumi.log.warn(`No write of this run needs netlify.productionChanges: allow. Take it out: ${takeOut}`);
    } else if (!pulumi.runtime.isDryRun()) {
      const keys = this.#keys.join(', ');
      await pulumi.log.warn(`PRODUCTION WAS WRITTEN: ${keys}. Take netlify.productionChanges out: ${takeOut}`);
    }
  }
}

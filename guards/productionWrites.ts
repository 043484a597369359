import * as pulumi from '@pulumi/pulumi';
import { allowedBy, commandThatTakesOut, type Allowance } from '../settings/allowances.ts';

/** What a change is about: contexts of Netlify's, or another place. */
interface AnnouncedChange {
  readonly contexts: readonly string[];
}

/** Says of a run that may change what production reads which keys it does change, and when the permission is in vain. */
export class ProductionWrites {
  readonly #allowance: Allowance;
  readonly #allowedBy: 'run' | 'file' | undefined;
  readonly #keys: string[] = [];

  /** `inFile` is what the stack's file says of the allowance. */
  constructor(allowance: Allowance, inFile: 'refuse' | 'allow') {
    this.#allowance = allowance;
    this.#allowedBy = allowedBy(allowance, inFile);
  }

  /** Whether this run may change what production reads. */
  get areAllowed(): boolean {
    return this.#allowedBy !== undefined;
  }

  /** Announces a write that is about to be made. */
  async announce(key: string, changes: readonly AnnouncedChange[]): Promise<void> {
    if (this.#allowedBy === undefined || changes.length === 0) return;
    this.#keys.push(key);
    const contexts = [...new Set(changes.flatMap((change) => change.contexts))].join(', ');
    const by = this.#allowedBy === 'run' ? 'this run’s environment' : `${this.#allowance} in the stack’s file`;
    await pulumi.log.warn(`THIS RUN WRITES PRODUCTION: ${key} (${contexts}). Allowed by ${by}.`);
  }

  /** Called once all keys are judged: a permission in the stack's file must not stay for the next run. */
  async close(stack: string, vaultWasRead: boolean): Promise<void> {
    const takeOut = commandThatTakesOut(this.#allowance, stack);
    if (this.#allowedBy !== 'file') return;
    if (this.#keys.length === 0) {
      // Without the vault nobody knows whether a value differs.
      if (vaultWasRead)
        await pulumi.log.warn(`No write of this run needs ${this.#allowance}: allow. Take it out: ${takeOut}`);
    } else if (!pulumi.runtime.isDryRun()) {
      const keys = this.#keys.join(', ');
      await pulumi.log.warn(`PRODUCTION WAS WRITTEN: ${keys}. Take ${this.#allowance} out: ${takeOut}`);
    }
  }
}

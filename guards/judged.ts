import { setTimeout as sleep } from 'node:timers/promises';
import * as pulumi from '@pulumi/pulumi';
import { safeRefusal } from './messages.ts';

type Check = (args: pulumi.ResourceHookArgs) => Promise<void>;

/** No refusal waits longer than this: a resource may hang on one that is refused. */
const limitMs = 5_000;

/**
 * Lets a preview's refusals wait until the other resources are judged. The engine ends everything at the first one, and
 * shows a policy that this cut off as a failure of its own, beside the real reason. An update refuses at once: what waited
 * there would let others write.
 */
export class Judged {
  #open = Number.POSITIVE_INFINITY;
  readonly #all = Promise.withResolvers<undefined>();

  /** All that this run declares and a guard or a policy judges. */
  expect(resources: readonly pulumi.Resource[]): void {
    this.#open = resources.length;
    for (const { urn } of resources) urn.apply(() => this.#done());
  }

  /** The check of a hook, whose refusal waits in a preview. */
  before(check: Check): Check {
    return async (args) => {
      try {
        await check(args);
      } catch (error) {
        if (pulumi.runtime.isDryRun()) {
          this.#done();
          await Promise.race([this.#all.promise, sleep(limitMs, undefined, { ref: false })]);
        }
        throw safeRefusal(error);
      }
    };
  }

  #done(): void {
    this.#open -= 1;
    if (this.#open <= 0) this.#all.resolve(undefined);
  }
}

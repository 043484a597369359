import { shapedKinds, type Kind } from '../../detection/corpus/kinds.ts';
import { Random } from '../../detection/corpus/random.ts';

/** Made-up values for this run. */
export const random = new Random(Date.now());

/** A made-up secret of a kind of the corpus. */
export function made(kind: string): string {
  const found: Kind | undefined = shapedKinds.find(({ name }) => name === kind);
  if (!found) throw new Error(`the corpus has no ${kind}`);
  return found.make(random);
}

/** A made-up value without a shape of its own. */
export function shapeless(): string {
  return random.base62(40);
}

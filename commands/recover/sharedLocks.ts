import { hostname } from 'node:os';
import type { HeldLock } from '../../engine/heldLocks.ts';
import { shownStateUrl } from '../../engine/stateUrl.ts';
import { pulumi, PulumiError } from '../../engine/pulumi.ts';
import { isAlive, type StackLock } from './locks.ts';
import { stackName } from '../../settings/stack/stackFile.ts';

/**
 * The locks of a stack whose state is in S3, Google Cloud Storage, Azure or PostgreSQL. Only Pulumi can open all of these,
 * and it names a lock only when it wants one itself: so it is asked to rename the stack to its own name. That takes the lock
 * for a moment, or says who holds it, and changes nothing: a stack of that name exists. Throws where it says neither.
 */
export async function sharedLocks(root: string, stack: string, alive = isAlive): Promise<StackLock[]> {
  try {
    await pulumi(['stack', 'rename', stack, '--stack', stack], { cwd: root });
    return [];
  } catch (error) {
    if (!(error instanceof PulumiError)) throw error;
    if (error.locks.length > 0) return error.locks.map((lock) => judged(lock, alive));
    if (error.message.includes(`a stack named ${stackName(stack)} already exists`)) return [];
    throw new PulumiError(`Whether somebody holds the stack cannot be seen, so nothing was done.\n${error.message}`);
  }
}

/**
 * Takes the locks away that were judged, all of dead owners. `pulumi cancel` takes away whatever is there, so it is asked
 * again right before. Throws when that is not the same any more; fine when they are gone.
 */
export async function cancelLocks(root: string, stack: string, locks: readonly StackLock[]): Promise<void> {
  if (locks.some(({ owner }) => owner !== 'dead')) throw new Error('The owner of a lock is not dead.');
  const now = await sharedLocks(root, stack);
  if (now.some(({ content }) => !locks.some((lock) => lock.content === content))) {
    throw new Error('Somebody else has locked the stack meanwhile, so nothing was done. Run it again.');
  }
  if (now.length > 0) await pulumi(['cancel', '--yes', '--stack', stack], { cwd: root });
}

function judged(lock: HeldLock, alive: (pid: number) => boolean): StackLock {
  const { place, pid, host, user, since } = lock;
  const owner = host !== hostname() ? 'elsewhere' : alive(pid) ? 'running' : 'dead';
  return { file: shownStateUrl(place), owner, pid, host, user, since, content: JSON.stringify(lock) };
}

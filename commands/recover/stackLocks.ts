import type { RunPlace } from '../../engine/leftProviders.ts';
import type { StateBackend } from '../../engine/stateBackend.ts';
import { lockFiles, removeLock, type StackLock } from './locks.ts';
import { cancelLocks, sharedLocks } from './sharedLocks.ts';

/** Who holds the stack, wherever its state is. Pulumi Cloud names nobody: there it is none. */
export async function stackLocks(
  backend: StateBackend,
  { root, project }: RunPlace,
  stack: string,
): Promise<StackLock[]> {
  switch (backend.kind) {
    case 'folder':
      return lockFiles(backend.folder, project, stack);
    case 'service':
      return await sharedLocks(root, stack);
    case 'cloud':
      return [];
  }
}

/** Takes these locks of dead owners away, while they are the ones that were judged. */
export async function unlock(
  backend: StateBackend,
  { root }: RunPlace,
  stack: string,
  locks: readonly StackLock[],
): Promise<void> {
  if (backend.kind === 'folder') for (const lock of locks) removeLock(lock);
  else if (locks.length > 0) await cancelLocks(root, stack, locks);
}

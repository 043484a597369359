import { treeOf } from '../../engine/processes.ts';

/** A process with everything that it started, it first. */
export function processTree(root: number): number[] {
  return treeOf(root);
}

/** Ends processes as a power failure would. */
export function killAll(pids: readonly number[]): void {
  for (const pid of pids) {
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      // it has ended by itself
    }
  }
}

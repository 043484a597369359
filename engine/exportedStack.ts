import type { Export } from './deployment.ts';
import { brokenSidecars } from './sidecars.ts';
import { stateBackend } from './stateBackend.ts';
import { pulumi, PulumiError, type PulumiRun } from './pulumi.ts';
import { forStack } from '../settings/stack/stackCommand.ts';

/**
 * The stack's state as `pulumi stack export` prints it; `args` are added to that. Throws a {@link PulumiError}; where a kill
 * has cut a file of the state short, it names the command that mends it.
 */
export async function exportedStack(
  root: string,
  stack: string,
  args: readonly string[] = [],
  options: Omit<PulumiRun, 'cwd'> = {},
): Promise<string> {
  try {
    return await pulumi(['stack', 'export', '--stack', stack, ...args], { cwd: root, ...options });
  } catch (error) {
    if (!(error instanceof PulumiError) || !(await wasCutShort(root))) throw error;
    throw new PulumiError(`The stack cannot be read: an update was killed half way: ${forStack('npm run recover')}`);
  }
}

/** The same, parsed. */
export async function exportedState(root: string, stack: string): Promise<Export> {
  return JSON.parse(await exportedStack(root, stack)) as Export;
}

async function wasCutShort(root: string): Promise<boolean> {
  try {
    const backend = await stateBackend(root);
    return backend.kind === 'folder' && brokenSidecars(backend.folder).length > 0;
  } catch {
    return false; // the first error says more
  }
}

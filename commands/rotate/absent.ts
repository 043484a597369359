import { nameOf, type Export } from '../../engine/deployment.ts';
import { exportedState } from '../../engine/exportedStack.ts';
import { PulumiError } from '../../engine/pulumi.ts';
import type { StagingServices } from '../../deploys/stagingServices.ts';
import { firstFew } from '../../machine/counted.ts';
import type { Plan } from '../../rotation/plan.ts';
import { forStack } from '../../settings/stack/stackCommand.ts';

/**
 * Throws where the stack lacks a place that a rotation updates, or cannot be read: an update of some places alone cannot make
 * one, so that the rotation would stop half way.
 */
export async function refuseAbsent(
  { root, stack }: Pick<StagingServices, 'root' | 'stack'>,
  { phases }: Pick<Plan, 'phases'>,
): Promise<void> {
  const wanted = [...phases.staging, ...phases.production];
  if (wanted.length === 0) return;
  const { resources = [] } = (await stateOf(root, stack)).deployment;
  const there = new Set(resources.map(({ urn }) => nameOf(urn)));
  const absent = wanted.filter((name) => !there.has(name));
  if (absent.length === 0) return;
  throw new Error(
    `Nothing was done: the stack does not have ${firstFew(absent, 'resource')} yet. First: ${forStack('npm run adopt')} (what exists already), then ${forStack('pulumi up')}`,
  );
}

async function stateOf(root: string, stack: string): Promise<Export> {
  try {
    return await exportedState(root, stack);
  } catch (error) {
    if (!(error instanceof PulumiError)) throw error;
    throw new Error(
      `Nothing was done: the stack cannot be read, and every place is written through it.\n${error.message}`,
      { cause: error },
    );
  }
}

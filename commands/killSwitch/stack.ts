import { exportedStack } from '../../engine/exportedStack.ts';
import { pulumi } from '../../engine/pulumi.ts';
import { emergencyVariable } from '../../settings/names/names.ts';
import { netlifyResource } from '../../settings/names/resourceTypes.ts';

/** How long the stack may take before the emergency goes on without it. */
const stackLimitMs = 120_000;

/** Brings only the emergency variable to what the configuration says, through the stack. */
export async function applyThroughStack(root: string, stack: string): Promise<void> {
  const target = `**${netlifyResource(emergencyVariable)}`;
  await pulumi(['up', '--stack', stack, '--yes', '--skip-preview', '--target', target], {
    cwd: root,
    env: { STAGING_ENDS_EMERGENCY: String(process.pid) }, // the site's guard lets no other update end one
    timeoutMs: stackLimitMs,
  });
}

/** Whether the stack's state has the variable. Throws when the state cannot be read. */
export async function isInState(root: string, stack: string): Promise<boolean> {
  const text = await exportedStack(root, stack, [], { timeoutMs: 30_000 });
  return text.includes(`::${netlifyResource(emergencyVariable)}"`);
}

import { PulumiError } from '../../engine/pulumi.ts';
import { createRedactor, sensitiveValues } from '../../detection/redact.ts';
import type { StagingServices } from '../../deploys/stagingServices.ts';
import { setVariable } from '../../services/netlify/variable.ts';
import { commitCommand, configurationFile, declareValue } from '../../killSwitch/configuration.ts';
import { emergencyVariable } from '../../settings/names/names.ts';
import { readNetlify } from '../../killSwitch/netlify.ts';
import { applyThroughStack, isInState } from './stack.ts';
import { forStack } from '../../settings/stack/stackCommand.ts';

/** How the variable got its value. */
export interface EmergencyResult {
  readonly by: 'stack' | 'direct';
  /** What a person must do before the next `pulumi up`, in order. */
  readonly next: readonly string[];
}

/**
 * Sets the emergency variable in staging's contexts: written down in the configuration first, so that no later
 * `pulumi up` takes it back; then through the stack; and when the vault, the state backend or the engine is in the
 * way, directly on Netlify, that one value alone.
 */
export async function setEmergency(
  staging: StagingServices,
  change: {
    readonly value: 'true' | 'false';
    readonly note: string;
    readonly direct: boolean;
    readonly report: (line: string) => void;
  },
): Promise<EmergencyResult> {
  const { api, site } = await staging.netlify(); // before anything is written down: a bad token ends it here
  const file = configurationFile(staging.root, staging.stack);
  declareValue(file, change.value, change.note);
  change.report(`Written down in ${file}: ${emergencyVariable} is ${change.value}.`);
  const command = commitCommand(file, `${emergencyVariable} is ${change.value}`);
  const commit = command === undefined ? [] : [`${command}   # and push: others run ${forStack('pulumi up')}, too`];
  const { contexts } = staging.settings.netlify;
  if (!change.direct && (await throughStack(staging, change.report))) {
    const now = await readNetlify(api, site, contexts);
    if (contexts.every((context) => now.values[context] === change.value)) return { by: 'stack', next: commit };
    change.report('The stack ran, yet Netlify has another value. Setting it directly …');
  }
  await setVariable(api, site, emergencyVariable, change.value, contexts);
  const known = await isInState(staging.root, staging.stack).catch(() => undefined);
  const takeOver = `${forStack('npm run adopt')}   # takes the variable into the stack, without a write`;
  return { by: 'direct', next: known === true ? commit : [...commit, takeOver] };
}

async function throughStack(staging: StagingServices, report: (line: string) => void): Promise<boolean> {
  try {
    report('Applying it through the stack (this variable only) …');
    await applyThroughStack(staging.root, staging.stack);
    return true;
  } catch (error) {
    report(`The stack could not do it:\n  ${reasonLines(error).join('\n  ')}\nSetting it directly on Netlify …`);
    return false;
  }
}

/** Lines of each: of Pulumi's own failure the first, of what the program and the providers reported the last. */
const shown = 4;

function reasonLines(error: unknown): string[] {
  const redact = createRedactor(sensitiveValues(process.env));
  const words = redact(error instanceof Error ? error.message : String(error)).trim();
  const reported = error instanceof PulumiError ? error.diagnostics.map(redact) : [];
  return [...new Set([...words.split('\n').slice(0, shown), ...reported.slice(-shown)])];
}

import { RunError } from '@pulumi/pulumi';
import { auditHook } from './components/auditHook.ts';
import { outputs, type Outputs } from './components/outputs.ts';
import { StagingEnvironment } from './components/stagingEnvironment.ts';
import { openProgramTrail } from './audit/programTrail.ts';
import { productionGuards } from './guards/guards.ts';
import { guardMessages } from './guards/messages.ts';
import { printableLines } from './machine/printable.ts';
import { readDeclaredValues } from './secrets/declaredValues.ts';
import { dropDebugMessages, refuseTraces } from './secrets/traces.ts';
import { actionsAppId } from './services/github/actionsApp.ts';
import { refuseDeclaredTwice } from './guards/declaredTwice.ts';
import { fingerprintKey, stackSettings } from './settings/stack/stack.ts';

/** The program: settings → values from the vault → components → outputs. The engine runs it; nothing else is in it. */
export default async function program(): Promise<Outputs> {
  dropDebugMessages();
  guardMessages();
  await explained(refuseTraces);
  const settings = await explained(stackSettings);
  await explained(() => refuseDeclaredTwice(settings));
  const key = await explained(fingerprintKey);
  openProgramTrail(settings);
  const values = await explained(() => readDeclaredValues(settings));
  const guards = await explained(() => productionGuards(settings, values.vaultWasRead));
  const appId = await explained(actionsAppId);
  const environment = new StagingEnvironment('staging', {
    settings,
    values,
    actionsAppId: appId,
    guards: guards.hooks,
    audit: auditHook(),
  });
  guards.closeAfter(Object.values(environment.netlify.variables), environment.declared);
  return outputs(environment, settings, key);
}

/** An error of the configuration or the vault says what to do: the engine shall print that, and no stack of this program. */
async function explained<Result>(work: () => Result | Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    throw new RunError(printableLines(error instanceof Error ? error.message : String(error)));
  }
}

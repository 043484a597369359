import { outputs, type Outputs } from './components/outputs.ts';
import { StagingEnvironment } from './components/stagingEnvironment.ts';
import { productionGuards } from './guards/guards.ts';
import { readDeclaredValues } from './secrets/declaredValues.ts';
import { fingerprintKey, stackSettings } from './settings/stack.ts';

/** The program: settings → values from the vault → components → outputs. The engine runs it; nothing else is in it. */
export default async function program(): Promise<Outputs> {
  const settings = stackSettings();
  const values = await readDeclaredValues(settings);
  const environment = new StagingEnvironment('staging', { settings, values, guards: productionGuards(settings) });
  return outputs(environment, settings, fingerprintKey());
}

import { rmSync } from 'node:fs';
import { ensureRunning } from '../process/background.ts';
import { sandboxDir, sandboxPaths } from '../process/paths.ts';
import { define, ends } from '../../cli/define.ts';
import { exitCode } from '../../cli/errors.ts';
import { print } from './print.ts';

export const reset = define(
  'reset',
  'Forgets everything: the services, the vault, the log, and the stack with its state.',
).action(ends(forget));

async function forget(): Promise<number> {
  const dir = sandboxDir();
  const { control } = await ensureRunning(dir);
  const { pulumiState, pulumiHome, stack, configuration, passphrase, alerts, incidents, rotations } = sandboxPaths(dir);
  await control.reset();
  for (const path of [pulumiState, pulumiHome, stack, configuration, passphrase, alerts, incidents, rotations])
    rmSync(path, { recursive: true, force: true });
  print('The sandbox is as new.');
  return exitCode.fine;
}

import { rmSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { ensureRunning } from '../process/background.ts';
import { sandboxPaths } from '../process/paths.ts';
import { print, type Subcommand } from './subcommand.ts';

export const reset: Subcommand = {
  usage: '',
  summary: 'forget everything: the services, the vault, the log, and the stack with its state',
  async run(args, dir) {
    parseArgs({ args: [...args] });
    const { control } = await ensureRunning(dir);
    const { pulumiState, pulumiHome, stack, configuration, passphrase, alerts, incidents, rotations } =
      sandboxPaths(dir);
    await control.reset();
    for (const path of [pulumiState, pulumiHome, stack, configuration, passphrase, alerts, incidents, rotations])
      rmSync(path, { recursive: true, force: true });
    print('The sandbox is as new.');
    return 0;
  },
};

import { parseArgs } from 'node:util';
import { ensureRunning } from '../background.ts';
import { print, type Subcommand } from './subcommand.ts';

export const start: Subcommand = {
  usage: '',
  summary: 'start the stand-ins in the background (other commands do it by themselves)',
  details:
    'They end by themselves after two hours without a request; STAGING_SANDBOX_IDLE_MINUTES says another time.\n' +
    'Everything is kept in .sandbox/, or in the folder that STAGING_SANDBOX_DIR names.',
  async run(args, dir) {
    parseArgs({ args: [...args] });
    const { endpoints, pid } = await ensureRunning(dir);
    print(`The sandbox runs (process ${pid}).`);
    for (const [name, address] of Object.entries(endpoints)) print(`  ${name.padEnd(18)} ${address}`);
    return 0;
  },
};

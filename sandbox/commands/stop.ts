import { parseArgs } from 'node:util';
import { stop as stopDaemon } from '../process/background.ts';
import { print, type Subcommand } from './subcommand.ts';

export const stop: Subcommand = {
  usage: '',
  summary: 'stop them; state, log and addresses stay',
  async run(args, dir) {
    parseArgs({ args: [...args] });
    print((await stopDaemon(dir)) ? 'Stopped.' : 'The sandbox was not running.');
    return 0;
  },
};

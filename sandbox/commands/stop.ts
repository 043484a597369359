import { stop as stopDaemon } from '../process/background.ts';
import { sandboxDir } from '../process/paths.ts';
import { define, ends } from '../../cli/define.ts';
import { exitCode } from '../../cli/errors.ts';
import { print } from './print.ts';

export const stop = define('stop', 'Stops them; state, log and addresses stay.').action(
  ends(async () => {
    print((await stopDaemon(sandboxDir())) ? 'Stopped.' : 'The sandbox was not running.');
    return exitCode.fine;
  }),
);

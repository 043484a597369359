import { readLog } from '../sandbox.ts';
import type { LogEntry } from '../server/serve.ts';
import { sandboxDir } from '../process/paths.ts';
import { define, ends } from '../../cli/define.ts';
import { exitCode } from '../../cli/errors.ts';
import { flag } from '../../cli/options.ts';
import { print } from './print.ts';

export const log = define('log', 'Shows every request that the stand-ins got.')
  .addOption(flag('--writes', 'only those that changed something'))
  .addOption(flag('--json', 'one line of JSON a request'))
  .action(
    ends((options) => {
      const entries = readLog(sandboxDir()).filter(({ effects }) => !options.writes || effects.length > 0);
      for (const entry of entries) print(options.json ? JSON.stringify(entry) : line(entry));
      return exitCode.fine;
    }),
  );

function line({ time, service, method, path, query, status, effects, fault }: LogEntry): string {
  const address = query === '' ? path : `${path}?${query}`;
  const notes = [...effects, ...(fault === undefined ? [] : [`fault: ${fault}`])].join(', ');
  const answered = status === 0 ? '---' : String(status);
  return `${time}  ${service.padEnd(12)} ${answered} ${method.padEnd(6)} ${address}${notes === '' ? '' : `  [${notes}]`}`;
}

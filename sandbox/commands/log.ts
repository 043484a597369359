import { parseArgs } from 'node:util';
import { readLog } from '../sandbox.ts';
import type { LogEntry } from '../server/serve.ts';
import { print, type Subcommand } from './subcommand.ts';

export const log: Subcommand = {
  usage: '[--writes] [--json]',
  summary: 'show every request that the stand-ins got',
  details: '--writes  only those that changed something\n--json    one line of JSON a request',
  run(args, dir) {
    const options = { writes: { type: 'boolean' }, json: { type: 'boolean' } } as const;
    const { values } = parseArgs({ args: [...args], options });
    const entries = readLog(dir).filter(({ effects }) => !values.writes || effects.length > 0);
    for (const entry of entries) print(values.json ? JSON.stringify(entry) : line(entry));
    return Promise.resolve(0);
  },
};

function line({ time, service, method, path, query, status, effects, fault }: LogEntry): string {
  const address = query === '' ? path : `${path}?${query}`;
  const notes = [...effects, ...(fault === undefined ? [] : [`fault: ${fault}`])].join(', ');
  const answered = status === 0 ? '---' : String(status);
  return `${time}  ${service.padEnd(12)} ${answered} ${method.padEnd(6)} ${address}${notes === '' ? '' : `  [${notes}]`}`;
}

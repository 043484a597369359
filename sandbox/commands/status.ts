import { parseArgs } from 'node:util';
import { connect } from '../standIns/control/client.ts';
import { readEndpoints } from '../process/endpoints.ts';
import { readLog } from '../sandbox.ts';
import { print, type Subcommand } from './subcommand.ts';
import { columns } from '../../machine/columns.ts';

export const status: Subcommand = {
  usage: '[--json]',
  summary: 'say what runs where',
  async run(args, dir) {
    const { values } = parseArgs({ args: [...args], options: { json: { type: 'boolean' } } });
    const running = await connect(dir);
    const log = readLog(dir);
    const state = {
      running: running !== undefined,
      ...(running && { pid: running.pid }),
      dir,
      endpoints: (readEndpoints(dir)?.services ?? {}) as Readonly<Record<string, string>>,
      requests: log.length,
      writes: log.filter(({ effects }) => effects.length > 0).length,
      faults: running ? (await running.control.faults()).length : 0,
    };
    if (values.json) {
      print(JSON.stringify(state, undefined, 2));
      return 0;
    }
    print(running ? `The sandbox runs (process ${running.pid}).` : 'The sandbox does not run.');
    print(`  folder             ${state.dir}`);
    if (running) for (const line of columns(Object.entries(state.endpoints), '  ')) print(line);
    print(`  requests           ${state.requests}, of which ${state.writes} changed something`);
    if (state.faults > 0) print(`  fault rules        ${state.faults}`);
    return 0;
  },
};
